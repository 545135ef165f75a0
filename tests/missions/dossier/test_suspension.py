"""A mission on hold: nobody moves it, everybody sees it, and it comes back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from explor import clock
from explor.journal.queries import history
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.dossier.suspension import resume, suspend
from tests.factories import Kind, World, settle

AsRole = Callable[[str], Client]
S = lifecycle.State


def page_of(mission: Mission) -> str:
    return reverse("mission_suspension", args=[mission.reference])


def test_suspension_stops_the_steps_and_is_told(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    settle(mission, Kind.TOR_OSIM, Kind.TOR_VOLUNTEER, Kind.TOR_COORDINATION)
    until = clock.today() + timedelta(days=40)
    form = {"until": until.isoformat(), "because": "La saison des pluies."}
    answer = as_role("coordinator").post(page_of(mission), form, follow=True)
    assert "La mission est suspendue" in answer.content.decode()
    mission.refresh_from_db()
    assert mission.suspended_until == until
    assert history(mission.stream).first().reason == "La saison des pluies."
    assert set(Notice.objects.values_list("recipient", flat=True)) == {
        world.osim.pk,
        world.volunteer.pk,
    }
    with pytest.raises(Refusal, match="suspendu"):
        advance(mission, "start_preparation", actor=world.coordinator)
    header = as_role("osim").get(mission.get_absolute_url()).content.decode()
    assert "suspendue jusqu’au" in header
    assert "suspendue jusqu’au" in as_role("osim").get("/missions/").content.decode()


def test_suspension_ends_by_hand_or_by_itself(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    suspend(mission, until=clock.today() + timedelta(days=9), because="Visa.", actor=None)
    address = reverse("mission_resume", args=[mission.reference])
    page = as_role("coordinator").post(address, {"reason": "Visa reçu."}, follow=True)
    assert "La mission reprend." in page.content.decode()
    mission.refresh_from_db()
    assert mission.suspended_until is None
    assert not mission.is_on_hold(clock.today())
    with pytest.raises(Refusal, match="pas suspendue"):
        resume(mission, because="", actor=world.coordinator)
    mission.suspended_until = clock.today()
    assert not mission.is_on_hold(clock.today())


def test_suspension_asked_twice_is_written_once(world: World) -> None:
    mission = world.mission(S.SUPPORT)
    day = clock.today() + timedelta(days=9)
    for _ in range(2):
        suspend(mission, until=day, because="Visa.", actor=world.administrator)
    assert history(mission.stream).filter(verb="missions.suspend").count() == 1


@pytest.mark.parametrize(
    ("days", "because", "words"),
    [(0, "Visa.", "jour de reprise à venir"), (9, "   ", "Ce champ est obligatoire")],
)
def test_suspension_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, as_role: AsRole, days: int, because: str, words: str
) -> None:
    mission = world.mission(S.SUPPORT)
    until = (clock.today() + timedelta(days=days)).isoformat()
    page = as_role("coordinator").post(page_of(mission), {"until": until, "because": because})
    assert words in page.content.decode()
    assert until in page.content.decode()
    mission.refresh_from_db()
    assert mission.suspended_until is None


def test_suspension_is_for_an_accepted_mission_and_its_team(world: World, as_role: AsRole) -> None:
    mission, asked = world.mission(S.SUPPORT), world.mission(S.REVIEW)
    day = clock.today() + timedelta(days=9)
    with pytest.raises(Refusal, match="retenue et en cours"):
        suspend(asked, until=day, because="Visa.", actor=world.coordinator)
    for person in (world.other_coordinator, world.researcher, world.osim, world.volunteer):
        with pytest.raises(PermissionDenied):
            suspend(mission, until=day, because="Visa.", actor=person)
    assert as_role("osim").get(page_of(mission)).status_code == 404
    assert "ne se suspend pas" in as_role("coordinator").get(page_of(asked)).content.decode()


def test_suspension_page_costs_little(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    client, costs = as_role("coordinator"), []
    for days in (5, 6, 7):
        day = clock.today() + timedelta(days=days)
        suspend(mission, until=day, because="Visa.", actor=world.coordinator)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_of(mission)).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] == costs[2] <= 12
