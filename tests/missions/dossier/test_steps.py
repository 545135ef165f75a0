"""Taking a step from the page: done, refused with its reason, forbidden and written down."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from explor.journal.models import Entry
from missions import lifecycle
from missions.dossier.models import Mission
from tests.factories import World, settle

AsRole = Callable[[str], Client]
S = lifecycle.State


def step(client: Client, mission: Mission, name: str, **data: str):  # type: ignore[no-untyped-def]
    address = reverse("mission_step", args=[mission.reference, name])
    return client.post(address, data, follow=True)


def state_of(mission: Mission) -> str:
    return Mission.objects.values_list("state", flat=True).get(pk=mission.pk)


def test_step_moves_the_mission_and_says_so(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUBMITTED)
    response = step(as_role("coordinator"), mission, "start_review")
    assert state_of(mission) == S.REVIEW
    assert "La demande est en cours d’étude." in response.content.decode()


def test_step_names_what_is_missing(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.REVIEW)
    settle(mission, lifecycle.Kind.GRID)
    page = step(as_role("coordinator"), mission, "send_to_committee").content.decode()
    assert state_of(mission) == S.REVIEW
    assert "Il manque : recommandation, tour des conflits d’intérêts." in page


def test_step_asks_for_a_reason(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.REVIEW)
    client = as_role("coordinator")
    page = step(client, mission, "close_unfollowed").content.decode()
    assert "Donnez la raison." in page
    step(client, mission, "close_unfollowed", reason="L’association a renoncé.")
    assert state_of(mission) == S.UNFOLLOWED
    entry = Entry.objects.get(stream=mission.stream, verb="missions.close_unfollowed")
    assert entry.reason == "L’association a renoncé."


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "researcher", "administrator"])
def test_step_without_the_right_is_refused_and_written(
    world: World, as_role: AsRole, role: str
) -> None:
    mission = world.mission(S.SUBMITTED)
    response = step(as_role(role), mission, "start_review")
    assert response.status_code == 403
    assert state_of(mission) == S.SUBMITTED
    entry = Entry.objects.get(stream=mission.stream, verb="missions.refused")
    assert entry.text == "Tentative refusée : Commencer l’instruction."
    assert entry.actor == world.person(role)


@pytest.mark.parametrize("role", ["other_osim", "stranger", "committee"])
def test_step_on_a_mission_one_cannot_open_is_not_found(
    world: World, as_role: AsRole, role: str
) -> None:
    mission = world.mission(S.SUBMITTED)
    assert step(as_role(role), mission, "start_review").status_code == 404
    assert not Entry.objects.filter(stream=mission.stream).exists()


def test_step_is_only_a_post(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUBMITTED)
    address = reverse("mission_step", args=[mission.reference, "start_review"])
    assert as_role("coordinator").get(address).status_code == 405
    assert state_of(mission) == S.SUBMITTED


def test_step_twice_says_it_is_no_longer_possible(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUBMITTED)
    client = as_role("coordinator")
    step(client, mission, "start_review")
    page = step(client, mission, "start_review").content.decode()
    assert "n’est plus possible" in page


def test_step_unknown_is_refused(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUBMITTED)
    page = step(as_role("coordinator"), mission, "teleport").content.decode()
    assert "Cette étape n’existe pas." in page


def test_step_that_hides_the_mission_leads_home(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.COMMITTEE)
    response = step(as_role("committee"), mission, "back_to_review", reason="Budget à revoir.")
    assert response.redirect_chain == [(reverse("accueil"), 302)]
    assert state_of(mission) == S.REVIEW


def test_state_by_hand_is_for_the_coordination(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    address = reverse("mission_state", args=[mission.reference])
    data = {"state": S.MATCHING.value, "reason": "La personne s’est retirée."}
    assert as_role("osim").post(address, data).status_code == 403
    assert state_of(mission) == S.SUPPORT
    page = as_role("coordinator").post(address, data, follow=True).content.decode()
    assert "Recherche de volontaire" in page
    assert state_of(mission) == S.MATCHING


def test_state_by_hand_needs_a_reason_and_a_known_state(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    address = reverse("mission_state", args=[mission.reference])
    client = as_role("coordinator")
    for data, words in (
        ({"state": S.MATCHING.value}, "Donnez la raison."),
        ({"state": "ailleurs", "reason": "Pour voir."}, "Cet état n’existe pas."),
    ):
        assert words in client.post(address, data, follow=True).content.decode()
    assert state_of(mission) == S.SUPPORT


def test_history_tells_who_did_what_and_why(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.REVIEW)
    step(as_role("coordinator"), mission, "close_unfollowed", reason="Projet abandonné.")
    address = reverse("mission_history", args=[mission.reference])
    page = as_role("osim").get(address).content.decode()
    for words in ("La demande est classée sans suite.", "Dominique", "Projet abandonné."):
        assert words in page
    assert as_role("other_osim").get(address).status_code == 404
