from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from explor import clock
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.preparation.queries import checklist, departure_risks, shifts
from tests.factories import World, settle

AsRole = Callable[[str], Client]


def leaving_in(world: World, days: int, state: str = "preparation") -> Mission:
    day = clock.today() + timedelta(days=days)
    return world.mission(state, departs_on=day, returns_on=day + timedelta(days=8))


def page_of(mission: Mission) -> str:
    return reverse("mission_preparation", args=[mission.reference])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("osim", 200),
        ("volunteer", 200),
        ("coordinator", 200),
        ("researcher", 200),
        ("administrator", 200),
        ("committee", 404),
        ("other_osim", 404),
        ("other_volunteer", 404),
    ],
)
def test_checklist_is_for_those_of_the_mission(
    as_role: AsRole, world: World, role: str, status: int
) -> None:
    mission = leaving_in(world, 60)
    assert as_role(role).get(page_of(mission)).status_code == status


@pytest.mark.parametrize(("role", "owner"), [("osim", "osim"), ("volunteer", "volunteer")])
def test_each_may_act_on_their_own_items_only(world: World, role: str, owner: str) -> None:
    mission = leaving_in(world, 60)
    groups = checklist(mission, world.person(role), clock.today())
    assert groups[0].owner == owner and groups[0].mine
    acted = {
        item.milestone.owner_role for group in groups for item in group.items if item.may_settle
    }
    assert acted == {owner}
    assert not any(item.may_waive for group in groups for item in group.items)


def test_late_items_are_marked(world: World) -> None:
    mission = leaving_in(world, 60)
    mission.milestones.filter(kind=Kind.AGREEMENT).update(due_on=clock.today() - timedelta(days=1))
    late = [
        item.milestone.kind
        for group in checklist(mission, world.coordinator, clock.today())
        for item in group.items
        if item.late
    ]
    assert late == [Kind.AGREEMENT]


def test_settling_from_the_page(as_role: AsRole, world: World) -> None:
    mission = leaving_in(world, 60)
    url = reverse("milestone_settle", args=[mission.reference, Kind.TOR_OSIM])
    assert as_role("volunteer").post(url).status_code == 403
    assert as_role("other_osim").post(url).status_code == 404
    answer = as_role("osim").post(url)
    assert answer.headers["Location"] == f"{page_of(mission)}#jalon-tor_osim"
    assert mission.milestones.get(kind=Kind.TOR_OSIM).done_by == world.osim


def test_waiving_and_reopening_from_the_page(as_role: AsRole, world: World) -> None:
    mission = leaving_in(world, 60)
    waive = reverse("milestone_waive", args=[mission.reference, Kind.AGREEMENT])
    reopen = reverse("milestone_reopen", args=[mission.reference, Kind.AGREEMENT])
    assert as_role("osim").post(waive, {"reason": "x"}).status_code == 403
    client = as_role("coordinator")
    assert "Donnez la raison" in client.post(waive, {"reason": ""}, follow=True).text
    client.post(waive, {"reason": "Accord filmé"})
    assert mission.milestones.get(kind=Kind.AGREEMENT).waived_because == "Accord filmé"
    assert as_role("osim").post(reopen, {"reason": "x"}).status_code == 403
    client.post(reopen, {"reason": "Erreur"})
    assert not mission.milestones.get(kind=Kind.AGREEMENT).is_settled


def test_unknown_milestone_is_not_found(as_role: AsRole, world: World) -> None:
    url = reverse("milestone_settle", args=[leaving_in(world, 9).reference, "inconnu"])
    assert as_role("coordinator").post(url).status_code == 404


def test_new_dates_show_every_shift_before_they_are_written(as_role: AsRole, world: World) -> None:
    mission = leaving_in(world, 60)
    day = clock.today() + timedelta(days=90)
    posted = {"departs_on": day.isoformat(), "returns_on": (day + timedelta(days=8)).isoformat()}
    client, url = as_role("coordinator"), reverse("mission_dates", args=[mission.reference])
    page = client.post(url, posted)
    assert "Ces échéances vont changer" in page.text and "Convention signée" in page.text
    assert Mission.objects.get(pk=mission.pk).departs_on == mission.departs_on
    client.post(url, {**posted, "confirmed": "1"})
    assert Mission.objects.get(pk=mission.pk).departs_on == day
    due = mission.milestones.get(kind=Kind.AGREEMENT).due_on
    assert due == day - timedelta(days=30)


def test_dates_are_refused_backwards_and_to_others(as_role: AsRole, world: World) -> None:
    mission = leaving_in(world, 60)
    url = reverse("mission_dates", args=[mission.reference])
    posted = {"departs_on": "2027-05-02", "returns_on": "2027-05-01"}
    answer = as_role("coordinator").post(url, posted)
    assert answer.status_code == 422 and "vient avant la date de départ" in answer.text
    assert as_role("volunteer").post(url, posted).status_code == 403


def test_shifts_leave_out_what_is_settled(world: World) -> None:
    mission = leaving_in(world, 60)
    settle(mission, Kind.AGREEMENT)
    moved = shifts(mission, clock.today() + timedelta(days=90))
    assert Kind.AGREEMENT not in {shift.milestone.kind for shift in moved}
    assert [shift.after for shift in moved] == sorted(shift.after for shift in moved)


def test_departure_far_away_is_at_no_risk(world: World) -> None:
    assert departure_risks(leaving_in(world, 90), clock.today()) == []


def test_departure_soon_names_what_lacks(as_role: AsRole, world: World) -> None:
    mission = leaving_in(world, 20)
    assert "il manque : convention signée" in departure_risks(mission, clock.today())
    assert "Départ à risque" in as_role("osim").get(page_of(mission)).text


def test_departure_in_order_is_at_no_risk(world: World) -> None:
    mission = leaving_in(world, 5)
    mission.milestones.filter(required_for__in=["depart", "start_preparation"]).update(
        done_on=clock.today()
    )
    assert departure_risks(mission, clock.today()) == []


def test_departure_missed_is_said(world: World) -> None:
    assert departure_risks(leaving_in(world, -2), clock.today()) == [
        "le départ était prévu il y a 2 jours"
    ]


def test_preparation_page_costs_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any
) -> None:
    mission = leaving_in(world, 60)
    client = as_role("coordinator")
    with django_assert_max_num_queries(12):
        client.get(page_of(mission))


def test_zone_is_no_risk_before_the_last_week_whatever_its_name(world: World) -> None:
    mission = leaving_in(world, 20)
    mission.milestones.filter(required_for__in=["depart", "start_preparation"]).update(
        done_on=clock.today()
    )
    zone = mission.milestones.filter(kind=Kind.SECURITY_ZONE)
    zone.update(done_on=None, due_on=None, label="Couleur du pays relue")
    fresh = Mission.objects.get(pk=mission.pk)
    assert departure_risks(fresh, clock.today()) == []
    mission.milestones.filter(kind=Kind.AGREEMENT).update(
        done_on=None, label="La zone de sécurité du contrat"
    )
    fresh = Mission.objects.get(pk=mission.pk)
    assert departure_risks(fresh, clock.today()) == ["il manque : la zone de sécurité du contrat"]
