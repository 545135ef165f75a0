import pytest
from django.core.exceptions import PermissionDenied

from explor import clock
from explor.ui.errors import Refusal
from missions.dossier.milestones import (
    create_milestones,
    reopen_milestone,
    settle_milestone,
    tick,
    untick,
    waive_milestone,
)
from missions.dossier.models import Milestone
from missions.lifecycle import NEVER_WAIVED, TICKED_BY_AN_ACT, Kind
from tests.factories import World


def milestone(world: World, kind: str, state: str = "preparation") -> Milestone:
    return world.mission(state).milestones.get(kind=kind)


def test_milestones_are_given_once(world: World) -> None:
    mission = world.mission()
    assert create_milestones(mission) == []


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.TOR_OSIM, "osim"),
        (Kind.TOR_VOLUNTEER, "volunteer"),
        (Kind.AGREEMENT, "coordinator"),
        (Kind.TOR_OSIM, "coordinator"),
    ],
)
def test_settle_by_its_owner_or_the_coordination(world: World, kind: str, role: str) -> None:
    done = settle_milestone(milestone(world, kind), actor=world.person(role), note="Vu")
    assert (done.done_on, done.done_by, done.note) == (
        clock.today(),
        world.person(role),
        "Vu",
    )


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.TOR_OSIM, "volunteer"),
        (Kind.TOR_VOLUNTEER, "osim"),
        (Kind.AGREEMENT, "committee"),
        (Kind.AGREEMENT, "other_coordinator"),
        (Kind.TOR_OSIM, "other_osim"),
    ],
)
def test_settle_is_refused_to_whom_it_does_not_belong(world: World, kind: str, role: str) -> None:
    with pytest.raises(PermissionDenied):
        settle_milestone(milestone(world, kind), actor=world.person(role))


def test_settle_twice_is_refused(world: World) -> None:
    agreement = milestone(world, Kind.AGREEMENT)
    settle_milestone(agreement, actor=world.coordinator)
    with pytest.raises(Refusal, match="déjà"):
        settle_milestone(agreement, actor=world.coordinator)


def test_settle_names_what_lacks(world: World) -> None:
    agreement = milestone(world, Kind.AGREEMENT)
    untick(agreement.mission, Kind.AGREEMENT, missing=["la signature du partenaire"])
    with pytest.raises(Refusal, match="la signature du partenaire"):
        settle_milestone(agreement, actor=world.coordinator)


@pytest.mark.parametrize("kind", [Kind.DECISION, Kind.VOLUNTEER, Kind.GRID, Kind.FULL_REPORT])
def test_what_an_act_ticks_is_not_ticked_by_hand(world: World, kind: Kind) -> None:
    assert kind in TICKED_BY_AN_ACT
    with pytest.raises(Refusal, match="de lui-même"):
        settle_milestone(milestone(world, kind), actor=world.coordinator)


def test_waive_needs_the_coordination_and_a_reason(world: World) -> None:
    agreement = milestone(world, Kind.AGREEMENT)
    with pytest.raises(PermissionDenied):
        waive_milestone(agreement, actor=world.osim, because="x")
    with pytest.raises(Refusal, match="raison"):
        waive_milestone(agreement, actor=world.coordinator, because=" ")
    done = waive_milestone(agreement, actor=world.coordinator, because="Accord oral filmé")
    assert done.is_settled and done.waived_because == "Accord oral filmé"


@pytest.mark.parametrize("kind", sorted(NEVER_WAIVED))
def test_nobody_does_without_request_decision_and_volunteer(world: World, kind: str) -> None:
    # the confirmation is asked of requests typed on behalf only
    row, _ = world.mission("preparation").milestones.get_or_create(kind=kind)
    with pytest.raises(Refusal, match="dispensé"):
        waive_milestone(row, actor=world.coordinator, because="x")


def test_reopen_undoes_and_is_for_the_coordination(world: World) -> None:
    agreement = milestone(world, Kind.AGREEMENT)
    with pytest.raises(Refusal, match="pas encore"):
        reopen_milestone(agreement, actor=world.coordinator, because="x")
    settle_milestone(agreement, actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        reopen_milestone(agreement, actor=world.osim, because="x")
    assert not reopen_milestone(agreement, actor=world.coordinator, because="x").is_settled


def test_tick_leaves_a_waived_milestone_as_it_is(world: World) -> None:
    agreement = milestone(world, Kind.AGREEMENT)
    waive_milestone(agreement, actor=world.coordinator, because="Accord oral")
    tick(agreement.mission, Kind.AGREEMENT, actor=world.coordinator)
    agreement.refresh_from_db()
    assert agreement.done_on is None
