"""Every door to every step: a step that a stage takes itself is taken nowhere else."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import put_in_state, take_step
from missions.dossier.milestones import settle_milestone
from missions.dossier.models import EngagementState, Mission
from missions.lifecycle import FINAL, TRANSITIONS, State
from missions.matching.actions import confirm_volunteer
from missions.review.decision_actions import make_effective, record_decision
from tests.factories import World, engage
from tests.ground import Ground
from tests.ground_request import on_behalf
from tests.missions.test_lifecycle import ROLES, TAKES, ready

AsRole = Callable[[str], Client]


@pytest.fixture
def ground(world: World) -> Ground:
    return Ground(world)


OWN = [name for name, step in TRANSITIONS.items() if step.taken_by]
GENERIC = [name for name in TRANSITIONS if name not in OWN]


def at_door(mission: Mission, name: str) -> str:
    return reverse("mission_step", args=[mission.reference, name])


def by_hand(mission: Mission) -> str:
    return reverse("mission_state", args=[mission.reference])


def state_of(mission: Mission) -> str:
    return Mission.objects.values_list("state", flat=True).get(pk=mission.pk)


@pytest.mark.parametrize("name", OWN)
def test_step_of_a_stage_has_no_generic_door(world: World, as_role: AsRole, name: str) -> None:
    mission = ready(world, name)
    answer = as_role(TAKES[name][0]).post(at_door(mission, name), {"reason": "Une raison"})
    assert answer.status_code == 404
    with pytest.raises(Refusal, match="depuis sa page"):
        take_step(mission, name, actor=world.person(TAKES[name][0]), reason="Une raison")
    assert state_of(mission) == mission.state


@pytest.mark.parametrize("name", GENERIC)
def test_other_steps_are_taken_by_the_generic_door(
    world: World, as_role: AsRole, name: str
) -> None:
    mission = ready(world, name)
    as_role(TAKES[name][0]).post(at_door(mission, name), {"reason": "Une raison"})
    assert state_of(mission) == TRANSITIONS[name].target


@pytest.mark.parametrize("role", ROLES)
def test_pages_draw_no_button_to_a_door_that_is_closed(
    world: World, as_role: AsRole, role: str
) -> None:
    client = as_role(role)
    missions = [ready(world, name) for name in OWN] + [world.mission(state) for state in State]
    for mission in missions:
        page = client.get(mission.get_absolute_url()).content.decode()
        assert [name for name in OWN if at_door(mission, name) in page] == []


def test_coordination_does_not_submit_what_the_association_has_not_confirmed(
    ground: Ground, as_role: AsRole
) -> None:
    mission = on_behalf(ground)
    client = as_role("coordinator")
    client.post(at_door(mission, "submit"))
    for state in set(State) - {State.DRAFT, State.WITHDRAWN}:
        page = client.post(
            by_hand(mission), {"state": state.value, "reason": "Urgent."}, follow=True
        ).content.decode()
        assert "n’a jamais été déposée" in page, state
    assert state_of(mission) == State.DRAFT


def test_draft_put_away_comes_back_as_a_draft_only(world: World, as_role: AsRole) -> None:
    mission = world.mission(State.DRAFT)
    as_role("osim").post(at_door(mission, "withdraw"), {"reason": "Plus tard."})
    assert state_of(mission) == State.WITHDRAWN
    client = as_role("coordinator")
    assert at_door(mission, "reopen") not in client.get(mission.get_absolute_url()).text
    client.post(at_door(mission, "reopen"), {"reason": "On continue."})
    client.post(by_hand(mission), {"state": State.CLOSED.value, "reason": "Rangée."})
    client.post(by_hand(mission), {"state": State.REVIEW.value, "reason": "On continue."})
    assert state_of(mission) == State.WITHDRAWN
    client.post(by_hand(mission), {"state": State.DRAFT.value, "reason": "On continue."})
    assert state_of(mission) == State.DRAFT


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT}))
def test_by_hand_reaches_every_other_state(world: World, state: State) -> None:
    source = State.FIELD if state != State.FIELD else State.REPORT
    mission = world.mission(source)
    assert put_in_state(mission, state, actor=world.coordinator, reason="Erreur.").state == state


@pytest.mark.parametrize("state", sorted(FINAL))
def test_dossier_that_was_submitted_is_reopened(world: World, state: State) -> None:
    mission = world.mission(State.SUBMITTED)
    put_in_state(mission, state, actor=world.coordinator, reason="Fini.")
    assert take_step(mission, "reopen", actor=world.coordinator, reason="Non.").state == "review"


def test_committee_makes_effective_what_the_administration_recorded(
    world: World, as_role: AsRole
) -> None:
    mission = world.mission(State.COMMITTEE)
    address = reverse("decision_apply", args=[mission.reference])
    assert address not in as_role("committee").get(f"{mission.get_absolute_url()}decision/").text
    with pytest.raises(Refusal, match="Aucune décision"):
        make_effective(mission, actor=world.committee)
    record_decision(mission, outcome="declined", reason="Trop loin", actor=world.administrator)
    assert address in as_role("committee").get(f"{mission.get_absolute_url()}decision/").text
    for role in ("administrator", "coordinator", "osim"):
        assert as_role(role).post(address).status_code == 403
    as_role("committee").post(address)
    assert state_of(mission) == State.DECLINED
    with pytest.raises(Refusal, match="n’est plus possible"):
        make_effective(mission, actor=world.committee)


def test_volunteer_already_confirmed_moves_a_mission_put_back_by_hand(world: World) -> None:
    mission = world.mission(State.MATCHING)
    mission.milestones.filter(kind=lifecycle.Kind.VOLUNTEER).update(done_on=clock.today())
    engagement = engage(mission, world.volunteer, EngagementState.CONFIRMED)
    assert confirm_volunteer(engagement, actor=world.coordinator).state == State.SUPPORT


def test_only_the_module_that_a_step_names_takes_it() -> None:
    takers = {step.taken_by for step in TRANSITIONS.values() if step.taken_by}
    found: dict[str, set[str | None]] = {}
    for path in sorted(Path(settings.BASE_DIR).glob("[mce][ia][sp]*/**/*.py")):
        module = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "advance":
                name = node.args[1] if len(node.args) > 1 else None
                literal = str(name.value) if isinstance(name, ast.Constant) else None
                found.setdefault(module, set()).add(literal)
    assert set(found) == takers | {"missions.dossier.actions"}
    for module, names in found.items():
        for name in names - {None}:
            assert TRANSITIONS[str(name)].taken_by in {module, ""}, (module, name)


def test_confirmation_of_the_association_is_ticked_by_nobody_else(ground: Ground) -> None:
    milestone = on_behalf(ground).milestones.get(kind=lifecycle.Kind.CONFIRMATION)
    milestone.missing = []
    milestone.save(update_fields=["missing"])
    with pytest.raises(Refusal, match="de lui-même"):
        settle_milestone(milestone, actor=ground.world.coordinator)
