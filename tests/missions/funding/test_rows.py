"""Expenses, co-funding and instalments as they are written."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from explor import clock
from explor.documents.models import StoredFile
from explor.journal.models import Entry
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission
from missions.dossier.queries import acts_on
from missions.funding.cofundings import change_cofunding, record_cofunding, remove_cofunding
from missions.funding.commitments import commit
from missions.funding.expenses import change_expense, record_expense, remove_expense
from missions.funding.instalments import (
    cancel_instalment,
    change_instalment,
    pay_instalment,
    plan_instalment,
)
from missions.funding.models import CoFunding, Expense, Instalment
from missions.funding.overview import overview_of
from tests.factories import World
from tests.ground_funding import open_one
from tests.missions.funding.words import ASKED, BILL, NO_ONE, TICKET, YEAR


@pytest.fixture
def mission(world: World) -> Mission:
    mission = world.mission("preparation")
    open_one(world, YEAR)
    commit(mission, Decimal(2000), year=YEAR, actor=None)
    return mission


def plan(mission: Mission, amount: str, **extra: Any) -> Instalment:
    words = {"label": "À la signature", "due_on": clock.today(), "actor": None} | extra
    return plan_instalment(mission, amount=Decimal(amount), **words)


# --- expenses -------------------------------------------------------------------------
def test_expense_in_francs_is_worth_its_euros_at_the_parity(mission: Mission, world: World) -> None:
    row = record_expense(mission, BILL, actor=world.osim)
    row.refresh_from_db()
    assert (row.rate, row.euros) == (Decimal("655.9570"), Decimal("150.00"))
    assert "98\u202f394\u00a0F\u00a0CFA" in Entry.objects.get(verb="funding.record_expense").text


def test_expense_keeps_the_rate_of_the_exchange_office(mission: Mission, world: World) -> None:
    row = record_expense(mission, BILL | {"rate": Decimal(640)}, actor=world.osim)
    row.refresh_from_db()
    assert row.euros == Decimal("153.74")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"amount": Decimal("98394.50")}, "pas de centimes"),
        ({"amount": Decimal(0)}, "supérieur à zéro"),
        ({"heading": "programme"}, "poste de dépense"),
        ({"label": "  "}, "vide"),
        ({"currency": "USD"}, "USD"),
        ({"rate": Decimal(-1)}, "taux"),
        ({"dated": clock.today().replace(year=clock.today().year + 1)}, "date à venir"),
    ],
)
def test_expense_that_cannot_be_is_refused(
    mission: Mission, world: World, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        record_expense(mission, BILL | change, actor=world.osim)
    assert not Expense.objects.exists()


@pytest.mark.parametrize("role", NO_ONE)
def test_who_follows_the_money_without_carrying_it_writes_no_row(
    mission: Mission, world: World, role: str
) -> None:
    with pytest.raises(PermissionDenied):
        record_expense(mission, TICKET, actor=world.person(role))
    with pytest.raises(PermissionDenied):
        record_cofunding(mission, ASKED, actor=world.person(role))


def test_expense_waits_for_the_mission_to_be_accepted(world: World) -> None:
    with pytest.raises(PermissionDenied):
        record_expense(world.mission("review"), TICKET, actor=world.osim)


def test_row_sent_twice_is_written_once(mission: Mission, world: World) -> None:
    token = uuid4()
    for _ in range(2):
        record_expense(mission, TICKET, actor=world.osim, token=token)
        record_cofunding(mission, ASKED, actor=world.osim, token=token)
        plan(mission, "500", token=token)
    counts = [model.objects.count() for model in (Expense, CoFunding, Instalment)]
    assert counts == [1, 1, 1]


def test_stale_row_is_not_written_over(mission: Mission, world: World) -> None:
    spent = record_expense(mission, TICKET, actor=world.osim)
    asked = record_cofunding(mission, ASKED, actor=world.osim)
    due = plan(mission, "500")
    change_expense(spent, {"label": "Le billet"}, actor=world.osim, version=1)
    change_cofunding(asked, {"asked": Decimal(700)}, actor=world.osim, version=1)
    words = {"label": "Plus tard", "due_on": clock.today(), "amount": Decimal(400)}
    change_instalment(due, **words, actor=None, version=1)
    with pytest.raises(Stale):
        change_expense(spent, {"label": "Autre"}, actor=world.coordinator, version=1)
    with pytest.raises(Stale):
        change_cofunding(asked, {"asked": Decimal(1)}, actor=world.coordinator, version=1)
    with pytest.raises(Stale):
        change_instalment(due, **words, actor=None, version=1)
    with pytest.raises(Stale):
        pay_instalment(due, paid_on=clock.today(), reference="V", actor=None, version=1)
    spent.refresh_from_db()
    assert (spent.label, spent.version) == ("Le billet", 2)


def test_receipt_is_read_by_who_reads_the_money_and_goes_with_its_expense(
    mission: Mission, world: World
) -> None:
    sent = SimpleUploadedFile("recu.txt", "Reçu d’essai".encode())
    row = record_expense(mission, TICKET, receipt=sent, actor=world.osim)
    receipt = row.receipt
    assert receipt is not None
    assert receipt.is_visible_to(world.committee)
    assert not receipt.is_visible_to(world.volunteer)
    change_expense(row, {"label": "Billet et bagage"}, actor=world.osim)
    row.refresh_from_db()
    assert row.receipt == receipt
    with pytest.raises(Refusal, match="raison"):
        remove_expense(row, reason=" ", actor=world.osim)
    remove_expense(row, reason="Notée deux fois.", actor=world.osim)
    assert not StoredFile.objects.exists()


# --- co-funding -----------------------------------------------------------------------
def test_answer_of_a_funder_counts_once_secured(mission: Mission, world: World) -> None:
    row = record_cofunding(mission, ASKED, actor=world.osim)
    before = overview_of(mission, clock.today())
    assert (before.secured, before.waiting) == (0, 600)
    answer = {"state": "secured", "secured": Decimal(450), "answered_on": clock.today()}
    change_cofunding(row, answer, actor=world.osim, version=1)
    gift = ASKED | {"nature": "valorised", "funder_name": "La mairie", **answer}
    record_cofunding(mission, gift, actor=world.coordinator)
    after = overview_of(mission, clock.today())
    assert (after.secured, after.waiting, after.valorised_secured) == (450, 0, 450)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"funder_name": ""}, "Choisissez une organisation"),
        ({"asked": Decimal(0)}, "supérieur à zéro"),
        ({"state": "secured"}, "un montant et une date"),
        ({"state": "refused"}, "une date"),
        ({"secured": Decimal(5)}, "un montant et une date"),
    ],
)
def test_cofunding_that_cannot_be_is_refused(
    mission: Mission, world: World, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        record_cofunding(mission, ASKED | change, actor=world.osim)


def test_cofunding_noted_by_mistake_is_removed_with_a_trace(mission: Mission, world: World) -> None:
    row = record_cofunding(mission, ASKED, actor=world.osim)
    remove_cofunding(row, reason="Doublon.", actor=world.osim)
    assert not CoFunding.objects.exists()
    assert Entry.objects.get(verb="funding.remove_cofunding").reason == "Doublon."


# --- instalments ----------------------------------------------------------------------
def test_schedule_never_passes_over_what_is_committed(mission: Mission) -> None:
    first = plan(mission, "1200")
    with pytest.raises(Refusal, match="la décision engage"):
        plan(mission, "800.01")
    plan(mission, "800")
    words = {"label": "Acompte", "due_on": clock.today()}
    with pytest.raises(Refusal, match="la décision engage"):
        change_instalment(first, **words, amount=Decimal("1200.01"), actor=None, version=1)
    cancel_instalment(first, reason="Remplacé.", actor=None)
    assert plan(mission, "1200").state == "planned"


def test_nothing_is_scheduled_without_a_commitment(world: World) -> None:
    with pytest.raises(Refusal, match="Aucun montant"):
        plan(world.mission("preparation"), "1")


def test_payment_is_dated_referenced_and_final(mission: Mission, world: World) -> None:
    row = plan(mission, "1200")
    with pytest.raises(Refusal, match="référence"):
        pay_instalment(row, paid_on=clock.today(), reference=" ", actor=world.coordinator)
    pay_instalment(row, paid_on=clock.today(), reference="VIR-7", actor=world.coordinator)
    money = overview_of(mission, clock.today())
    assert (money.paid, money.to_pay, money.unscheduled) == (1200, 800, 800)
    with pytest.raises(Refusal, match="versé"):
        cancel_instalment(row, reason="Erreur.", actor=world.coordinator)
    with pytest.raises(Refusal, match="versé"):
        pay_instalment(row, paid_on=clock.today(), reference="VIR-8", actor=world.coordinator)


@pytest.mark.parametrize("role", ["osim", *NO_ONE])
def test_who_does_not_pay_schedules_nothing(mission: Mission, world: World, role: str) -> None:
    row = plan(mission, "100")
    person = world.person(role)
    with pytest.raises(PermissionDenied):
        plan(mission, "100", actor=person)
    with pytest.raises(PermissionDenied):
        pay_instalment(row, paid_on=clock.today(), reference="V", actor=person)
    with pytest.raises(PermissionDenied):
        cancel_instalment(row, reason="Non.", actor=person)


def test_late_payment_is_told_the_day_after(mission: Mission) -> None:
    row = plan(mission, "100")
    assert overview_of(mission, row.due_on).late == []
    later = overview_of(mission, row.due_on + timedelta(days=1))
    assert [payment.row for payment in later.late] == [row]


def test_amounts_of_the_history_are_not_for_the_volunteer(mission: Mission, world: World) -> None:
    record_expense(mission, TICKET, actor=world.osim)
    verbs = {
        role: {e.verb for e in acts_on(mission, world.person(role))}
        for role in ("osim", "volunteer", "researcher", "committee")
    }
    reading = {role for role, found in verbs.items() if "funding.record_expense" in found}
    assert reading == {"osim", "committee"}


def test_franc_of_another_rate_is_held_by_the_database(mission: Mission, world: World) -> None:
    record_expense(mission, TICKET, actor=world.osim)
    with pytest.raises(IntegrityError, match="expense_rate"), transaction.atomic():
        Expense.objects.update(rate=2)
