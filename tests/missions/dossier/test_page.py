"""The frame of every page of a mission: who opens it, which tabs, which sentence."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from explor import clock
from missions import lifecycle
from missions.dossier.models import Milestone, Mission, StateChange
from missions.dossier.page import find_mission, page_context
from missions.dossier.turns import late_missions
from tests.factories import World, settle

AsRole = Callable[[str], Client]
S = lifecycle.State

OPENS = ["osim", "coordinator", "other_coordinator", "researcher", "committee", "administrator"]


@pytest.mark.parametrize("role", [*OPENS, "volunteer"])
def test_mission_opens_for_its_people(world: World, as_role: AsRole, role: str) -> None:
    mission = world.mission(S.PREPARATION)
    response = as_role(role).get(mission.get_absolute_url())
    assert response.status_code == 200
    assert mission.title in response.content.decode()


@pytest.mark.parametrize("role", ["other_osim", "other_volunteer", "stranger"])
def test_mission_is_not_found_for_others(world: World, as_role: AsRole, role: str) -> None:
    mission = world.mission(S.PREPARATION)
    assert as_role(role).get(mission.get_absolute_url()).status_code == 404


def test_mission_asks_a_visitor_to_sign_in(world: World, client: Client) -> None:
    mission = world.mission(S.PREPARATION)
    response = client.get(mission.get_absolute_url())
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


def test_find_mission_hides_a_draft_from_the_coordination(world: World) -> None:
    mission = world.mission(S.DRAFT)
    with pytest.raises(Http404):
        find_mission(world.coordinator, mission.reference)
    assert find_mission(world.osim, mission.reference) == mission


def test_tabs_are_those_the_person_may_open(world: World) -> None:
    mission = world.mission(S.PREPARATION)
    labels = {
        role: [tab.label for tab in _context(world, mission.reference, role)["tabs"]]
        for role in ("osim", "volunteer", "coordinator", "committee")
    }
    assert "Historique" in labels["osim"]
    assert "Instruction" not in labels["osim"]
    assert "Mise en relation" not in labels["volunteer"]
    assert "Fiche publique" not in labels["coordinator"]


def test_sentence_says_whose_turn_since_when_and_what_is_missing(world: World) -> None:
    with clock.at(date(2026, 3, 2)):
        mission = world.mission(S.REVIEW)
    with clock.at(date(2026, 3, 12)):
        settle(mission, lifecycle.Kind.GRID)
        said = _context(world, mission.reference, "coordinator")
    assert said["where"].startswith("En instruction depuis le 2\u00a0mars\u00a02026")
    assert "c’est à vous d’instruire la demande" in said["where"]
    assert (
        "(il manque : recommandation\N{NO-BREAK SPACE}; tour des conflits d’intérêts)"
        in said["where"]
    )


def test_sentence_keeps_the_review_to_itself(world: World) -> None:
    mission = world.mission(S.REVIEW)
    said = _context(world, mission.reference, "osim")["where"]
    assert said.startswith("En cours d’étude")
    assert "c’est à la coordination" in said
    assert "manque" not in said


def test_sentence_gives_the_usual_time_from_three_passages(world: World) -> None:
    here = world.mission(S.REVIEW)
    for days in (10, 20, 60):
        past = world.mission(S.COMMITTEE)
        past.changes.all().delete()
        start = clock.now() - timedelta(days=100)
        for at, target in ((start, S.REVIEW), (start + timedelta(days=days), S.COMMITTEE)):
            StateChange.objects.create(mission=past, target=target, at=at)
        said = _context(world, here.reference, "coordinator")["where"]
        assert ("d’habitude" in said) == (days == 60)
    assert "cette étape dure 20 jours (médiane de 3 missions)" in said


def test_stages_carry_dates_and_lateness(world: World) -> None:
    with clock.at(date(2026, 3, 2)):
        mission = world.mission(S.PREPARATION)
    Milestone.objects.filter(mission=mission, kind=lifecycle.Kind.AGREEMENT).update(
        due_on=date(2026, 3, 10)
    )
    with clock.at(date(2026, 3, 9)):
        current = _context(world, mission.reference, "coordinator")["stages"][6]
    with clock.at(date(2026, 3, 11)):
        late = _context(world, mission.reference, "coordinator")["stages"][6]
    assert (current.state, current.on) == ("current", date(2026, 3, 2))
    assert late.state == "late"


def test_a_withdrawn_mission_shows_where_it_stopped(world: World) -> None:
    mission = world.mission(S.DRAFT)
    StateChange.objects.create(mission=mission, target=S.WITHDRAWN, at=clock.now())
    mission.state = S.WITHDRAWN
    mission.save(update_fields=["state"])
    labels = [stage.label for stage in _context(world, mission.reference, "osim")["stages"]]
    assert labels == ["Brouillon", "Retirée"]


def test_blocked_step_says_what_is_missing_before_one_tries(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.REVIEW)
    page = as_role("coordinator").get(mission.get_absolute_url()).content.decode()
    assert "«\u00a0Présenter au comité\u00a0»\u00a0: il manque 3 choses" in page
    assert "tour des conflits d’intérêts" in page


@pytest.mark.parametrize(("state", "late"), [(S.REVIEW, False), (S.SUPPORT, True)])
def test_what_depends_on_the_departure_waits_for_the_committee(
    world: World, state: str, late: bool
) -> None:
    mission = world.mission(state)
    Milestone.objects.filter(mission=mission, kind=lifecycle.Kind.TOR_OSIM).update(
        due_on=clock.today() - timedelta(days=3)
    )
    shown = _context(world, mission.reference, "coordinator")["next_milestone"]
    assert (shown.kind == lifecycle.Kind.TOR_OSIM) == late
    assert Mission.objects.filter(late_missions(world.coordinator, clock.today())).exists() == late


def _context(world: World, reference: str, role: str) -> dict:  # type: ignore[type-arg]
    user = world.person(role)
    user.__dict__.pop("standing", None)
    return page_context(find_mission(user, reference), user, "mission")
