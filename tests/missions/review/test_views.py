from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from missions.dossier.models import Mission
from missions.review.actions import save_review
from missions.review.models import Review
from tests.factories import World
from tests.missions.review.test_actions import FULL

AsRole = Callable[[str], Client]
TYPED = {
    **dict.fromkeys(FULL, "3"),
    "eligible": "yes",
    "recommendation": "favourable",
    "recommendation_why": "Besoin clair",
    "conflicts_asked": "on",
    "internal_notes": "Note secrète",
    "version": "1",
}


def review_page(mission: Mission) -> str:
    return reverse("mission_review", args=[mission.reference])


def test_coordination_fills_the_review(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    client = as_role("coordinator")
    assert client.post(review_page(mission), TYPED).status_code == 302
    review = Review.objects.get(mission=mission)
    assert (review.impact, review.eligible, review.conflicts_asked) == (3, True, True)
    assert "Note secrète" in client.get(review_page(mission)).text


def test_review_out_of_the_scale_is_refused_and_kept_on_the_page(
    as_role: AsRole, world: World
) -> None:
    mission = world.mission("review")
    answer = as_role("coordinator").post(review_page(mission), {**TYPED, "impact": "9"})
    assert answer.status_code == 422
    assert "Note secrète" in answer.text
    assert not Review.objects.filter(mission=mission, impact__isnull=False).exists()


def test_stale_review_shows_both_texts(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {"internal_notes": "Leur note"}, actor=world.coordinator)
    answer = as_role("coordinator").post(review_page(mission), TYPED)
    assert answer.status_code == 409
    assert "Leur" in answer.text and "Note secrète" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert Review.objects.get(mission=mission).internal_notes == "Leur note"
    as_role("coordinator").post(review_page(mission), {**TYPED, "version": "2"})
    assert Review.objects.get(mission=mission).internal_notes == "Note secrète"


def test_committee_reads_the_summary_without_internal_notes(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    Review.objects.create(
        mission=mission, internal_notes="Note secrète", recommendation_why="Équipe solide"
    )
    page = as_role("committee").get(review_page(mission)).text
    assert "Équipe solide" in page and "Note secrète" not in page
    assert "Note secrète" in as_role("administrator").get(review_page(mission)).text


@pytest.mark.parametrize(
    ("role", "status"),
    [("osim", 404), ("volunteer", 404), ("researcher", 404), ("other_coordinator", 200)],
)
def test_review_is_read_by_the_team_only(
    as_role: AsRole, world: World, role: str, status: int
) -> None:
    assert as_role(role).get(review_page(world.mission("review"))).status_code == status


def test_review_is_not_written_by_another_territory(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    assert as_role("other_coordinator").post(review_page(mission), TYPED).status_code == 403


def test_declared_conflict_closes_the_dossier(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    client = as_role("committee")
    url = reverse("mission_conflict", args=[mission.reference])
    assert "Dites en quelques mots" in client.post(url, {}, follow=True).text
    client.post(url, {"nature": "Ancienne salariée"})
    decision = reverse("mission_decision", args=[mission.reference])
    for name in ("mission", "mission_review", "mission_decision"):
        assert client.get(reverse(name, args=[mission.reference])).status_code == 404
    assert client.post(decision, {"outcome": "accepted"}).status_code == 404


def test_association_declares_no_conflict(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    url = reverse("mission_conflict", args=[mission.reference])
    assert as_role("osim").post(url, {"nature": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["mission_review", "mission_decision"])
def test_committee_pages_cost_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, name: str
) -> None:
    mission = world.mission("committee")
    client = as_role("committee")
    with django_assert_max_num_queries(12):
        client.get(reverse(name, args=[mission.reference]))
