"""Asking for corrections, answering them, settling; the time they take."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from explor import clock
from explor.accounts.models import User
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.lifecycle import Kind
from missions.request.actions import save_request
from missions.request.correcting import (
    answer_correction,
    ask_again,
    ask_corrections,
    settle_correction,
)
from missions.request.corrections import (
    Correction,
    asked_fields,
    silent_since,
    waiting_since,
    waiting_time,
)
from missions.review.actions import save_review
from tests.factories import World
from tests.missions.request.sample import full_answers
from tests.missions.review.samples import FULL


def filled(world: World, **changes: Any) -> Mission:
    """A whole request, in review."""
    mission = world.mission("submitted")
    save_request(mission, full_answers() | changes, actor=None, version=None)
    return advance(mission, "start_review", actor=world.coordinator)


def ask(mission: Mission, world: World, **questions: str) -> list[Correction]:
    asked = questions or {"need": "Combien de personnes ?"}
    return ask_corrections(mission, asked, actor=world.coordinator, token=uuid4())


def write(mission: Mission, world: World, **answers: Any) -> Mission:
    return save_request(mission, answers, actor=world.osim, version=None)


def test_association_corrects_what_is_asked_and_the_difference_is_kept(world: World) -> None:
    mission = filled(world)
    (row,) = ask(mission, world)
    assert list(asked_fields(Mission.objects.get(pk=mission.pk))) == ["need"]
    write(mission, world, need="Les tomates se perdent : trente familles.")
    row = answer_correction(row, actor=world.osim)
    assert row.before == "Les tomates se perdent à la récolte."
    assert row.after == "Les tomates se perdent : trente familles."
    assert asked_fields(Mission.objects.get(pk=mission.pk)) == {}
    assert Notice.objects.filter(recipient=world.coordinator, event="request_corrected").exists()
    settle_correction(row, actor=world.coordinator)
    assert Correction.objects.get().settled_by == world.coordinator


def test_only_the_answers_asked_may_change_in_review(world: World) -> None:
    mission = filled(world)
    with pytest.raises(PermissionDenied):
        write(mission, world, need="Autre chose")
    ask(mission, world)
    with pytest.raises(Refusal, match="Le problème à résoudre"):
        write(mission, world, need="Autre chose", problem="Autre problème")
    mission.refresh_from_db()
    assert mission.request.need == "Les tomates se perdent à la récolte."
    write(mission, world, need="Autre chose", problem="La recette ne se garde pas plus d’un mois.")
    mission.request.refresh_from_db()
    assert mission.request.need == "Autre chose"


def test_answered_correction_closes_the_answer_again(world: World) -> None:
    mission = filled(world)
    (row,) = ask(mission, world)
    answer_correction(row, answer="Déjà dit plus bas", actor=world.osim)
    with pytest.raises(PermissionDenied):
        write(mission, world, need="Encore autre chose")


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "other_coordinator", "administrator"])
def test_answering_is_refused_to_others(world: World, role: str) -> None:
    (row,) = ask(filled(world), world)
    with pytest.raises(PermissionDenied):
        answer_correction(row, answer="x", actor=world.person(role))


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "administrator"])
def test_asking_and_settling_are_refused_to_others(world: World, role: str) -> None:
    mission, actor = filled(world), world.person(role)
    (row,) = ask(mission, world)
    with pytest.raises(PermissionDenied):
        ask_corrections(mission, {"problem": "x"}, actor=actor, token=uuid4())
    with pytest.raises(PermissionDenied):
        settle_correction(row, actor=actor)


def test_answer_that_changes_nothing_says_why(world: World) -> None:
    (row,) = ask(filled(world), world)
    with pytest.raises(Refusal, match="n’a pas changé"):
        answer_correction(row, actor=world.osim)
    row = answer_correction(row, answer="C’est bien tout le village.", actor=world.osim)
    assert not row.changed
    with pytest.raises(Refusal, match="déjà reçu"):
        answer_correction(row, answer="Encore", actor=world.osim)


def test_pending_correction_holds_the_committee(world: World) -> None:
    mission = filled(world)
    save_review(mission, FULL, actor=world.coordinator)
    (row,) = ask(mission, world)
    with pytest.raises(Refusal, match=r"la correction de .*Le besoin"):
        advance(mission, "send_to_committee", actor=world.coordinator)
    answer_correction(row, answer="Voilà", actor=world.osim)
    with pytest.raises(Refusal, match=r"l’accord sur .*Le besoin"):
        advance(mission, "send_to_committee", actor=world.coordinator)
    settle_correction(row, actor=world.coordinator)
    assert advance(mission, "send_to_committee", actor=world.coordinator).state == "committee"


def test_milestone_says_whose_turn_it_is(world: World) -> None:
    mission = filled(world)
    (row,) = ask(mission, world)
    milestone = mission.milestones.get(kind=Kind.CORRECTIONS)
    assert (milestone.owner_role, milestone.done_on) == ("osim", None)
    answer_correction(row, answer="Voilà", actor=world.osim)
    milestone.refresh_from_db()
    assert (milestone.owner_role, milestone.done_on) == ("coordinator", None)
    settle_correction(row, actor=world.coordinator)
    milestone.refresh_from_db()
    assert milestone.done_on == clock.today()


def test_asking_again_keeps_the_first_answer(world: World) -> None:
    mission = filled(world)
    (row,) = ask(mission, world)
    answer_correction(row, answer="Voilà", actor=world.osim)
    token = uuid4()
    again = ask_again(row, question="Et les jeunes ?", actor=world.coordinator, token=token)
    assert ask_again(row, question="Et les jeunes ?", actor=world.coordinator, token=token) == again
    row.refresh_from_db()
    assert row.is_settled and row.answer == "Voilà"
    assert list(asked_fields(Mission.objects.get(pk=mission.pk))) == ["need"]
    assert Correction.objects.count() == 2


def test_same_form_sent_twice_asks_once(world: World) -> None:
    mission, token = filled(world), uuid4()
    for _ in range(2):
        ask_corrections(
            mission, {"need": "Qui ?", "budget": ""}, actor=world.coordinator, token=token
        )
    assert Correction.objects.count() == 1
    assert Notice.objects.filter(event="request_correction").count() == 1


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ({}, "au moins une réponse"),
        ({"need": "  "}, "au moins une réponse"),
        ({"sworn": "Vraiment ?"}, "n’existe pas"),
        ({"password": "?"}, "n’existe pas"),
    ],
)
def test_asking_refuses_nonsense(world: World, questions: dict[str, str], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        ask_corrections(filled(world), questions, actor=world.coordinator, token=uuid4())


def test_one_correction_at_a_time_on_an_answer(world: World) -> None:
    mission = filled(world)
    ask(mission, world)
    with pytest.raises(Refusal, match=r"déjà demandée sur .*Le besoin"):
        ask(mission, world)


def test_corrections_belong_to_the_review(world: World) -> None:
    mission = world.mission("committee")
    with pytest.raises(Refusal, match="pendant l’instruction"):
        ask(mission, world)


def test_mail_carries_what_is_asked(world: World) -> None:
    mission = filled(world)
    ask(mission, world, need="Combien de familles ?", budget="Le visa manque.")
    mail = OutboxMail.objects.get(event="request_correction")
    assert "Combien de familles ?" in mail.text and "Le visa manque." in mail.text
    assert mail.to_email == world.osim.email


def lived(mission: Mission, world: World, spans: list[tuple[str, int, int | None]]) -> None:
    """Corrections asked and answered on days of March: (answer, asked, answered)."""
    for key, asked, answered in spans:
        with clock.at(date(2026, 3, asked)):
            (row,) = ask(mission, world, **{key: "?"})
        if answered is not None:
            with clock.at(date(2026, 3, answered)):
                answer_correction(row, answer="Voilà", actor=world.osim)


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([], 0),
        ([("need", 2, 5)], 3),
        ([("need", 2, 5), ("problem", 4, 8)], 6),
        ([("need", 2, 10), ("problem", 3, 4)], 8),
        ([("need", 2, 3), ("problem", 6, 8)], 3),
        ([("need", 10, None)], 10),
    ],
)
def test_waiting_time_counts_what_overlaps_once(
    world: World, spans: list[tuple[str, int, int | None]], days: int
) -> None:
    mission = filled(world)
    lived(mission, world, spans)
    with clock.at(date(2026, 3, 20)):
        assert waiting_time(mission) == timedelta(days=days)


def test_waiting_stops_when_the_request_leaves_the_review(world: World) -> None:
    mission = filled(world)
    lived(mission, world, [("need", 2, None)])
    with clock.at(date(2026, 3, 9)):
        mission = advance(mission, "withdraw", actor=world.osim, reason="Plus tard")
    with clock.at(date(2026, 3, 30)):
        assert waiting_time(mission) == timedelta(days=7)
        assert waiting_since(mission) is None


def test_silence_is_counted_from_the_oldest_correction_owed(world: World) -> None:
    mission = filled(world)
    lived(mission, world, [("need", 2, 4), ("problem", 3, None), ("skills", 6, None)])
    since = waiting_since(mission)
    assert since is not None and since.day == 3
    assert [row.pk for row, _ in silent_since(since)] == [mission.pk]
    assert silent_since(since - timedelta(hours=1)) == []


def where(mission: Mission, user: User) -> str:
    """« Où en est-on ? » as `user` reads it."""
    return str(page_context(find_mission(user, mission.reference), user, "mission")["where"])


def test_where_we_are_says_whose_turn_it_is_and_counts_the_wait_apart(world: World) -> None:
    mission = filled(world)
    assert "c’est à vous d’instruire" in where(mission, world.coordinator)
    with clock.at(date(2026, 3, 2)):
        (row,) = ask(mission, world)
    assert "c’est à vous de répondre aux corrections demandées" in where(mission, world.osim)
    said = where(mission, world.coordinator)
    assert "c’est à l’association de répondre aux corrections demandées" in said
    assert "réponse de l’association attendue depuis le 2\u00a0mars\u00a02026" in said
    with clock.at(date(2026, 3, 7)):
        answer_correction(row, answer="Voilà", actor=world.osim)
    said = where(mission, world.coordinator)
    assert "c’est à vous d’instruire" in said
    assert "dont 5\u00a0jours d’attente de l’association" in said
