"""The list of missions: ready-made views, filters, search, map, cost."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from explor import clock
from missions import lifecycle
from missions.dossier.lists import PAGE
from missions.dossier.models import Component, Milestone, Mission, MissionType
from tests.factories import ProjectFactory, World

AsRole = Callable[[str], Client]
S = lifecycle.State
LIST = "/missions/"


def titles(client: Client, **query: str) -> set[str]:
    page = client.get(LIST, query).context["list"].page
    return {mission.title for mission in page}


def counts(client: Client) -> dict[str, int | None]:
    return {tab.label: tab.count for tab in client.get(LIST).context["list"].tabs}


def test_list_asks_a_visitor_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("mission_list")).status_code == 302


def test_list_shows_only_what_one_may_open(world: World, as_role: AsRole) -> None:
    ours = world.mission(S.REVIEW, title="La nôtre")
    world.mission(S.REVIEW, title="La leur", holder=world.other_association)
    world.mission(S.DRAFT, title="Brouillon")
    assert titles(as_role("osim")) == {"La nôtre", "Brouillon"}
    assert titles(as_role("other_osim")) == {"La leur"}
    assert titles(as_role("coordinator")) == {"La nôtre", "La leur"}
    assert titles(as_role("committee")) == set()
    assert titles(as_role("stranger")) == set()
    assert ours.reference in as_role("osim").get(LIST).content.decode()


def test_list_views_count_and_keep_what_they_say(world: World, as_role: AsRole) -> None:
    today = clock.today()
    world.mission(S.REVIEW, title="À instruire")
    late = world.mission(S.SUPPORT, title="En retard")
    Milestone.objects.filter(mission=late, kind=lifecycle.Kind.TOR_OSIM).update(
        due_on=today - timedelta(days=1)
    )
    world.mission(S.FIELD, title="Sur place", departs_on=today, returns_on=today)
    world.mission(S.CLOSED, title="Close", departs_on=date(2022, 1, 1), returns_on=date(2022, 1, 9))
    client = as_role("coordinator")
    assert counts(client) == {
        "À moi": 1,
        "En retard": 1,
        "Ce mois": 1,
        "Toutes": 4,
        "Terminées": 1,
    }
    assert titles(client, vue="a-moi") == {"À instruire"}
    assert titles(client, vue="en-retard") == {"En retard"}
    assert titles(client, vue="ce-mois") == {"Sur place"}
    assert titles(client, vue="terminees") == {"Close"}
    assert titles(as_role("volunteer"), vue="a-moi") == {"En retard", "Sur place"}


def test_list_filters_stay_in_the_address(world: World, as_role: AsRole) -> None:
    kept = world.mission(S.REVIEW, title="Gardée", country="CG", departs_on=date(2025, 4, 1))
    Component.objects.filter(mission=kept).update(type=MissionType.STUDY)
    world.mission(S.SUPPORT, title="Autre", departs_on=date(2026, 4, 1))
    client = as_role("coordinator")
    for query in (
        {"etat": "review"},
        {"pays": "CG"},
        {"type": "study"},
        {"annee": "2025"},
        {"pays": "CG", "etat": "review", "territoire": str(world.territory.pk)},
    ):
        assert titles(client, **query) == {"Gardée"}
    page = client.get(LIST, {"pays": "CG"}).content.decode()
    assert '<option value="CG" selected>' in page


def test_list_refuses_an_unknown_filter_without_breaking(world: World, as_role: AsRole) -> None:
    world.mission(S.REVIEW, title="Une mission")
    for query in ({"etat": "'; drop"}, {"annee": "abc"}, {"page": "x"}, {"vue": "?"}):
        assert as_role("coordinator").get(LIST, query).status_code == 200


def test_list_searches_french_words_references_and_associations(
    world: World, as_role: AsRole
) -> None:
    found = world.mission(S.REVIEW, title="Restaurer les mangroves de la lagune")
    world.mission(
        S.REVIEW,
        title="Autre chose",
        project=ProjectFactory.create(holder=world.other_association),
    )
    client = as_role("coordinator")
    for words in ("mangrove", "lagunes", found.reference, "Exemple Une"):
        assert titles(client, q=words) == {found.title}


def test_list_shows_a_map_of_places(world: World, as_role: AsRole) -> None:
    first = world.mission(S.REVIEW, latitude=6.4, longitude=2.0)
    world.mission(S.REVIEW, latitude=6.4, longitude=2.0)
    world.mission(S.REVIEW, place="Moulenda", country="CG", latitude=-4.0, longitude=14.5)
    response = as_role("coordinator").get(LIST, {"carte": "1"})
    points = response.context["list"].points
    assert [(point.label, point.count) for point in points] == [("Kpomassé", 2), ("Moulenda", 1)]
    page = response.content.decode()
    assert "<svg" in page
    assert first.get_absolute_url() not in page
    assert points[1].url in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Aucune mission pour l’instant"),
        ({"vue": "en-retard"}, "Aucune mission pour l’instant"),
    ],
)
def test_list_says_what_to_do_when_it_is_empty(
    world: World, as_role: AsRole, query: dict[str, str], words: str
) -> None:
    assert words in as_role("osim").get(LIST, query).content.decode()


def test_list_says_so_when_filters_leave_nothing(world: World, as_role: AsRole) -> None:
    world.mission(S.REVIEW)
    page = as_role("osim").get(LIST, {"q": "introuvable"}).content.decode()
    assert "Aucune mission ne correspond" in page
    page = as_role("osim").get(LIST, {"vue": "en-retard"}).content.decode()
    assert "Aucune mission en retard" in page


def test_list_paginates_and_keeps_filters(world: World, as_role: AsRole) -> None:
    for _ in range(27):
        world.mission(S.REVIEW)
    client = as_role("coordinator")
    assert len(titles(client, pays="BJ")) == 25
    assert len(titles(client, pays="BJ", page="2")) == 2
    assert "pays=BJ&amp;page=2" in client.get(LIST, {"pays": "BJ"}).content.decode()


def test_list_costs_the_same_with_many_missions(world: World, as_role: AsRole) -> None:
    clients = [as_role(role) for role in ("osim", "coordinator")]
    queries = [{}, {"carte": "1"}, {"q": "mission", "vue": "a-moi"}]
    costs = []
    for total in (1, 3, PAGE + 5):
        for _ in range(total - Mission.objects.count()):
            world.mission(S.REVIEW, latitude=6.4, longitude=2.0)
        for client in clients:
            for query in queries:
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(LIST, query).status_code == 200
                costs.append(len(captured))
    assert costs[:6] == costs[6:12] == costs[12:]
    assert max(costs) <= 12


def test_list_filters_are_taken_away_one_by_one(world: World, as_role: AsRole) -> None:
    world.mission(S.REVIEW)
    page = as_role("coordinator").get(LIST, {"vue": "a-moi", "pays": "BJ", "q": "essai"})
    text = page.content.decode()
    assert f'href="{LIST}?vue=a-moi&amp;pays=BJ"' in text
    assert f'href="{LIST}?vue=a-moi&amp;q=essai"' in text
    assert "Bénin" in text
    assert f'href="{LIST}?vue=a-moi"' in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("atelier", True),
        ("ateliers fonderies", True),
        ("fond", True),
        ("FONDERIE", True),
        ("Ndiaye", True),
        ("partenaire exemple", True),
        ("fonderie -atelier", False),
        ("moulin", False),
    ],
)
def test_list_finds_words_as_they_are_typed(
    world: World, as_role: AsRole, words: str, found: bool
) -> None:
    world.association.name = "Amis de N’Diaye et Ndiayé"
    world.association.save()
    world.mission(S.REVIEW, title="Un atelier de fonderie")
    page = as_role("coordinator").get(LIST, {"q": words}).content.decode()
    assert ("Un atelier de fonderie" in page) == found


@pytest.mark.parametrize(("role", "told"), [("osim", False), ("coordinator", True)])
def test_list_keeps_a_decision_from_the_association_until_its_letter(
    world: World, as_role: AsRole, role: str, told: bool
) -> None:
    mission = world.mission(S.DECLINED, decided_at=clock.now(), title="Une mission décidée")
    client = as_role(role)
    for query in ({"etat": "declined"}, {"vue": "terminees"}):
        assert (mission.title in client.get(LIST, query).content.decode()) == told
    at_committee = client.get(LIST, {"etat": "committee"}).content.decode()
    assert (mission.title in at_committee) == (not told)
    waits = client.get("/accueil/").content.decode()
    assert "Non retenue" not in waits
