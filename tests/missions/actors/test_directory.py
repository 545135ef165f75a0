"""The directory of actors: who reads it, what it finds, what it costs."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from explor.accounts.models import OrganisationKind
from missions import lifecycle
from missions.actors.models import Volunteer
from tests.factories import OrganisationFactory, UserFactory, World

AsRole = Callable[[str], Client]
S = lifecycle.State


@pytest.mark.parametrize("role", ["coordinator", "researcher", "administrator"])
def test_directory_opens_for_the_team(world: World, as_role: AsRole, role: str) -> None:
    page = as_role(role).get(reverse("actor_list"))
    assert page.status_code == 200
    assert "Association Exemple Une" in page.content.decode()


@pytest.mark.parametrize("role", ["osim", "volunteer", "committee"])
def test_directory_is_not_found_for_others(world: World, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    assert client.get(reverse("actor_list")).status_code == 404
    assert client.get(reverse("actor", args=[world.association.uuid])).status_code == 404


def test_directory_is_empty_for_a_network_outside_any_programme(
    world: World, as_role: AsRole
) -> None:
    client = as_role("stranger")
    page = client.get(reverse("actor_list")).content.decode()
    assert "Association Exemple Une" not in page
    assert client.get(reverse("actor", args=[world.association.uuid])).status_code == 404
    person = world.volunteer.volunteer.uuid
    assert client.get(reverse("actor", args=[person])).status_code == 404


def test_directory_finds_without_accents(world: World, as_role: AsRole) -> None:
    OrganisationFactory.create(name="Élan des Hauts Plateaux", city="Roubaix")
    client = as_role("coordinator")
    for words in ("elan", "ROUBAIX"):
        page = client.get(reverse("actor_list"), {"q": words}).content.decode()
        assert "Élan des Hauts Plateaux" in page
        assert "Association Exemple Une" not in page


def test_directory_filters_by_country_and_kind(world: World, as_role: AsRole) -> None:
    client = as_role("coordinator")
    partners = {"nature": OrganisationKind.LOCAL_PARTNER.value}
    page = client.get(reverse("actor_list"), partners).content.decode()
    assert "Partenaire Exemple" in page
    page = client.get(reverse("actor_list"), {**partners, "pays": "FR"}).content.decode()
    assert "Partenaire Exemple" not in page


def test_directory_lists_volunteers_by_skill_or_name(world: World, as_role: AsRole) -> None:
    client = as_role("coordinator")
    page = client.get(reverse("actor_list"), {"nature": "volunteer", "q": "camille"})
    assert "Camille Exemple" in page.content.decode()
    assert "Noa Exemple" not in page.content.decode()


def test_actor_counts_only_missions_one_may_open(world: World, as_role: AsRole) -> None:
    seen, draft = world.mission(S.SUPPORT), world.mission(S.DRAFT)
    address = reverse("actor", args=[world.association.uuid])
    page = as_role("coordinator").get(address).content.decode()
    assert seen.title in page
    assert draft.title not in page
    row = next(
        row
        for row in as_role("coordinator").get(reverse("actor_list")).context["page"]
        if row.pk == world.association.pk
    )
    assert row.missions == 1


def test_actor_shows_a_volunteer_with_missions(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.SUPPORT)
    address = reverse("actor", args=[world.volunteer.volunteer.uuid])
    page = as_role("coordinator").get(address).content.decode()
    assert mission.title in page
    assert world.volunteer.email in page
    assert world.volunteer.email not in as_role("researcher").get(address).content.decode()


def test_actor_unknown_is_not_found(world: World, as_role: AsRole) -> None:
    assert as_role("coordinator").get(reverse("actor", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("kind", ["osim", "ess", "volunteer"])
def test_directory_costs_the_same_with_many_actors(
    world: World, as_role: AsRole, kind: str
) -> None:
    client = as_role("coordinator")
    costs = set()
    for more in (0, 2, 300):
        OrganisationFactory.create_batch(more)
        for _ in range(more):
            Volunteer.objects.create(user=UserFactory.create(), home_structure=world.structure)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("actor_list"), {"nature": kind})
        costs.add(len(captured))
    assert len(costs) == 1
    assert costs.pop() <= 12
