"""The table and what is drawn from it: buttons, rights, refusals, README."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from explor import clock
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import advance
from missions.dossier.models import Milestone, Mission
from missions.dossier.queries import next_steps
from missions.guards import letter_left
from missions.lifecycle import FINAL, STAGES, TRANSITIONS, Kind, State
from tests.factories import World

#: Who takes each transition, and somebody who must not.
TAKES: dict[str, tuple[str, str]] = {
    "submit": ("osim", "coordinator"),
    "start_review": ("coordinator", "osim"),
    "send_to_committee": ("coordinator", "researcher"),
    "close_unfollowed": ("coordinator", "committee"),
    "back_to_review": ("committee", "coordinator"),
    "accept": ("committee", "coordinator"),
    "decline": ("committee", "administrator"),
    "confirm_volunteer": ("coordinator", "volunteer"),
    "start_preparation": ("coordinator", "osim"),
    "depart": ("coordinator", "volunteer"),
    "come_back": ("coordinator", "researcher"),
    "approve_report": ("coordinator", "volunteer"),
    "start_follow_up": ("coordinator", "researcher"),
    "close": ("coordinator", "administrator"),
    "withdraw": ("osim", "coordinator"),
    "cancel": ("coordinator", "osim"),
    "reopen": ("coordinator", "osim"),
    "reconsider": ("committee", "coordinator"),
}
ROLES = (
    "osim",
    "other_osim",
    "volunteer",
    "other_volunteer",
    "coordinator",
    "other_coordinator",
    "researcher",
    "committee",
    "administrator",
    "stranger",
)
#: From the design: what each role may try in each state, beside what is said of all states.
MAY: dict[str, dict[State, set[str]]] = {
    "osim": {
        State.DRAFT: {"submit", "withdraw"},
        State.SUBMITTED: {"withdraw"},
        State.REVIEW: {"withdraw"},
    },
    "coordinator": {
        State.SUBMITTED: {"start_review"},
        State.REVIEW: {"send_to_committee", "close_unfollowed"},
        State.MATCHING: {"confirm_volunteer", "cancel"},
        State.SUPPORT: {"start_preparation", "cancel"},
        State.PREPARATION: {"depart", "cancel"},
        State.FIELD: {"come_back", "cancel"},
        State.REPORT: {"approve_report", "cancel"},
        State.CAPITALISATION: {"start_follow_up", "cancel"},
        State.FOLLOW_UP: {"close", "cancel"},
        **{state: {"reopen"} for state in FINAL},
    },
    "committee": {
        State.COMMITTEE: {"back_to_review", "accept", "decline"},
        State.MATCHING: {"reconsider"},
        State.DECLINED: {"reconsider"},
    },
    "administrator": {state: {"reopen"} for state in FINAL},
}


def ready(world: World, name: str) -> Mission:
    """A mission from which nothing but the right person is missing for `name`."""
    step = TRANSITIONS[name]
    source = next(state for state in (*STAGES, *lifecycle.LABELS) if state in step.sources)
    mission = world.mission(source)
    Milestone.objects.filter(mission=mission).update(done_on=clock.today(), missing=[])
    mission.departs_on, mission.returns_on = clock.today(), clock.today() + timedelta(days=8)
    mission.save(update_fields=["departs_on", "returns_on"])
    return Mission.objects.get(pk=mission.pk)


def test_every_transition_says_who_takes_it() -> None:
    assert set(TAKES) == set(TRANSITIONS)


@pytest.mark.parametrize("name", TRANSITIONS)
def test_transition_is_taken_by_the_right_person(world: World, name: str) -> None:
    mission = ready(world, name)
    reached = advance(mission, name, actor=world.person(TAKES[name][0]), reason="Une raison")
    assert reached.state == TRANSITIONS[name].target
    change = mission.changes.get(transition=name)
    assert (change.source, change.target) == (mission.state, reached.state)


@pytest.mark.parametrize("name", TRANSITIONS)
def test_transition_is_refused_to_another_role(world: World, name: str) -> None:
    mission = ready(world, name)
    with pytest.raises(PermissionDenied):
        advance(mission, name, actor=world.person(TAKES[name][1]), reason="Une raison")
    mission.refresh_from_db()
    assert mission.state != TRANSITIONS[name].target


@pytest.mark.parametrize("name", TRANSITIONS)
def test_transition_is_refused_from_every_other_state(world: World, name: str) -> None:
    mission = ready(world, name)
    for state in set(State) - TRANSITIONS[name].sources:
        Mission.objects.filter(pk=mission.pk).update(state=state)
        with pytest.raises(Refusal, match="n’est plus possible"):
            advance(mission, name, actor=None, reason="Une raison")


@pytest.mark.parametrize("name", [name for name, step in TRANSITIONS.items() if step.needs_reason])
def test_transition_that_needs_a_reason_is_refused_without(world: World, name: str) -> None:
    mission = ready(world, name)
    with pytest.raises(Refusal, match="raison"):
        advance(mission, name, actor=world.person(TAKES[name][0]), reason="  ")


#: What waits for the letter alone is tried with the letters (`review/test_hushed.py`).
GUARDED = [name for name, step in TRANSITIONS.items() if {*step.guards} - {letter_left}]


@pytest.mark.parametrize("name", GUARDED)
def test_guard_names_everything_that_lacks_at_once(world: World, name: str) -> None:
    mission = ready(world, name)
    wanted = Milestone.objects.filter(mission=mission, required_for=name)
    wanted |= Milestone.objects.filter(mission=mission, kind=Kind.DECISION)
    wanted.update(done_on=None)
    mission = Mission.objects.get(pk=mission.pk)
    lacking = TRANSITIONS[name].missing(mission, clock.today())
    assert lacking
    with pytest.raises(Refusal) as refused:
        advance(mission, name, actor=None)
    assert all(what in refused.value.reason for what in lacking)


def test_departure_needs_dates_and_a_zone_checked_within_a_week(world: World) -> None:
    mission = ready(world, "depart")
    mission.milestones.filter(kind=Kind.SECURITY_ZONE).update(
        done_on=clock.today() - timedelta(days=8)
    )
    Mission.objects.filter(pk=mission.pk).update(departs_on=None)
    with pytest.raises(Refusal) as refused:
        advance(mission, "depart", actor=None)
    assert "les dates de départ et de retour" in refused.value.reason
    assert "moins de 7 jours" in refused.value.reason


def test_waived_milestones_open_the_way(world: World) -> None:
    mission = ready(world, "close")
    mission.milestones.filter(required_for="close").update(
        done_on=None, waived_because="L’association a fermé"
    )
    assert advance(mission, "close", actor=world.coordinator).state == "closed"


@pytest.mark.parametrize("outcome", lifecycle.Outcome)
def test_decision_opens_only_what_it_came_to(world: World, outcome: str) -> None:
    mission = ready(world, "accept")
    mission.milestones.filter(kind=Kind.DECISION).update(outcome=outcome, note="Bien !")
    other = "decline" if outcome == lifecycle.Outcome.ACCEPTED else "accept"
    with pytest.raises(Refusal, match="une décision"):
        advance(mission, other, actor=world.committee)


@pytest.mark.parametrize("state", list(State))
def test_steps_offered_are_those_of_the_design(world: World, state: State) -> None:
    mission = world.mission(state)
    for role in ROLES:
        fresh = Mission.objects.get(pk=mission.pk)
        offered = {step.name for step in next_steps(fresh, world.person(role))}
        assert offered == MAY.get(role, {}).get(state, set()), role


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_and_left_as_the_table_says(state: State) -> None:
    into = {step.name for step in TRANSITIONS.values() if step.target == state}
    assert into or state == State.DRAFT
    assert {step.name for step in lifecycle.leaving(state)} == {
        name for name, step in TRANSITIONS.items() if state in step.sources
    }


def test_drawing_has_every_transition_of_the_table() -> None:
    out = StringIO()
    call_command("lifecycle_drawing", stdout=out)
    arrows = re.findall(r"^    (\w+) --> (\w+) : (.+)$", out.getvalue(), re.MULTILINE)
    assert set(arrows) == {
        (source.value, step.target.value, step.label)
        for step in TRANSITIONS.values()
        for source in step.sources
    }


def test_readme_shows_the_drawing_of_the_table() -> None:
    out = StringIO()
    call_command("lifecycle_drawing", stdout=out)
    readme = Path(settings.BASE_DIR, "README.md").read_text(encoding="utf-8")
    drawn = re.search(r"<!-- lifecycle -->\n(.*?)\n<!-- /lifecycle -->", readme, re.DOTALL)
    assert drawn is not None
    assert drawn.group(1).strip() == out.getvalue().strip()
