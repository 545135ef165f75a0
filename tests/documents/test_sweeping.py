"""What nobody holds goes at night; nothing that somebody may still reach does."""

import os
from datetime import timedelta
from decimal import Decimal
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction

from capitalisation.reports.actions import add_deliverable, start_report
from explor import clock
from explor.documents.actions import keep_bytes, store_file
from explor.documents.models import StoredFile
from explor.documents.sweeping import PATIENCE, Swept, pointers, sweep
from explor.documents.tasks import sweep_files
from explor.journal.models import Entry
from missions.funding.expenses import change_expense, record_expense
from missions.funding.models import Expense
from missions.request.annexing import add_annex
from missions.request.models import AnnexKind
from tests.factories import World, make_world

WORDS = {
    "heading": "travel",
    "label": "Billet",
    "state": "spent",
    "dated": clock.today(),
    "amount": Decimal(10),
    "currency": "EUR",
}


def receipt(text: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("billet.txt", text)


def old(name: str) -> str:
    """Written well before the sweep may look at it."""
    past = (clock.now() - PATIENCE - timedelta(hours=1)).timestamp()
    os.utime(default_storage.path(name), (past, past))
    return name


def aged(row: StoredFile) -> StoredFile:
    StoredFile.objects.filter(pk=row.pk).update(
        created_at=clock.now() - PATIENCE - timedelta(hours=1)
    )
    old(str(row.file.name))
    return row


def is_there(row: StoredFile) -> bool:
    kept = StoredFile.objects.filter(pk=row.pk).exists()
    assert kept == default_storage.exists(str(row.file.name))
    return kept


def stray(text: bytes = b"Des octets.") -> str:
    return default_storage.save(f"fichiers/ab/{uuid4().hex}.txt", ContentFile(text))


def test_bytes_of_a_transaction_rolled_back_go(db: None) -> None:
    with transaction.atomic():
        row = keep_bytes(b"Perdu.", name="a.txt", content_type="text/plain", actor=None)
        transaction.set_rollback(True)
    name = str(row.file.name)
    assert default_storage.exists(name)
    assert sweep() == Swept()
    old(name)
    assert sweep().bytes_alone == [name]
    assert not default_storage.exists(name)
    assert sweep() == Swept()


def test_receipt_that_another_replaced_goes_and_the_other_stays(world: World) -> None:
    mission = world.mission("support")
    expense = record_expense(mission, WORDS, actor=None, receipt=receipt(b"Le premier."))
    first = expense.receipt
    expense = change_expense(expense, {}, actor=None, receipt=receipt(b"Le second."))
    assert first is not None and expense.receipt is not None
    assert sweep() == Swept()
    for row in (first, expense.receipt):
        aged(row)
    assert sweep_files() == 1
    assert not is_there(first) and is_there(expense.receipt)


def test_deliverable_that_another_replaced_goes(world: World) -> None:
    report = start_report(world.mission("report"), actor=None)
    rows = [
        add_deliverable(report, title="Guide", upload=text, name="g.txt", actor=world.volunteer)
        for text in (b"Un.", b"Deux.")
    ]
    first, second = (StoredFile.objects.get(pk=row.file_id) for row in rows)
    for row in (first, second):
        aged(row)
    assert sweep().rows_alone == [str(first.file.name)]
    assert is_there(second)


def test_what_somebody_may_reach_stays(world: World) -> None:
    mission = world.mission("draft")
    annex = add_annex(
        mission, AnnexKind.OTHER, b"Une piece.", name="a.txt", actor=None, token=uuid4()
    )
    own = store_file(b"Mes notes.", name="a.txt", actor=world.researcher)
    public = store_file(b"Publi.", name="a.txt", actor=None, public=True)
    young = store_file(b"Neuf.", name="a.txt", actor=None)
    for row in (annex.file, own, public):
        aged(row)
    assert sweep() == Swept()
    assert all(is_there(row) for row in (annex.file, own, public, young))


def test_every_column_that_holds_a_file_is_asked() -> None:
    """Written apart from `pointers`: from the columns to the file."""
    holding = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model is StoredFile
        and not hasattr(model, "pgh_tracked_model")
    }
    assert set(pointers()) == holding
    assert len(holding) >= 11


def test_journal_says_what_was_taken(world: World) -> None:
    names = sorted(old(stray()) for _ in range(2))
    row = aged(store_file(b"Seul.", name="a.txt", actor=None))
    sweep()
    entry = Entry.objects.get(verb="documents.sweep")
    assert entry.text.startswith("3 fichiers")
    assert sorted(entry.data["bytes_alone"]) == names
    assert entry.data["rows_alone"] == [str(row.file.name)]


def test_night_with_nothing_to_take_says_nothing(db: None) -> None:
    stray()
    assert sweep_files() == 0
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_file_being_pointed_to_meanwhile_stays() -> None:
    """The sweep saw nobody; the expense that takes the file commits while it waits."""
    world = make_world()
    row = aged(store_file(b"Repris.", name="a.txt", actor=None))
    expense = record_expense(world.mission("support"), WORDS, actor=None)
    pointed, go, found = Event(), Event(), []

    def point() -> None:
        try:
            with transaction.atomic():
                Expense.objects.filter(pk=expense.pk).update(receipt=row)
                # the reference is checked now, as it is when the row of another table is added
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                pointed.set()
                go.wait(20)
        finally:
            connection.close()

    def take() -> None:
        try:
            found.append(sweep())
        finally:
            connection.close()

    threads = [Thread(target=point), Thread(target=take)]
    threads[0].start()
    assert pointed.wait(20)
    threads[1].start()
    _wait_for_a_lock()
    go.set()
    for thread in threads:
        thread.join(20)
    assert found == [Swept()] and is_there(row)


def _wait_for_a_lock() -> None:
    """Until the sweep waits for the transaction that points to the file."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0"
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    raise AssertionError("the sweep waited for nobody")


@pytest.mark.django_db(transaction=True)
def test_upload_going_on_is_left_alone() -> None:
    """Its bytes are in the storage and its row is in nobody's sight yet."""
    written, go, rows = Event(), Event(), []

    def upload() -> None:
        try:
            with transaction.atomic():
                rows.append(store_file(b"En route.", name="a.txt", actor=None))
                written.set()
                go.wait(20)
        finally:
            connection.close()

    thread = Thread(target=upload)
    thread.start()
    assert written.wait(20)
    assert not StoredFile.objects.exists()
    assert sweep() == Swept()
    go.set()
    thread.join(20)
    assert sweep() == Swept()
    assert is_there(rows[0])
