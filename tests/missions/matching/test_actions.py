import pytest
from django.core.exceptions import PermissionDenied

from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.dossier.models import Engagement, EngagementState, Mission
from missions.lifecycle import Kind
from missions.matching.actions import (
    answer_proposal,
    confirm_volunteer,
    propose_volunteer,
    withdraw_volunteer,
)
from tests.factories import World


def propose(world: World, mission: Mission | None = None) -> Engagement:
    return propose_volunteer(
        mission or world.mission("matching"),
        world.volunteer.volunteer,
        why="Douze ans de conserverie.",
        actor=world.coordinator,
    )


def accepted(world: World, mission: Mission | None = None) -> Engagement:
    return answer_proposal(propose(world, mission), accept=True, actor=world.volunteer)


def test_proposal_reaches_the_volunteer_with_its_address(world: World) -> None:
    engagement = propose(world)
    notice = Notice.objects.get(recipient=world.volunteer)
    assert notice.url == f"/propositions/{engagement.token}/"
    assert "Douze ans de conserverie." in notice.text


def test_proposed_volunteer_does_not_open_the_dossier(world: World) -> None:
    mission = propose(world).mission
    assert not world.volunteer.has_perm("missions.view_mission", mission)


@pytest.mark.parametrize("role", ["osim", "volunteer", "other_coordinator", "committee"])
def test_proposing_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        propose_volunteer(
            world.mission("matching"),
            world.volunteer.volunteer,
            why="x",
            actor=world.person(role),
        )


def test_proposing_refuses_twice_without_a_word_or_too_early(world: World) -> None:
    engagement = propose(world)
    with pytest.raises(Refusal, match="déjà été proposée"):
        propose(world, engagement.mission)
    with pytest.raises(Refusal, match="pourquoi"):
        propose_volunteer(
            engagement.mission,
            world.other_volunteer.volunteer,
            why=" ",
            actor=world.coordinator,
        )
    with pytest.raises(Refusal, match="ne recherche pas"):
        propose(world, world.mission("review"))


@pytest.mark.parametrize(
    ("accept", "state"),
    [(True, EngagementState.ACCEPTED), (False, EngagementState.DECLINED)],
)
def test_answer_is_written_and_told_to_the_coordination(
    world: World, accept: bool, state: str
) -> None:
    engagement = answer_proposal(
        propose(world), accept=accept, answer="En mars plutôt", actor=world.volunteer
    )
    assert (engagement.state, engagement.answer) == (state, "En mars plutôt")
    assert "En mars plutôt" in Notice.objects.get(recipient=world.coordinator).text


@pytest.mark.parametrize("role", ["other_volunteer", "coordinator", "osim"])
def test_answering_for_another_is_refused(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        answer_proposal(propose(world), accept=True, actor=world.person(role))


def test_answering_twice_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="déjà répondu"):
        answer_proposal(accepted(world), accept=False, actor=world.volunteer)


def test_confirming_moves_the_mission_and_opens_the_dossier(world: World) -> None:
    mission = confirm_volunteer(accepted(world), actor=world.coordinator)
    assert mission.state == "support"
    assert mission.milestones.get(kind=Kind.VOLUNTEER).is_settled
    assert world.volunteer.has_perm("missions.view_mission", mission)


def test_confirming_who_has_not_accepted_is_refused(world: World) -> None:
    engagement = propose(world)
    with pytest.raises(Refusal, match="pas accepté"):
        confirm_volunteer(engagement, actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        confirm_volunteer(engagement, actor=world.osim)


def test_answering_after_another_was_confirmed_is_refused(world: World) -> None:
    mission = world.mission("matching")
    late = propose_volunteer(
        mission, world.other_volunteer.volunteer, why="Aussi", actor=world.coordinator
    )
    confirm_volunteer(accepted(world, mission), actor=world.coordinator)
    with pytest.raises(Refusal, match="déjà trouvé"):
        answer_proposal(late, accept=True, actor=world.other_volunteer)


def test_withdrawal_reopens_the_search_and_leaves_the_state(world: World) -> None:
    engagement = accepted(world)
    mission = confirm_volunteer(engagement, actor=world.coordinator)
    withdraw_volunteer(engagement, because="Accident", actor=world.volunteer)
    mission.refresh_from_db()
    assert mission.state == "support"
    milestone = mission.milestones.get(kind=Kind.VOLUNTEER)
    assert milestone.missing == ["une nouvelle personne volontaire"]
    fresh = Mission.objects.get(pk=mission.pk)
    assert not world.volunteer.has_perm("missions.view_mission", fresh)
    other = propose_volunteer(
        fresh, world.other_volunteer.volunteer, why="À sa suite", actor=world.coordinator
    )
    answer_proposal(other, accept=True, actor=world.other_volunteer)
    assert confirm_volunteer(other, actor=world.coordinator).state == "support"


def test_withdrawal_needs_a_reason_and_the_right_person(world: World) -> None:
    engagement = accepted(world)
    with pytest.raises(Refusal, match="raison"):
        withdraw_volunteer(engagement, because=" ", actor=world.volunteer)
    for role in ("osim", "other_volunteer", "other_coordinator"):
        with pytest.raises(PermissionDenied):
            withdraw_volunteer(engagement, because="x", actor=world.person(role))
