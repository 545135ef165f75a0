"""What is published is read again as soon as it, or what it rests on, has changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from capitalisation.coding.actions import drop_passage, keep_passage
from capitalisation.corpus.actions import add_pseudonym
from capitalisation.interviews.actions import delete_interview, save_answers, withdraw_consent
from capitalisation.practices import actions
from capitalisation.practices.models import GoodPractice, PracticeState
from capitalisation.practices.queries import published, verbatims_of
from explor import clock
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.dossier.work import work_of
from tests.capitalisation.story import Story

As = Callable[[str], Client]


def fresh(practice: GoodPractice) -> GoodPractice:
    return GoodPractice.objects.get(pk=practice.pk)


def waits_for(story: Story, *roles: str) -> set[str]:
    """Whose « Mon travail » holds a practice."""
    return {
        role
        for role in ("researcher", "coordinator", "committee", "administrator", "osim", "volunteer")
        if any(
            errand.kicker.startswith("Bonne pratique")
            for errand in work_of(story.world.person(role)).errands.to_do
        )
    }


@pytest.mark.parametrize("change", ["added", "removed", "order"])
def test_changed_evidence_of_a_published_practice_is_read_again(story: Story, change: str) -> None:
    for said in ("Une parole.", "Une autre.", "Une troisième."):
        story.hear(said)
    first, second, third = story.excerpts
    practice = story.practise(first, second)
    chosen = {"added": [first, second, third], "removed": [second], "order": [second, first]}
    actions.set_evidence(practice, chosen[change], actor=story.world.researcher)
    assert fresh(practice).state == PracticeState.DRAFT
    assert not published().exists()


def test_same_evidence_leaves_a_published_practice_alone(story: Story) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    actions.set_evidence(practice, story.excerpts, actor=story.world.researcher)
    assert published().exists()


def test_second_reader_cannot_swap_the_evidence_then_approve(story: Story) -> None:
    story.hear("Une parole.")
    story.hear("Une autre.")
    practice = story.practise(story.excerpts[0])
    actions.return_practice(practice, because="À revoir.", actor=story.world.coordinator)
    actions.propose_practice(practice, actor=story.world.researcher)
    actions.set_evidence(practice, story.excerpts[1:], actor=story.world.coordinator)
    with pytest.raises(Refusal, match="Aucune relecture"):
        actions.approve_practice(practice, actor=story.world.coordinator)


def test_approval_is_of_the_proposal_that_was_read(story: Story, as_role: As) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    actions.return_practice(practice, because="À revoir.", actor=story.world.coordinator)
    read = actions.propose_practice(practice, actor=story.world.researcher).proposal
    with clock.at(clock.now() + timedelta(minutes=5)):
        actions.save_practice(practice, {"body": "Tout autre chose."}, actor=story.world.researcher)
        again = actions.propose_practice(practice, actor=story.world.researcher)
    url = reverse("practice_step", args=[practice.slug, "approuver"])
    client = as_role("coordinator")
    client.post(url, {"proposed_at": read})
    assert fresh(practice).state == PracticeState.PROPOSED
    page = client.get(practice.get_absolute_url()).content.decode()
    assert again.proposal in page
    client.post(url, {"proposed_at": again.proposal})
    assert fresh(practice).state == PracticeState.PUBLISHED


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_practice_with_no_passage_left_leaves_the_public_pages(
    story: Story, as_role: As, how: str
) -> None:
    interview = story.hear("Je reprends ma parole.")
    practice = story.practise(*story.excerpts)
    assert waits_for(story) == set()
    if how == "withdrawn":
        withdraw_consent(interview, actor=None)
    else:
        delete_interview(interview, actor=None, because="À sa demande.")
    practice = fresh(practice)
    assert practice.state == PracticeState.PROPOSED
    assert "Plus aucun passage" in practice.to_reread
    assert Client().get(reverse("practice", args=[practice.slug])).status_code == 404
    assert practice.title not in Client().get(reverse("practice_list")).content.decode()
    assert waits_for(story) == {"researcher", "coordinator"}
    assert "À relire" in as_role("coordinator").get(practice.get_absolute_url()).content.decode()
    with pytest.raises(Refusal, match="Plus aucun passage"):
        actions.approve_practice(practice, actor=story.world.coordinator)


def test_practice_that_lost_one_of_its_passages_stays_and_is_looked_at(story: Story) -> None:
    story.hear("Je reste.")
    gone = story.hear("Je reprends ma parole.")
    practice = story.practise(*story.excerpts)
    withdraw_consent(gone, actor=None)
    assert published().get().to_reread
    assert waits_for(story) == {"researcher", "coordinator"}
    actions.keep_practice(practice, actor=story.world.coordinator)
    assert waits_for(story) == set()
    assert published().get().to_reread == ""


def test_new_passages_then_a_second_reading_bring_it_back(story: Story) -> None:
    gone = story.hear("Je reprends ma parole.")
    practice = story.practise(*story.excerpts)
    withdraw_consent(gone, actor=None)
    story.hear("Une autre parole.")
    actions.set_evidence(practice, story.excerpts[1:], actor=story.world.researcher)
    actions.propose_practice(practice, actor=story.world.researcher)
    actions.approve_practice(practice, actor=story.world.coordinator)
    assert published().get().to_reread == ""


def test_proposed_practice_waits_for_who_may_approve_it(story: Story, as_role: As) -> None:
    story.hear("Une parole.")
    practice = story.practise(*story.excerpts)
    actions.return_practice(practice, because="À revoir.", actor=story.world.coordinator)
    assert Notice.objects.filter(recipient=story.world.researcher, event="reread").exists()
    actions.propose_practice(practice, actor=story.world.researcher)
    assert waits_for(story) == {"coordinator", "administrator"}
    for role in ("coordinator", "administrator"):
        page = as_role(role).get("/accueil/").content.decode()
        assert practice.title in page
        assert as_role(role).get(practice.get_absolute_url()).status_code == 200


def test_a_practice_whose_passage_changed_of_words_is_read_again(story: Story) -> None:
    story.hear("À Ouidah, on nous attendait.", mission=story.missions[0])
    other = story.hear("Une parole d’ailleurs.", mission=story.missions[0])
    practice = story.practise(story.excerpts[0])
    beside = story.practise(story.excerpts[1], title="Une autre")
    add_pseudonym(story.missions[0], term="Ouidah", replacement="la ville", actor=None)
    assert "mots d’un passage" in fresh(practice).to_reread
    assert "Ouidah" not in fresh(practice).to_reread
    assert fresh(practice).state == PracticeState.PUBLISHED
    assert verbatims_of(fresh(practice)) == []
    assert fresh(beside).to_reread == ""
    question = other.guide.questions.get()
    save_answers(other, {question.pk: "Tout autre chose, dite autrement."}, actor=None)
    assert fresh(beside).state == PracticeState.PROPOSED


def test_words_that_changed_are_public_only_once_read_again(story: Story) -> None:
    story.hear("Nous avons parlé avec Awa.")
    practice = story.practise(*story.excerpts)
    add_pseudonym(story.missions[0], term="Awa", replacement="une collègue", actor=None)
    assert verbatims_of(fresh(practice)) == []
    keep_passage(story.excerpts[0], actor=story.world.researcher)
    assert verbatims_of(fresh(practice)) == []
    actions.keep_practice(practice, actor=story.world.coordinator)
    assert [row.quote for row in verbatims_of(fresh(practice))] == [
        "Nous avons parlé avec une collègue."
    ]


def test_practice_whose_last_passage_is_dropped_leaves_the_public_pages(story: Story) -> None:
    story.hear("Nous avons parlé avec Awa.")
    practice = story.practise(*story.excerpts)
    add_pseudonym(story.missions[0], term="Awa", replacement="une collègue", actor=None)
    drop_passage(story.excerpts[0], actor=story.world.researcher)
    assert fresh(practice).state == PracticeState.PROPOSED
    assert waits_for(story) == {"researcher", "coordinator"}


def test_focus_whose_passage_is_withdrawn_waits_for_who_writes_it(story: Story) -> None:
    gone = story.hear("Je reprends ma parole.")
    focus = story.focus(*story.excerpts)
    withdraw_consent(gone, actor=None)
    focus.refresh_from_db()
    assert focus.to_reread
    for role, expected in (("researcher", [focus.title]), ("coordinator", [])):
        found = work_of(story.world.person(role)).errands.to_do
        assert [row.title for row in found if row.kicker.startswith("Focus")] == expected
