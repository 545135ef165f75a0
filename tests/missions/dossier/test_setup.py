"""Opening a programme and a territory, by the administration."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from explor.journal.models import Entry
from missions.dossier.models import Programme, Territory
from missions.dossier.setup_actions import create_territory, save_territory
from tests.factories import World


def programme(world: World, **changes: Any) -> dict[str, Any]:
    base = {
        "name": "Passerelles",
        "reference_prefix": "PA",
        "starts_on": "2026-01-01",
        "territories": [world.territory.pk],
        "coordinates": [world.network.pk],
        "is_open": "on",
        "token": str(uuid4()),
    }
    return {**base, **changes}


def test_programme_opens_with_its_milestones_once(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, data = as_role("administrator"), programme(world)
    for _ in range(2):
        answer = client.post("/reglages/programmes/nouveau/", data)
        assert answer.headers["Location"] == "/reglages/programmes/"
    made = Programme.objects.get(slug="passerelles")
    assert list(made.territories.all()) == [world.territory]
    assert list(made.partner_rows.values_list("organisation", "role")) == [
        (world.network.pk, "coordinates")
    ]
    assert made.milestone_templates.count() > 20
    assert Entry.objects.filter(stream="programme:passerelles").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference_prefix": "é1"}, "lettres majuscules"),
        ({"ends_on": "2025-01-01"}, "vient avant son début"),
        ({"name": "EXPLOR"}, "déjà pris"),
        ({"territories": []}, "obligatoire"),
    ],
)
def test_wrong_programme_is_refused_and_kept_on_screen(
    as_role: Callable[[str], Client], world: World, changes: dict[str, Any], words: str
) -> None:
    answer = as_role("administrator").post(
        "/reglages/programmes/nouveau/", programme(world, **changes)
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text and 'value="2026-01-01"' in text
    assert Programme.objects.count() == 1


def test_programme_is_corrected_with_its_version(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, path = as_role("administrator"), "/reglages/programmes/explor/"
    both = [world.territory.pk, world.other_territory.pk]
    data = programme(world, name="EXPLOR", territories=both, tagline="La mienne", version="1")
    assert client.post(path, data).status_code == 302
    world.programme.refresh_from_db()
    assert (world.programme.tagline, world.programme.version) == ("La mienne", 2)
    stale = client.post(path, {**data, "tagline": "L’autre"})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert "La mienne" in text and "L’autre" in text and 'name="version" value="2"' in text


def test_territory_with_missions_stays_in_its_programme(
    as_role: Callable[[str], Client], world: World
) -> None:
    world.mission("review")
    data = programme(world, name="EXPLOR", territories=[world.other_territory.pk], version="1")
    answer = as_role("administrator").post("/reglages/programmes/explor/", data)
    assert "a des missions de ce programme" in answer.content.decode()
    assert world.programme.territories.filter(pk=world.territory.pk).exists()


def test_territory_opens_and_changes(as_role: Callable[[str], Client], world: World) -> None:
    client = as_role("administrator")
    data = {"name": "Bretagne", "networks": [world.network.pk], "token": str(uuid4())}
    assert client.post("/reglages/territoires/nouveau/", data).status_code == 302
    made = Territory.objects.get(slug="bretagne")
    path = "/reglages/territoires/bretagne/"
    assert client.post(path, {**data, "name": "Bretagne Sud", "version": "1"}).status_code == 302
    assert client.post(path, {**data, "name": "Autre", "version": "1"}).status_code == 409
    made.refresh_from_db()
    assert made.name == "Bretagne Sud" and list(made.networks.all()) == [world.network]
    taken = client.post(path, {**data, "name": "Hauts-de-France", "version": "2"})
    assert "déjà pris" in taken.content.decode()


@pytest.mark.parametrize("role", ["osim", "coordinator", "researcher", "committee"])
def test_others_open_nothing(as_role: Callable[[str], Client], world: World, role: str) -> None:
    actor = world.person(role)
    with pytest.raises(PermissionDenied):
        create_territory(name="Bretagne", networks=[], actor=actor, token=uuid4())
    with pytest.raises(PermissionDenied):
        save_territory(world.territory, name="X", networks=[], actor=actor, version=1)
    answer = as_role(role).post("/reglages/programmes/nouveau/", programme(world))
    assert answer.status_code == 404


def test_list_of_programmes_takes_few_queries(
    as_role: Callable[[str], Client], world: World, django_assert_num_queries: Any
) -> None:
    client = as_role("administrator")
    for number in (1, 3):
        for place in range(number):
            create_territory(
                name=f"Région {number}{place}", networks=[world.network], actor=None, token=uuid4()
            )
        with django_assert_num_queries(8):
            client.get("/reglages/programmes/")
