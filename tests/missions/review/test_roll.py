"""The roll of conflicts of interest, and who follows a dossier."""

import pytest
from django.core.exceptions import PermissionDenied

from explor.accounts.models import Role
from explor.documents.actions import keep_bytes
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.lifecycle import Kind
from missions.review.lead_actions import assign_lead
from missions.review.models import Review, RollAnswer
from missions.review.roll_actions import declare_conflict, note_roll
from missions.review.roll_queries import roll_of
from tests.factories import World, make_person


def test_roll_is_done_once_each_member_has_answered(world: World) -> None:
    mission = world.mission("review")
    other = make_person(world.network, Role.COMMITTEE)
    note_roll(mission, people=[world.committee], actor=world.coordinator)
    roll = mission.milestones.get(kind=Kind.CONFLICT_ROLL)
    assert roll.done_on is None
    declare_conflict(mission, person=other, nature="Ancienne salariée", actor=None)
    roll.refresh_from_db()
    assert roll.done_on is not None
    assert {line.person: line.words for line in roll_of(mission)} == {
        world.committee: "aucun lien",
        other: "lien déclaré, ne siège pas",
    }


def test_whole_roll_notes_everyone_silent(world: World) -> None:
    mission = world.mission("review")
    make_person(world.network, Role.COMMITTEE)
    note_roll(mission, actor=world.coordinator)
    assert RollAnswer.objects.filter(mission=mission).count() == 2
    assert Review.objects.get(mission=mission).conflicts_asked
    note_roll(mission, actor=world.coordinator)
    assert RollAnswer.objects.filter(mission=mission).count() == 2


def test_member_answers_for_oneself_only(world: World) -> None:
    mission = world.mission("committee")
    other = make_person(world.network, Role.COMMITTEE)
    with pytest.raises(PermissionDenied):
        note_roll(mission, people=[other], actor=world.committee)
    with pytest.raises(PermissionDenied):
        note_roll(mission, actor=world.committee)
    note_roll(mission, people=[world.committee], actor=world.committee)
    assert RollAnswer.objects.get().person == world.committee


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "researcher"])
def test_roll_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        note_roll(world.mission("review"), actor=world.person(role))


def test_roll_notes_members_only(world: World) -> None:
    with pytest.raises(Refusal, match="Ne siège pas"):
        note_roll(world.mission("review"), people=[world.researcher], actor=world.coordinator)


def test_tie_takes_the_answer_the_lead_and_the_files_away(world: World) -> None:
    mission = world.mission("review")
    assign_lead(mission, person=world.coordinator, actor=None)
    second = make_person(world.network, Role.COORDINATOR)
    stored = keep_bytes(
        b"%PDF",
        name="fiche.pdf",
        content_type="application/pdf",
        actor=None,
        target=mission,
        permission="missions.read_review_summary",
    )
    assert stored.is_visible_to(world.coordinator)
    declare_conflict(
        mission, person=world.coordinator, nature="Membre du bureau", actor=world.coordinator
    )
    stored.target.__dict__.pop("_roles", None)
    assert not stored.is_visible_to(world.coordinator)
    assert Review.objects.get(mission=mission).lead is None
    assert Notice.objects.filter(recipient=second, event="review_lead").exists()


def test_lead_is_given_taken_over_and_told(world: World) -> None:
    mission = world.mission("submitted")
    second = make_person(world.network, Role.COORDINATOR)
    assign_lead(mission, person=second, actor=world.coordinator)
    assert Notice.objects.get(recipient=second).event == "review_lead"
    assign_lead(mission, person=world.coordinator, actor=world.coordinator)
    assert Review.objects.get(mission=mission).lead == world.coordinator
    assert Notice.objects.filter(recipient=second).count() == 2
    assert not Notice.objects.filter(recipient=world.coordinator).exists()


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "administrator"])
def test_lead_is_not_given_by_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        assign_lead(world.mission("review"), person=world.coordinator, actor=world.person(role))


def test_lead_coordinates_the_territory(world: World) -> None:
    with pytest.raises(Refusal, match="ne coordonne pas"):
        assign_lead(
            world.mission("review"), person=world.other_coordinator, actor=world.coordinator
        )


def test_who_begins_the_review_follows_it_unless_somebody_does(world: World) -> None:
    second = make_person(world.network, Role.COORDINATOR)
    free, taken = world.mission("submitted"), world.mission("submitted")
    assign_lead(taken, person=second, actor=second)
    for mission in (free, taken):
        advance(mission, "start_review", actor=world.coordinator)
    assert Review.objects.get(mission=free).lead == world.coordinator
    assert Review.objects.get(mission=taken).lead == second
