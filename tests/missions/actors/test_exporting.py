"""The directory as a spreadsheet, and what people type to find an actor."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from explor.accounts.models import OrganisationKind
from explor.documents.models import ExportJob, JobState
from explor.documents.tasks import run_export
from explor.journal.models import Entry
from missions.actors import exporting
from missions.actors.exporting import export_actors
from tests.factories import OrganisationFactory, World

AsRole = Callable[[str], Client]
ADDRESS = "/acteurs/tableur/"


def rows_of(content: bytes) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_actors_leave_as_the_filters_show_them(world: World, as_role: AsRole) -> None:
    OrganisationFactory.create(name="=1+1", city="Lille")
    answer = as_role("coordinator").post(f"{ADDRESS}?nature=osim&q=lille", {"token": uuid4()})
    assert [(row["Nom"], row["Ville"]) for row in rows_of(answer.content)] == [("=1+1", "Lille")]
    assert "acteurs-osim-" in answer["Content-Disposition"]
    entry = Entry.objects.get(verb="missions.export_actors")
    assert (entry.actor, entry.data["rows"]) == (world.coordinator, 1)


@pytest.mark.parametrize(
    ("role", "reads"), [("coordinator", True), ("administrator", True), ("researcher", False)]
)
def test_addresses_of_volunteers_are_for_those_who_match(
    world: World, as_role: AsRole, role: str, reads: bool
) -> None:
    answer = as_role(role).post(f"{ADDRESS}?nature=volunteer", {"token": uuid4()})
    rows = rows_of(answer.content)
    assert {row["Prénom"] for row in rows} == {"Camille", "Noa"}
    assert ("E-mail" in rows[0]) == reads


def test_long_list_of_actors_is_a_job(
    world: World, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    answer = as_role("researcher").post(f"{ADDRESS}?nature=osim", {"token": uuid4()})
    job = ExportJob.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    run_export(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_actors_are_not_exported_outside_the_teams(world: World) -> None:
    with pytest.raises(PermissionDenied):
        export_actors({}, actor=world.osim, token=uuid4())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("eleveurs", True),
        ("ÉLEVEUR", True),
        ("unions des éleveurs", True),
        ("saint éle", True),
        ("100%", False),
        ("éleveurs du Mali", False),
    ],
)
def test_actor_is_found_whatever_accents_plural_and_order(
    world: World, as_role: AsRole, words: str, found: bool
) -> None:
    kind = OrganisationKind.OSIM
    OrganisationFactory.create(kind=kind, name="Union des éleveurs", city="Saint-Denis")
    page = as_role("coordinator").get("/acteurs/", {"nature": "osim", "q": words})
    assert ("Union des éleveurs" in page.content.decode()) == found


def test_filters_of_actors_are_taken_away_one_by_one(world: World, as_role: AsRole) -> None:
    page = as_role("coordinator").get("/acteurs/?nature=osim&q=zzz&pays=FR").content.decode()
    assert 'href="/acteurs/?nature=osim&amp;pays=FR"' in page
    assert 'href="/acteurs/?nature=osim&amp;q=zzz"' in page
    assert "Personne ne correspond" in page
    assert 'href="/acteurs/?nature=osim"' in page
