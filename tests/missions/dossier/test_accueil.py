"""« Mon travail »: what is due, late, blocked, and by whom, for each role."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from missions import lifecycle
from missions.dossier import work
from missions.dossier.actions import propose_sheet
from missions.dossier.models import EngagementState, Milestone, Mission, MissionType
from missions.dossier.work import Errand, work_of
from tests.factories import World, engage, settle

AsRole = Callable[[str], Client]
S = lifecycle.State
Kind = lifecycle.Kind
HOME = "/accueil/"
EVERYONE = ("osim", "volunteer", "coordinator", "researcher", "committee", "administrator")


def due(mission: Mission, kind: str, days: int) -> None:
    Milestone.objects.filter(mission=mission, kind=kind).update(
        due_on=clock.today() + timedelta(days=days)
    )


def test_work_asks_a_visitor_to_sign_in(client: Client, db: None) -> None:
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize(
    ("role", "action"),
    [
        ("osim", "Proposer une mission"),
        ("coordinator", "Saisir une demande"),
        ("researcher", "Ouvrir le corpus"),
        ("committee", "Lire le mois du comité"),
        ("administrator", "Gérer les personnes"),
        ("volunteer", "Voir mes missions"),
    ],
)
def test_work_of_each_role_when_all_is_quiet(
    world: World, as_role: AsRole, role: str, action: str
) -> None:
    page = as_role(role).get(HOME).content.decode()
    assert "Vous êtes à jour" in page
    assert action in page


def test_work_says_whose_turn_it_is(world: World) -> None:
    mission = world.mission(S.SUBMITTED)
    assert [item.mission for item in work_of(world.coordinator).to_do] == [mission]
    assert work_of(world.coordinator).to_do[0].expected == "commencer l’instruction"
    assert work_of(world.other_coordinator).to_do == []
    assert work_of(world.osim).to_do == []
    assert work_of(world.osim).waiting == [mission]


def test_work_of_the_committee_is_the_missions_to_decide(world: World) -> None:
    mission = world.mission(S.COMMITTEE)
    world.mission(S.REVIEW)
    assert [item.mission for item in work_of(world.committee).to_do] == [mission]


def test_work_puts_what_is_late_first(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    due(mission, Kind.TOR_OSIM, -3)
    work = work_of(world.osim)
    assert [item.mission for item in work.late] == [mission]
    assert [row.kind for row in work.late[0].milestones] == [Kind.TOR_OSIM]
    page = as_role("osim").get(HOME).content.decode()
    assert "En retard de 3\u00a0jours" in page


def test_work_says_who_blocks(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    settle(mission, Kind.TOR_COORDINATION)
    due(mission, Kind.TOR_OSIM, -3)
    assert [row.kind for row in work_of(world.coordinator).blocked] == [Kind.TOR_OSIM]
    page = as_role("coordinator").get(HOME).content.decode()
    assert "attend l’association" in page


def test_work_leaves_out_what_is_over_or_far(world: World) -> None:
    closed, prepared = world.mission(S.CLOSED), world.mission(S.PREPARATION)
    due(closed, Kind.FOLLOW_UP_12, -90)
    due(prepared, Kind.FOLLOW_UP_6, 200)
    kinds = {row.kind for item in work_of(world.coordinator).to_do for row in item.milestones}
    assert kinds == {Kind.AGREEMENT, Kind.SECURITY_ZONE}
    assert work_of(world.coordinator).late == []


def test_work_offers_the_proposals_to_answer(world: World) -> None:
    mission = world.mission(S.MATCHING)
    engage(mission, world.volunteer, EngagementState.PROPOSED)
    assert [row.mission for row in work_of(world.volunteer).proposals] == [mission]
    assert work_of(world.other_volunteer).proposals == []


def test_work_offers_sheets_to_a_second_reader_only(world: World) -> None:
    mission = world.mission(S.CAPITALISATION)
    propose_sheet(mission, summary="Résumé.", actor=world.researcher)
    assert work_of(world.coordinator).sheets == [mission]
    assert work_of(world.administrator).sheets == [mission]
    assert work_of(world.researcher).sheets == []
    assert work_of(world.osim).sheets == []


def test_work_forgets_a_mission_with_a_conflict_of_interest(world: World) -> None:
    mission = world.mission(S.SUBMITTED)
    mission.conflicts.create(user=world.coordinator, declared_at=clock.now(), nature="Famille")
    assert work_of(world.coordinator).is_empty


def many(world: World, total: int) -> None:
    """Missions up to `total`, each with something late and something to do for everyone."""
    for number in range(total - Mission.objects.count()):
        mission = world.mission(S.SUPPORT if number % 2 else S.PREPARATION)
        due(mission, Kind.TOR_OSIM, -3)


def test_work_costs_the_same_with_many_missions(world: World, as_role: AsRole) -> None:
    clients = {role: as_role(role) for role in EVERYONE}
    costs: dict[str, list[int]] = {role: [] for role in EVERYONE}
    for total in (1, 3, 40):
        many(world, total)
        for role, client in clients.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(HOME).status_code == 200
            costs[role].append(len(captured))
    assert {role for role, found in costs.items() if len(set(found)) > 1} == set()
    assert max(found[0] for found in costs.values()) <= 12


def test_work_runs_no_subquery_for_each_row(world: World) -> None:
    """Nothing tells PostgreSQL that these tables have grown: whatever plan it makes then, a list
    that depends on the person alone is read once."""
    many(world, 20)
    for role in EVERYONE:
        with CaptureQueriesContext(connection) as captured:
            work_of(world.person(role))
        for query in captured.captured_queries:
            assert subplan_loops(query["sql"]) <= 1


def subplan_loops(sql: str) -> int:
    """How many times the busiest subquery of the plan runs."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
        (plan,) = cursor.fetchone()

    def loops(node: dict[str, Any]) -> int:
        own = node["Actual Loops"] if node.get("Parent Relationship") == "SubPlan" else 0
        return max([own, *(loops(child) for child in node.get("Plans", []))])

    return int(loops(plan[0]["Plan"]))


def test_work_shows_the_errands_of_later_stages(
    world: World, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today()

    def errands(user: User) -> list[Errand]:
        return [
            Errand("EX-1", "Lettre", "/lettre/", "Approuvez-la.", today - timedelta(days=2)),
            Errand("EX-2", "Avis", "/avis/", "Donnez-le."),
            Errand("EX-3", "Convention", "/convention/", "À signer.", waits_for="le bailleur"),
        ]

    monkeypatch.setattr(work, "_SOURCES", {"later": errands})
    found = work_of(world.committee).errands
    assert [row.title for row in (*found.late, *found.to_do, *found.waiting)] == [
        "Lettre",
        "Avis",
        "Convention",
    ]
    page = as_role("committee").get(HOME).content.decode()
    assert "1 dossier en retard" in page
    assert "Attend le bailleur." in page
    assert "Vous êtes à jour" not in page


def test_work_asks_nothing_of_a_suspended_mission(world: World) -> None:
    mission = world.mission(S.SUPPORT, suspended_until=clock.today() + timedelta(days=9))
    due(mission, Kind.TOR_OSIM, -3)
    assert work_of(world.osim).is_empty
    assert work_of(world.volunteer).is_empty
    Mission.objects.update(suspended_until=clock.today())
    assert [item.mission for item in work_of(world.osim).late] == [mission]


@pytest.mark.parametrize("tab", ["mission", "mission_history", "mission_sheet"])
def test_mission_pages_cost_little(world: World, as_role: AsRole, tab: str) -> None:
    mission = world.mission(S.CAPITALISATION, latitude=6.4, longitude=2.0)
    client = as_role("coordinator")
    costs = []
    for more in (0, 20):
        for place in range(more):
            part = mission.components.create(position=place + 2, type=MissionType.STUDY)
            part.objectives.create(position=1, text="Mesurer.")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(tab, args=[mission.reference])).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 12
