"""The list of missions as a spreadsheet: what the filters show, what the role may read."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from explor.documents.models import ExportJob, JobState
from explor.documents.tasks import run_export
from explor.journal.models import Entry
from missions import lifecycle
from missions.dossier import exporting
from missions.dossier.exporting import export_missions
from missions.funding.models import BudgetLine, Heading, Side
from tests.factories import UserFactory, World

AsRole = Callable[[str], Client]
S = lifecycle.State
ADDRESS = "/missions/tableur/"
AMOUNT = "Part demandée au programme (€)"


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).active


def rows_of(content: bytes) -> list[dict[str, Any]]:
    head, *rows = sheet_of(content).iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_export_has_real_dates_and_frozen_french_headings(world: World, as_role: AsRole) -> None:
    world.mission(S.SUPPORT, departs_on=date(2026, 3, 1), returns_on=date(2026, 3, 8))
    answer = as_role("coordinator").post(ADDRESS, {"token": uuid4()})
    assert answer["Content-Disposition"].startswith('attachment; filename="missions-20')
    sheet = sheet_of(answer.content)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    (row,) = rows_of(answer.content)
    assert row["Départ"] == datetime(2026, 3, 1)
    assert row["Durée (jours)"] == 8
    assert row["État"] == "Accompagnement à distance"
    assert row["Volontaires"] == str(world.volunteer)
    assert row["Pays"] == "Bénin"


def test_export_follows_the_filters_and_the_order(world: World, as_role: AsRole) -> None:
    kept = [world.mission(S.REVIEW, country="ML") for _ in range(2)]
    world.mission(S.REVIEW, country="BJ")
    answer = as_role("coordinator").post(f"{ADDRESS}?pays=ML&vue=a-moi", {"token": uuid4()})
    assert [row["Référence"] for row in rows_of(answer.content)] == [
        kept[1].reference,
        kept[0].reference,
    ]


def test_export_never_holds_a_formula(world: World, as_role: AsRole) -> None:
    for start in ("=", "+", "-", "@"):
        world.mission(S.REVIEW, title=f'{start}HYPERLINK("http://mal.example";"clic")')
    answer = as_role("coordinator").post(ADDRESS, {"token": uuid4()})
    cells = [row[1] for row in list(sheet_of(answer.content).iter_rows())[1:]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[0].value.startswith("@HYPERLINK")


@pytest.mark.parametrize(
    ("role", "amount"),
    [
        ("coordinator", 4000),
        ("other_coordinator", 4000),
        ("committee", 4000),
        ("administrator", 4000),
        ("osim", 4000),
        ("volunteer", "no column"),
        ("researcher", "no column"),
    ],
)
def test_export_shows_amounts_to_those_who_may_read_them(
    world: World, as_role: AsRole, role: str, amount: object
) -> None:
    mission = world.mission(S.SUPPORT)
    line = {"side": Side.INCOME, "heading": Heading.PROGRAMME, "amount": Decimal(4000)}
    BudgetLine.objects.create(mission=mission, **line)
    (row,) = rows_of(as_role(role).post(ADDRESS, {"token": uuid4()}).content)
    assert row.get(AMOUNT, "no column") == amount
    assert ("Au tour de" in row) == (role not in {"osim", "volunteer"})


def test_export_hides_the_amounts_of_another_association(world: World, as_role: AsRole) -> None:
    """Somebody who is of an association and volunteers for another."""
    mission = world.mission(S.SUPPORT, holder=world.other_association)
    line = {"side": Side.INCOME, "heading": Heading.PROGRAMME, "amount": Decimal(4000)}
    BudgetLine.objects.create(mission=mission, **line)
    world.volunteer.memberships.create(organisation=world.association, role="member")
    (row,) = rows_of(as_role("volunteer").post(ADDRESS, {"token": uuid4()}).content)
    assert row[AMOUNT] is None


def test_export_is_written_in_the_journal(world: World, as_role: AsRole) -> None:
    world.mission(S.REVIEW)
    as_role("coordinator").post(f"{ADDRESS}?pays=BJ", {"token": uuid4()})
    entry = Entry.objects.get(verb="missions.export_list")
    assert entry.actor == world.coordinator
    assert entry.data == {"filters": {"pays": "BJ"}, "rows": 1}


def test_export_of_a_long_list_is_a_job(
    world: World, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    for _ in range(2):
        world.mission(S.REVIEW)
    client, token = as_role("coordinator"), uuid4()
    for _ in range(2):
        answer = client.post(f"{ADDRESS}?vue=a-moi", {"token": token})
    job = ExportJob.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    run_export(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.result is not None
    with job.result.file.open() as made:
        assert len(rows_of(made.read())) == 2
    assert as_role("researcher").get(job.result.get_absolute_url()).status_code == 404


def test_export_takes_the_same_queries_for_any_number(world: World) -> None:
    costs = []
    for _ in range(3):
        world.mission(S.REVIEW)
        with CaptureQueriesContext(connection) as captured:
            export_missions({}, actor=world.coordinator, token=uuid4())
        costs.append(len(captured))
    assert costs[1] == costs[2] <= 12


def test_export_is_for_those_who_have_missions(world: World) -> None:
    with pytest.raises(PermissionDenied):
        export_missions({}, actor=UserFactory.create(), token=uuid4())
