from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from explor import clock
from missions.actors.models import Volunteer
from missions.dossier.models import Engagement
from missions.review.models import ReviewNote
from tests.factories import UserFactory, World, engage
from tests.missions.matching.test_actions import accepted, propose

AsRole = Callable[[str], Client]


def test_coordination_reads_why_each_volunteer_fits(as_role: AsRole, world: World) -> None:
    mission = world.mission("matching")
    page = as_role("coordinator").get(reverse("mission_matching", args=[mission.reference]))
    assert "n’a écarté aucun pays" in page.text
    assert str(world.volunteer) in page.text


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "other_osim"])
def test_matching_is_not_found_for_others(as_role: AsRole, world: World, role: str) -> None:
    mission = world.mission("matching")
    url = reverse("mission_matching", args=[mission.reference])
    assert as_role(role).get(url).status_code == 404


def test_proposing_from_the_page_writes_one_proposal(as_role: AsRole, world: World) -> None:
    mission = world.mission("matching")
    url = reverse("mission_matching", args=[mission.reference])
    posted = {"volunteer": world.volunteer.volunteer.uuid, "why": "Pour vous"}
    client = as_role("coordinator")
    assert client.post(url, posted).status_code == 302
    assert "déjà été proposée" in client.post(url, posted).text
    assert Engagement.objects.filter(mission=mission).count() == 1


def test_proposing_without_a_word_keeps_the_person_chosen(as_role: AsRole, world: World) -> None:
    mission = world.mission("matching")
    url = reverse("mission_matching", args=[mission.reference])
    page = as_role("coordinator").post(url, {"volunteer": world.volunteer.volunteer.uuid})
    assert "Dites à la personne pourquoi" in page.text
    assert Engagement.objects.count() == 0


def test_confirming_from_the_page_moves_the_mission(as_role: AsRole, world: World) -> None:
    engagement = accepted(world)
    url = reverse("engagement_confirm", args=[engagement.mission.reference, engagement.token])
    assert as_role("other_coordinator").post(url).status_code == 403
    as_role("coordinator").post(url)
    engagement.mission.refresh_from_db()
    assert engagement.mission.state == "support"


def test_volunteer_reads_the_proposal_without_internal_notes(as_role: AsRole, world: World) -> None:
    engagement = propose(world)
    ReviewNote.objects.create(mission=engagement.mission, at=clock.now(), text="Note secrète")
    page = as_role("volunteer").get(reverse("proposal", args=[engagement.token])).text
    assert "Douze ans de conserverie." in page
    assert "Note secrète" not in page


@pytest.mark.parametrize("role", ["other_volunteer", "osim", "coordinator", "committee"])
def test_proposal_of_another_is_not_found(as_role: AsRole, world: World, role: str) -> None:
    engagement = propose(world)
    client = as_role(role)
    url = reverse("proposal", args=[engagement.token])
    assert client.get(url).status_code == 404
    assert client.post(url, {"accept": "yes"}).status_code == 404


def test_proposal_asks_to_sign_in(as_role: AsRole, world: World) -> None:
    url = reverse("proposal", args=[propose(world).token])
    assert as_role("anonymous").get(url).status_code == 302


def test_unknown_proposal_is_not_found(as_role: AsRole) -> None:
    assert as_role("volunteer").get(reverse("proposal", args=[uuid4()])).status_code == 404


def test_volunteer_answers_once(as_role: AsRole, world: World) -> None:
    engagement = propose(world)
    client, url = as_role("volunteer"), reverse("proposal", args=[engagement.token])
    assert (
        "à la coordination"
        in client.post(url, {"accept": "yes", "answer": "Volontiers"}, follow=True).text
    )
    assert "déjà répondu" in client.post(url, {"accept": "no"}).text
    engagement.refresh_from_db()
    assert (engagement.state, engagement.answer) == ("accepted", "Volontiers")


def test_volunteer_lists_their_own_proposals(as_role: AsRole, world: World) -> None:
    engagement = propose(world)
    url = reverse("proposal_list")
    assert engagement.mission.title in as_role("volunteer").get(url).text
    assert engagement.mission.title not in as_role("other_volunteer").get(url).text
    assert as_role("osim").get(url).status_code == 404


def test_volunteer_withdraws_with_a_reason(as_role: AsRole, world: World) -> None:
    engagement = accepted(world)
    url = reverse("engagement_withdraw", args=[engagement.token])
    assert as_role("osim").post(url, {"reason": "x"}).status_code == 404
    as_role("volunteer").post(url, {"reason": "Accident"})
    engagement.refresh_from_db()
    assert engagement.state == "withdrawn"


def test_coordination_writes_a_withdrawal(as_role: AsRole, world: World) -> None:
    engagement = accepted(world)
    url = reverse("engagement_withdraw", args=[engagement.token])
    posted = {"reason": "Plus de nouvelles", "mission": engagement.mission.reference}
    assert as_role("other_coordinator").post(url, posted).status_code == 403
    as_role("coordinator").post(url, posted)
    engagement.refresh_from_db()
    assert engagement.state == "withdrawn"


@pytest.mark.parametrize("more", [1, 12])
def test_matching_page_costs_the_same_for_any_number_of_volunteers(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, more: int
) -> None:
    mission = world.mission("matching")
    engage(mission, world.other_volunteer, "declined")
    for _ in range(more):
        Volunteer.objects.create(user=UserFactory.create(), home_structure=world.structure)
    client = as_role("coordinator")
    url = reverse("mission_matching", args=[mission.reference])
    with django_assert_max_num_queries(12):
        client.get(url)
