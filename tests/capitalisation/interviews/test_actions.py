from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.coding.actions import code_passage
from capitalisation.coding.models import Code, Codebook, Excerpt
from capitalisation.coding.queries import excerpts_for, quotable
from capitalisation.corpus.models import Circle, QuoteLevel, Text
from capitalisation.corpus.queries import reading_version, texts_for
from capitalisation.interviews.actions import (
    complete_interview,
    delete_interview,
    plan_interview,
    save_answers,
    withdraw_consent,
)
from capitalisation.interviews.models import Answer, Consent, Interview, InterviewState
from capitalisation.interviews.queries import interviews_for, pairs, uses_of
from capitalisation.practices.actions import save_practice, set_evidence
from explor import clock
from explor.journal.models import Entry
from explor.notifications.models import Notice
from explor.ui.errors import Refusal, Stale
from missions.lifecycle import Kind, State
from tests.capitalisation.corpus.samples import agree, make_guide, make_interview
from tests.factories import World, make_person


def test_planning_twice_with_one_token_makes_one_interview(world: World) -> None:
    mission = world.mission(State.PREPARATION)
    token = uuid4()
    made = [
        plan_interview(
            mission,
            guide=make_guide(world.programme),
            person_label="Volontaire A",
            person=world.volunteer,
            actor=world.researcher,
            token=token,
        )
        for _ in range(2)
    ]
    assert made[0].pk == made[1].pk
    assert Interview.objects.count() == 1
    assert made[0].interviewer == world.researcher
    assert Notice.objects.get().recipient == world.volunteer


@pytest.mark.parametrize("role", ["coordinator", "osim", "administrator", "stranger"])
def test_only_researchers_plan(world: World, role: str) -> None:
    mission = world.mission(State.PREPARATION)
    with pytest.raises(PermissionDenied):
        plan_interview(
            mission,
            guide=make_guide(world.programme),
            person_label="A",
            actor=world.person(role),
        )
    assert not Interview.objects.exists()


def test_nothing_is_written_before_consent(world: World) -> None:
    interview = make_interview(world.mission(State.PREPARATION), None)
    question = interview.guide.questions.all()[0]
    with pytest.raises(Refusal, match="accord"):
        save_answers(interview, {question.pk: "Bonjour"}, actor=world.researcher)
    with pytest.raises(Refusal, match="accord"):
        complete_interview(interview, held_on=clock.today(), actor=world.researcher)
    assert not Answer.objects.exists()


def test_refusing_notes_and_transcription_refuses_answers(world: World) -> None:
    interview = make_interview(world.mission(State.PREPARATION), None)
    agree(interview, notes=False, audio=True)
    question = interview.guide.questions.all()[0]
    with pytest.raises(Refusal, match="ni prise de notes ni transcription"):
        save_answers(interview, {question.pk: "Bonjour"}, actor=world.researcher)


def test_a_consent_needs_a_proof_and_a_past_day(world: World) -> None:
    interview = make_interview(world.mission(State.PREPARATION), None)
    with pytest.raises(Refusal, match="preuve"):
        agree(interview, proof=" ")
    with pytest.raises(Refusal, match="futur"):
        agree(interview, collected_on=clock.today() + timedelta(days=1))
    assert not Consent.objects.exists()


def test_a_held_interview_joins_the_corpus_and_ticks_its_milestone(world: World) -> None:
    mission = world.mission(State.PREPARATION)
    interview = make_interview(
        mission,
        "🍅 J’attends beaucoup.",
        person_function="Cheffe de cuisine",
        quote_level=QuoteLevel.FUNCTION,
        is_example=True,
    )
    text = interview.text
    assert text is not None
    assert text.source == f"interview:{interview.uuid}"
    assert (text.moment, text.audience, text.is_example) == ("before", "volunteer", True)
    assert text.attribution == "Cheffe de cuisine"
    block = reading_version(text).blocks.get()
    assert (block.question, block.theme) == ("Qu’attendez-vous de la mission ?", "attentes")
    milestone = mission.milestones.get(kind=Kind.INTERVIEW_BEFORE_VOLUNTEER)
    assert milestone.done_on == clock.today()
    assert mission.milestones.get(kind=Kind.INTERVIEW_BEFORE_OSIM).done_on is None


def test_a_name_enters_the_corpus_only_when_the_person_wants_it(world: World) -> None:
    mission = world.mission(State.PREPARATION)
    discreet = make_interview(mission, person=world.volunteer)
    named = make_interview(mission, person=world.volunteer, quote_level=QuoteLevel.NAMED)
    assert discreet.text and named.text
    assert discreet.text.attribution_name == ""
    assert named.text.attribution == "Camille Exemple"


def test_correcting_a_held_interview_corrects_its_text(world: World) -> None:
    interview = make_interview(world.mission(State.PREPARATION))
    question = interview.guide.questions.all()[0]
    save_answers(interview, {question.pk: "Corrigé."}, actor=world.researcher)
    assert interview.text is not None
    assert reading_version(interview.text).body == "Corrigé."


def test_a_stale_save_is_refused_and_changes_nothing(world: World) -> None:
    interview = make_interview(world.mission(State.PREPARATION))
    question = interview.guide.questions.all()[0]
    with pytest.raises(Stale) as caught:
        save_answers(interview, {question.pk: "Autre."}, actor=world.researcher, version=1)
    assert caught.value.version == interview.version
    assert Answer.objects.get().text == "Une réponse d’essai."


def test_answers_are_to_the_questions_of_the_guide(world: World) -> None:
    mission = world.mission(State.PREPARATION)
    interview = make_interview(mission)
    other = make_guide(world.programme, "after").questions.all()[0]
    with pytest.raises(Refusal, match="guide"):
        save_answers(interview, {other.pk: "x"}, actor=world.researcher)


def test_a_withdrawn_consent_hides_the_words_everywhere(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_interview(mission, person=world.volunteer)
    interview = make_interview(mission, moment="after", person=world.volunteer)
    assert len(pairs(world.programme)) == 1
    withdraw_consent(interview, actor=world.volunteer)
    interview.refresh_from_db()
    assert interview.consent.withdrawn_by == world.volunteer
    assert interview.text is not None and interview.text.quote_level == QuoteLevel.NONE
    assert interview.text not in texts_for(world.researcher)
    assert pairs(world.programme) == []
    notice = Notice.objects.get(event="consent_withdrawn")
    assert notice.recipient == world.researcher
    question = interview.guide.questions.all()[0]
    with pytest.raises(Refusal, match="retiré"):
        save_answers(interview, {question.pk: "x"}, actor=world.researcher)
    with pytest.raises(Refusal, match="retiré"):
        agree(interview)


def test_withdrawing_twice_is_once(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    first = withdraw_consent(interview, actor=world.volunteer).consent.withdrawn_at
    assert withdraw_consent(interview, actor=world.volunteer).consent.withdrawn_at == first
    assert Entry.objects.filter(verb="capitalisation.withdraw_consent").count() == 1


@pytest.mark.parametrize("role", ["coordinator", "administrator", "osim", "other_volunteer"])
def test_others_do_not_withdraw_a_consent(world: World, role: str) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    with pytest.raises(PermissionDenied):
        withdraw_consent(interview, actor=world.person(role))
    interview.refresh_from_db()
    assert interview.consent.withdrawn_at is None


def test_deleting_erases_words_and_keeps_the_reason(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), "Un secret de mangrove.")
    delete_interview(interview, actor=world.researcher, because="À la demande de la personne")
    assert not Interview.objects.exists()
    assert not Text.objects.exists()
    assert not Answer.objects.exists()
    kept = list(Entry.objects.values_list("text", "reason", "data"))
    assert "mangrove" not in str(kept)
    assert "À la demande de la personne" in str(kept)


def test_deleting_needs_a_reason_and_the_right(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    with pytest.raises(Refusal, match="raison"):
        delete_interview(interview, actor=world.researcher, because=" ")
    with pytest.raises(PermissionDenied):
        delete_interview(interview, actor=world.administrator, because="ménage")
    assert Interview.objects.exists()


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("researcher", True),
        ("volunteer", True),
        ("coordinator", False),
        ("other_coordinator", False),
        ("osim", False),
        ("other_volunteer", False),
        ("committee", False),
        ("administrator", False),
        ("stranger", False),
    ],
)
def test_who_may_open_an_interview(world: World, role: str, opens: bool) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    person = world.person(role)
    assert interviews_for(person).filter(pk=interview.pk).exists() is opens
    assert person.has_perm("capitalisation.view_interview", interview) is opens


def test_a_coordinator_opens_what_they_led(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    Interview.objects.filter(pk=interview.pk).update(interviewer=world.coordinator)
    assert list(interviews_for(world.coordinator)) == [interview]


def test_pairs_put_before_beside_after_for_one_person(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    mission.pseudonyms.create(term="Ouidah", replacement="une commune")
    make_interview(mission, "J’attends Ouidah.", person=world.volunteer, person_label="A")
    make_interview(
        mission, "J’ai vu Ouidah.", moment="after", person=world.volunteer, person_label="B"
    )
    make_interview(mission, "Autre voix.", moment="after", person_label="C")
    [pair] = pairs(world.programme)
    assert (pair.before, pair.after) == ("J’attends une commune.", "J’ai vu une commune.")
    assert pair.key == "attentes"


def test_pairs_fall_back_on_the_label_without_an_account(world: World) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_interview(mission, "Avant.", person_label="Présidente")
    make_interview(mission, "Après.", moment="after", person_label="présidente ")
    assert [(pair.before, pair.after) for pair in pairs(world.programme)] == [("Avant.", "Après.")]


def test_uses_are_empty_before_any_coding(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    assert not uses_of(interview)
    assert interview.state == InterviewState.DONE


def test_the_consent_is_what_the_text_may_be_quoted_at(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    agree(interview, quote_level=QuoteLevel.NONE, circle=Circle.TEAM)
    text = Text.objects.get()
    assert (text.quote_level, text.circle) == (QuoteLevel.NONE, Circle.TEAM)


def test_a_researcher_of_another_network_sees_no_interview(world: World) -> None:
    stranger = make_person(world.stranger.memberships.get().organisation, "researcher")
    make_interview(world.mission(State.CAPITALISATION))
    assert not interviews_for(stranger).exists()


def code_first_words(interview: Interview, world: World) -> Excerpt:
    """A passage of the interview, coded and resting under a good practice."""
    assert interview.text is not None
    version = reading_version(interview.text)
    book, _ = Codebook.objects.get_or_create(programme=world.programme)
    code, _ = Code.objects.get_or_create(codebook=book, slug="attentes", label="Attentes")
    coding = code_passage(
        version,
        start=0,
        end=9,
        quote=version.body[:9],
        sha256=version.sha256,
        code=code,
        actor=world.researcher,
    )
    practice = save_practice(
        None, {"programme": world.programme, "title": "Écouter avant"}, actor=None
    )
    set_evidence(practice, [coding.excerpt], actor=None)
    return coding.excerpt


def test_uses_name_the_places_where_the_words_serve(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    code_first_words(interview, world)
    found = uses_of(interview)
    assert (found.passages, found.codes) == (1, 1)
    assert [place.title for place in found.places] == ["Écouter avant"]


def test_a_withdrawn_consent_leaves_nothing_to_quote(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    excerpt = code_first_words(interview, world)
    assert list(quotable(Excerpt.objects.all())) == [excerpt]
    withdraw_consent(interview, actor=world.volunteer)
    assert list(quotable(Excerpt.objects.all())) == []
    assert list(excerpts_for(world.researcher, world.programme)) == []


def test_deleting_a_coded_interview_takes_its_passages(world: World) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    code_first_words(interview, world)
    delete_interview(interview, actor=world.researcher, because="À sa demande")
    assert not Excerpt.objects.exists()
    assert not Text.objects.exists()
