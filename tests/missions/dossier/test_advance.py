from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied

from explor import clock
from explor.journal.queries import history
from explor.notifications.actions import choose_mails
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal
from missions.dossier import actions
from missions.dossier.actions import advance, plan_dates, put_in_state
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from tests.factories import World


def test_advance_writes_state_change_and_history(world: World) -> None:
    mission = advance(world.mission("submitted"), "start_review", actor=world.coordinator)
    assert (mission.state, mission.version) == ("review", 2)
    entry = history(mission.stream).get(verb="missions.start_review")
    assert (entry.actor, entry.data) == (
        world.coordinator,
        {"from": "submitted", "to": "review"},
    )


def test_advance_is_whole_or_nothing(world: World) -> None:
    mission = world.mission("submitted")
    with (
        patch.object(actions, "announce", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        advance(mission, "start_review", actor=world.coordinator)
    mission.refresh_from_db()
    assert mission.state == "submitted"
    assert not mission.changes.filter(transition="start_review").exists()
    assert not history(mission.stream).filter(verb="missions.start_review").exists()


def test_advance_tells_the_association_and_not_who_acted(world: World) -> None:
    advance(world.mission("submitted"), "start_review", actor=world.coordinator)
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {world.osim.pk}


def test_advance_tells_the_committee_when_its_turn_comes(world: World) -> None:
    mission = world.mission("review")
    mission.milestones.filter(required_for="send_to_committee").update(done_on=clock.today())
    advance(mission, "send_to_committee", actor=world.coordinator)
    assert Notice.objects.filter(recipient=world.committee).count() == 1


def test_mails_leave_after_the_commit_only(
    world: World, django_capture_on_commit_callbacks: object
) -> None:
    choose_mails({Event.STATE_CHANGED: Rhythm.NOW}, actor=world.osim)
    with patch("explor.notifications.actions.hand_over_mails") as handed:
        with django_capture_on_commit_callbacks(execute=False) as waiting:  # type: ignore[operator]
            advance(world.mission("submitted"), "start_review", actor=world.coordinator)
        assert handed.call_count == 0
        assert OutboxMail.objects.count() == 1
        for callback in waiting:
            callback()
        assert handed.call_count == 1


def test_refused_advance_tells_nobody(world: World) -> None:
    with pytest.raises(Refusal):
        advance(world.mission("draft"), "submit", actor=world.osim)
    assert Notice.objects.count() == 0


def test_advance_refuses_an_unknown_step(world: World) -> None:
    with pytest.raises(Refusal, match="n’existe pas"):
        advance(world.mission(), "fly", actor=world.osim)


def test_advance_refuses_a_suspended_mission(world: World) -> None:
    mission = world.mission("submitted", suspended_until=clock.today() + timedelta(days=3))
    with pytest.raises(Refusal, match="suspendu"):
        advance(mission, "start_review", actor=world.coordinator)


def test_staff_puts_in_any_state_with_a_reason_and_no_mail(world: World) -> None:
    mission = put_in_state(
        world.mission("field"), "preparation", actor=world.coordinator, reason="Départ reporté"
    )
    assert mission.state == "preparation"
    assert Notice.objects.count() == 0
    assert history(mission.stream).get(verb="missions.set_state").reason == "Départ reporté"


@pytest.mark.parametrize("role", ["osim", "volunteer", "committee", "other_coordinator"])
def test_put_in_state_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        put_in_state(world.mission("field"), "closed", actor=world.person(role), reason="x")


@pytest.mark.parametrize(("state", "reason"), [("nowhere", "x"), ("closed", " "), ("field", "x")])
def test_put_in_state_refuses_nonsense(world: World, state: str, reason: str) -> None:
    with pytest.raises(Refusal):
        put_in_state(world.mission("field"), state, actor=world.coordinator, reason=reason)


def test_planning_dates_moves_what_counts_from_the_departure(world: World) -> None:
    mission = world.mission("preparation")
    day = clock.today() + timedelta(days=60)
    plan_dates(mission, departs_on=day, returns_on=day + timedelta(days=8), actor=world.coordinator)
    agreement = mission.milestones.get(kind=Kind.AGREEMENT)
    assert agreement.due_on == day - timedelta(days=30)


def test_planning_dates_is_refused_to_the_volunteer_and_backwards(world: World) -> None:
    mission, day = world.mission("preparation"), clock.today()
    with pytest.raises(PermissionDenied):
        plan_dates(mission, departs_on=day, returns_on=day, actor=world.volunteer)
    with pytest.raises(Refusal, match="avant"):
        plan_dates(
            mission,
            departs_on=day,
            returns_on=day - timedelta(days=1),
            actor=world.coordinator,
        )
    assert Mission.objects.get(pk=mission.pk).departs_on is None
