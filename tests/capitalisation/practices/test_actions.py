"""Writing, proposing and publishing a good practice; what a workshop leaves."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.corpus.actions import add_pseudonym
from capitalisation.corpus.models import Circle, QuoteLevel, Text, TextKind
from capitalisation.interviews.actions import withdraw_consent
from capitalisation.practices import actions
from capitalisation.practices.models import GoodPractice, PracticeState, Workshop
from capitalisation.practices.queries import (
    held_workshops,
    missions_behind,
    published,
    verbatims_of,
)
from explor import clock
from explor.ui.errors import Refusal, Stale
from tests.capitalisation.story import Story


def draft(story: Story, **changes: Any) -> GoodPractice:
    data = {"title": "Se parler avant", "summary": "Des mois d’échanges.", "body": "On se connaît."}
    data |= {"programme": story.world.programme, **changes}
    return actions.save_practice(None, data, actor=story.world.researcher)


def test_practice_is_published_by_a_second_person(story: Story) -> None:
    story.hear("Nous avons échangé pendant six mois.")
    practice = draft(story)
    actions.set_evidence(practice, story.excerpts, actor=story.world.researcher)
    actions.propose_practice(practice, actor=story.world.researcher)
    with pytest.raises(PermissionDenied):
        actions.approve_practice(practice, actor=story.world.researcher)
    practice = actions.approve_practice(practice, actor=story.world.coordinator)
    assert practice.state == PracticeState.PUBLISHED
    assert list(published()) == [practice]


def test_practice_without_text_nor_passage_names_everything_that_lacks(story: Story) -> None:
    practice = draft(story, summary="", body="")
    with pytest.raises(Refusal) as refusal:
        actions.propose_practice(practice, actor=story.world.researcher)
    assert refusal.value.reason == (
        "Il manque : la phrase de résumé, le texte, au moins un passage du corpus."
    )


def test_saving_a_published_practice_asks_for_a_new_reading(story: Story) -> None:
    story.hear("Nous avons échangé pendant six mois.")
    practice = story.practise(*story.excerpts)
    actions.save_practice(practice, {"body": "Autre texte."}, actor=story.world.researcher)
    assert not published().exists()


def test_stale_save_writes_nothing(story: Story) -> None:
    practice = draft(story)
    actions.save_practice(practice, {"body": "Premier."}, actor=story.world.researcher, version=1)
    with pytest.raises(Stale):
        actions.save_practice(
            practice, {"body": "Second."}, actor=story.world.coordinator, version=1
        )
    practice.refresh_from_db()
    assert practice.body == "Premier."


def test_two_practices_do_not_bear_one_title(story: Story) -> None:
    draft(story)
    with pytest.raises(Refusal, match="déjà ce titre"):
        draft(story)


@pytest.mark.parametrize("role", ["osim", "volunteer", "committee", "administrator", "stranger"])
def test_practice_is_not_written_by(story: Story, role: str) -> None:
    data = {"title": "Se parler", "programme": story.world.programme}
    with pytest.raises(PermissionDenied):
        actions.save_practice(None, data, actor=story.world.person(role))


def test_missions_behind_come_from_the_passages(story: Story) -> None:
    story.hear("Au premier village.", mission=story.missions[0])
    story.hear("Au second village.", mission=story.missions[1])
    practice = draft(story)
    actions.set_evidence(practice, story.excerpts, actor=story.world.researcher)
    assert list(missions_behind(practice)) == story.missions[:2]


def test_withdrawn_consent_takes_the_passage_and_its_mission_away(story: Story) -> None:
    interview = story.hear("Je ne veux plus être citée.")
    practice = story.practise(*story.excerpts)
    assert [excerpt.quote for excerpt in verbatims_of(practice)] == ["Je ne veux plus être citée."]
    withdraw_consent(interview, actor=None)
    assert verbatims_of(practice) == []
    assert not missions_behind(practice).exists()


def test_workshop_notes_join_the_corpus_once(story: Story) -> None:
    held = {
        "title": "Atelier d’automne",
        "held_on": date(2025, 10, 2),
        "place": "Lille",
        "participants": 12,
        "notes": "Une première idée.\n\nUne seconde idée.",
        "actor": story.world.coordinator,
    }
    workshop = actions.hold_workshop(story.world.programme, **held)
    assert actions.hold_workshop(story.world.programme, **held) == workshop
    text = Text.objects.get(kind=TextKind.WORKSHOP)
    assert text.source == f"workshop:{workshop.pk}"
    assert text.versions.get(kind="pseudonymised").blocks.count() == 2
    # nobody was asked
    assert (text.quote_level, text.circle) == (QuoteLevel.NONE, Circle.TEAM)


def test_what_was_accepted_in_a_workshop_is_asked_then_or_later(story: Story) -> None:
    world = story.world
    add_pseudonym(story.missions[0], term="Hélène", replacement="une élue", actor=None)
    workshop = actions.hold_workshop(
        world.programme,
        title="Atelier",
        held_on=date(2025, 10, 2),
        place="",
        participants=3,
        notes="HELENE l’a dit.",
        actor=world.coordinator,
    )
    [held] = held_workshops(world.committee)
    assert held.notes == ""
    assert held_workshops(world.researcher)[0].notes == "une élue l’a dit."
    answers = {"quote_level": QuoteLevel.ANONYMOUS, "circle": Circle.COMMITTEE}
    with pytest.raises(PermissionDenied):
        actions.answer_for_workshop(workshop, **answers, actor=world.committee)
    with pytest.raises(Refusal, match="sans nom ni fonction"):
        actions.answer_for_workshop(
            workshop, quote_level=QuoteLevel.NAMED, circle=Circle.PUBLIC, actor=world.researcher
        )
    text = actions.answer_for_workshop(workshop, **answers, actor=world.coordinator)
    assert (text.quote_level, text.circle) == (QuoteLevel.ANONYMOUS, Circle.COMMITTEE)
    assert held_workshops(world.committee)[0].notes == "une élue l’a dit."


def test_workshop_is_refused_to_the_committee_and_before_its_day(story: Story) -> None:
    held = {"title": "Atelier", "place": "", "participants": 3, "notes": "Une idée."}
    programme, world = story.world.programme, story.world
    with pytest.raises(PermissionDenied):
        actions.hold_workshop(programme, **held, held_on=date(2025, 1, 1), actor=world.committee)
    with clock.at(date(2025, 1, 1)), pytest.raises(Refusal, match="pas encore eu lieu"):
        actions.hold_workshop(programme, **held, held_on=date(2025, 2, 1), actor=world.researcher)
    assert not Workshop.objects.exists()
