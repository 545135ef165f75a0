from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capitalisation.corpus.queries import coverage
from missions.lifecycle import State
from tests.capitalisation.corpus.samples import make_interview, make_text
from tests.factories import World

As = Callable[[str], Client]


def test_researchers_find_texts_by_their_words(world: World, as_role: As) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_text(mission, "Les palétuviers repoussent.", source="essai:1", title="Mangrove")
    make_text(mission, "Le financement manque.", source="essai:2", title="Argent")
    client = as_role("researcher")
    page = client.get(reverse("corpus")).content.decode()
    assert "Mangrove" in page
    assert "Argent" in page
    found = client.get(reverse("corpus"), {"q": "financée"}).content.decode()
    assert "Argent" in found
    assert "Mangrove" not in found


@pytest.mark.parametrize("role", ["coordinator", "committee", "administrator"])
def test_the_rest_of_the_team_sees_figures_not_texts(world: World, as_role: As, role: str) -> None:
    make_text(world.mission(State.CAPITALISATION), "Un.", title="Texte réservé")
    answer = as_role(role).get(reverse("corpus"))
    assert answer.status_code == 200
    assert "Texte réservé" not in answer.content.decode()


@pytest.mark.parametrize("role", ["osim", "volunteer"])
def test_the_corpus_is_not_found_by_others(world: World, as_role: As, role: str) -> None:
    assert as_role(role).get(reverse("corpus")).status_code == 404


def test_an_empty_corpus_says_what_will_fill_it(world: World, as_role: As) -> None:
    page = as_role("researcher").get(reverse("corpus")).content.decode()
    assert "Le corpus est vide" in page


def test_coverage_names_what_nobody_was_asked(world: World) -> None:
    make_interview(world.mission(State.CAPITALISATION))
    found = coverage(world.programme)
    assert sum(cell.count for row in found.rows for cell in row.cells) == 1
    assert len(found.missing) == 15


def test_pseudonyms_are_added_and_removed_on_the_page(world: World, as_role: As) -> None:
    mission = world.mission(State.CAPITALISATION)
    url = reverse("pseudonyms", args=[mission.reference])
    client = as_role("researcher")
    client.post(url, {"term": "Ouidah", "replacement": "une commune"})
    again = client.post(url, {"term": "ouidah", "replacement": "un port"})
    assert again.status_code == 422
    assert "un port" in again.content.decode()
    row = mission.pseudonyms.get()
    client.post(reverse("pseudonym_remove", args=[mission.reference, row.pk]))
    assert not mission.pseudonyms.exists()


@pytest.mark.parametrize("role", ["coordinator", "administrator", "osim", "stranger"])
def test_the_key_table_is_for_researchers(world: World, as_role: As, role: str) -> None:
    mission = world.mission(State.CAPITALISATION)
    row = mission.pseudonyms.create(term="Ouidah", replacement="une commune")
    client = as_role(role)
    assert client.get(reverse("pseudonyms", args=[mission.reference])).status_code == 404
    gone = client.post(reverse("pseudonym_remove", args=[mission.reference, row.pk]))
    assert gone.status_code == 404
    assert mission.pseudonyms.exists()


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_the_list_asks_at_most_twelve_queries(
    world: World, as_role: As, rows: int, django_assert_max_num_queries: Any
) -> None:
    mission = world.mission(State.CAPITALISATION)
    for n in range(rows):
        make_text(mission, f"Texte {n}.", source=f"essai:{n}")
    client = as_role("researcher")
    client.get(reverse("corpus"))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("corpus"), {"q": "texte"}).status_code == 200
