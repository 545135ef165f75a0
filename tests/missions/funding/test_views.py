"""The « Financement » page and the forms behind it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from explor import clock
from missions.dossier.models import ConflictOfInterest, Mission
from missions.funding.actions import NewLine, write_budget
from missions.funding.cofundings import change_cofunding, record_cofunding
from missions.funding.commitments import commit
from missions.funding.expenses import change_expense, record_expense
from missions.funding.instalments import plan_instalment
from missions.funding.models import CoFunding, Envelope, Expense, Heading, Instalment, Side
from missions.funding.work import payments
from tests.factories import World
from tests.ground_funding import open_one
from tests.missions.funding.words import ASKED, BILL, TICKET
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]
TYPED = {
    "heading": "travel",
    "label": "Billet",
    "state": "spent",
    "dated": "2026-03-02",
    "amount": "612,40",
    "currency": "EUR",
    "rate": "",
}


@pytest.fixture
def mission(world: World) -> Mission:
    mission = world.mission("preparation")
    commit(mission, Decimal(2000), year=open_one(world).year, actor=None, decision="comité de mai")
    return mission


def page(mission: Mission, tail: str = "") -> str:
    return f"/missions/{mission.reference}/financement/{tail}"


def fill(mission: Mission, rows: int) -> None:
    for number in range(rows):
        record_expense(mission, BILL | {"label": f"Dépense {number}"}, actor=None)
        record_cofunding(mission, ASKED | {"funder_name": f"Financeur {number}"}, actor=None)
        plan_instalment(
            mission,
            label=f"Tranche {number}",
            due_on=clock.today(),
            amount=Decimal(10),
            actor=None,
        )


def test_page_says_what_is_committed_spent_and_late(
    world: World, as_role: AsRole, mission: Mission
) -> None:
    write_budget(
        mission,
        [
            NewLine(Side.EXPENSE, Heading.TRAVEL, Decimal(600)),
            NewLine(Side.EXPENSE, Heading.LOCAL, Decimal(400)),
            NewLine(Side.INCOME, Heading.PROGRAMME, Decimal(1000)),
        ],
        actor=None,
    )
    record_expense(mission, TICKET, actor=None)
    record_expense(mission, BILL, actor=None)
    late = clock.today() - timedelta(days=3)
    plan_instalment(mission, label="Acompte", due_on=late, amount=Decimal(1000), actor=None)
    shown = as_role("osim").get(page(mission)).text.replace("\u202f", " ").replace("\u00a0", " ")
    for words in ("2 000,00 €", "762,40 €", "98 394 F CFA, soit 150,00 €", "655,957", "En retard"):
        assert words in shown
    assert "Dépassé" in shown
    assert "Comité de mai" in shown


def test_page_of_a_mission_without_money_says_so(world: World, as_role: AsRole) -> None:
    shown = as_role("coordinator").get(page(world.mission("review"))).text
    assert "Ni budget ni dépense" in shown
    assert "Rien n’est engagé" in shown
    assert "Noter une dépense" not in shown


def test_page_takes_the_same_queries_for_any_number(
    as_role: AsRole, mission: Mission, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_role("coordinator")
    for rows in (1, 2, 4):
        fill(mission, rows)
        with django_assert_num_queries(12):
            client.get(page(mission))


@pytest.mark.parametrize("role", ["volunteer", "researcher", "other_osim", "stranger"])
def test_money_does_not_exist_for_others(as_role: AsRole, mission: Mission, role: str) -> None:
    assert as_role(role).get(page(mission)).status_code == 404


def test_declared_tie_hides_the_money(world: World, as_role: AsRole, mission: Mission) -> None:
    client = as_role("committee")
    assert client.get(page(mission)).status_code == 200
    ConflictOfInterest.objects.create(
        mission=mission, user=world.committee, nature="x", declared_at=clock.now()
    )
    assert client.get(page(mission)).status_code == 404
    shown = client.get(Envelope.objects.get().get_absolute_url()).text
    assert mission.title not in shown
    assert "Missions que vous ne suivez pas" in shown


def test_association_notes_an_expense_and_its_receipt(as_role: AsRole, mission: Mission) -> None:
    client = as_role("osim")
    receipt = SimpleUploadedFile("recu.txt", "Reçu".encode())
    sent = TYPED | {"token": str(uuid4()), "receipt": receipt}
    assert client.post(page(mission, "depenses/nouvelle/"), sent).status_code == 302
    row = Expense.objects.get()
    assert row.euros == Decimal("612.40")
    assert "recu.txt" in client.get(page(mission)).text
    assert row.receipt is not None
    served = client.get(row.receipt.get_absolute_url())
    assert b"".join(served.streaming_content) == "Reçu".encode()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "mille"}, "Écrivez un montant"),
        ({"amount": "0"}, "supérieur à zéro"),
        ({"amount": "10,5", "currency": "XOF"}, "pas de centimes"),
        ({"currency": "XAF", "amount": "10", "rate": "six"}, "Écrivez un taux"),
        ({"dated": "2999-01-01"}, "date à venir"),
    ],
)
def test_expense_refused_keeps_what_was_typed(
    as_role: AsRole, mission: Mission, change: dict[str, str], words: str
) -> None:
    sent = TYPED | {"token": str(uuid4()), "label": "Un objet tapé"} | change
    answer = as_role("osim").post(page(mission, "depenses/nouvelle/"), sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Un objet tapé" in answer.text


def test_statement_of_expenses_says_currencies_and_missing_receipts(
    as_role: AsRole, mission: Mission
) -> None:
    record_expense(mission, TICKET, actor=None)
    record_expense(mission, BILL, actor=None)
    answer = as_role("osim").get(page(mission, "etat-de-frais.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    report = check_pdf(answer.content)
    assert report.problems == []
    words = " ".join(report.text.split())
    for told in ("Location d’une pompe", "98 394 F CFA", "655,957", "762,40 €", "manque"):
        assert told in words
    assert as_role("volunteer").get(page(mission, "etat-de-frais.pdf")).status_code == 404


def test_stale_expense_shows_both_texts_then_saves(
    world: World, as_role: AsRole, mission: Mission
) -> None:
    row = record_expense(mission, TICKET, actor=None)
    change_expense(row, {"label": "Celui d’une autre"}, actor=world.coordinator, version=1)
    client, here = as_role("osim"), page(mission, f"depenses/{row.token}/")
    mine = TYPED | {"label": "Le mien", "version": "1"}
    answer = client.post(here, mine)
    assert answer.status_code == 409
    assert "une autre" in answer.text and "Le mien" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert client.post(here, mine | {"version": "2"}).status_code == 302
    row.refresh_from_db()
    assert row.label == "Le mien"


def test_cofunding_is_noted_then_answered(as_role: AsRole, mission: Mission) -> None:
    client = as_role("osim")
    asked: dict[str, Any] = {
        "funder_name": "La commune",
        "nature": "cash",
        "asked": "600",
        "asked_on": "2026-01-10",
        "state": "asked",
    }
    new = page(mission, "cofinancements/nouveau/")
    assert client.post(new, asked | {"token": str(uuid4())}).status_code == 302
    here = page(mission, f"cofinancements/{CoFunding.objects.get().token}/")
    refused = client.post(here, asked | {"version": "1", "state": "secured"})
    assert "Écrivez le montant obtenu" in refused.text
    answer = {"state": "secured", "secured": "450", "answered_on": "2026-02-10", "version": "1"}
    assert client.post(here, asked | answer).status_code == 302
    assert CoFunding.objects.get().secured == 450


def test_stale_answer_of_a_funder_shows_both(as_role: AsRole, mission: Mission) -> None:
    row = record_cofunding(mission, ASKED, actor=None)
    change_cofunding(row, {"asked": Decimal(900)}, actor=None, version=1)
    sent = {
        "funder_name": "Fondation d’essai",
        "nature": "cash",
        "asked": "700",
        "asked_on": "2026-01-10",
        "state": "asked",
        "version": "1",
    }
    answer = as_role("osim").post(page(mission, f"cofinancements/{row.token}/"), sent)
    assert answer.status_code == 409
    assert "900" in answer.text and "700" in answer.text


def test_coordination_schedules_and_pays(as_role: AsRole, mission: Mission) -> None:
    client = as_role("coordinator")
    due = {"label": "À la signature", "due_on": "2026-05-02", "amount": "1 200"}
    new = page(mission, "versements/nouveau/")
    too_much = client.post(new, due | {"amount": "2 000,01", "token": str(uuid4())})
    assert too_much.status_code == 422
    assert "la décision engage" in too_much.text
    assert client.post(new, due | {"token": str(uuid4())}).status_code == 302
    here = page(mission, f"versements/{Instalment.objects.get().token}/fait/")
    paid = {"paid_on": "2026-05-03", "reference": "VIR-12", "version": "1"}
    assert client.post(here, paid).status_code == 302
    assert "référence VIR-12" in client.get(page(mission)).text
    assert client.post(here, paid).status_code == 422


def test_administration_opens_raises_and_never_lowers_below_what_is_committed(
    world: World, as_role: AsRole, mission: Mission
) -> None:
    client = as_role("administrator")
    new = "/reglages/enveloppes/nouvelle/"
    sent = {
        "programme": str(world.programme.pk),
        "territory": str(world.other_territory.pk),
        "year": "2027",
        "amount": "8 000",
        "token": str(uuid4()),
    }
    assert client.post(new, sent).status_code == 302
    assert client.post(new, sent).status_code == 302
    assert Envelope.objects.filter(year=2027).count() == 1
    twice = client.post(new, sent | {"token": str(uuid4())})
    assert "est déjà ouverte" in twice.text
    ours = mission.commitments.get().envelope
    lower = {"amount": "1 999,99", "reason": "Moins de fonds.", "version": "1"}
    assert "sont déjà engagés" in client.post(ours.get_absolute_url(), lower).text
    assert client.post(ours.get_absolute_url(), lower | {"amount": "2 000"}).status_code == 302
    assert client.post(ours.get_absolute_url(), lower | {"amount": "9 000"}).status_code == 409
    ours.refresh_from_db()
    assert (ours.amount, ours.left) == (2000, 0)
    assert "Moins de fonds." in client.get(ours.get_absolute_url()).text


def test_envelopes_take_the_same_queries_for_any_number(
    world: World, as_role: AsRole, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_role("coordinator")
    for years in (1, 3, 40):
        for year in range(2026, 2026 + years):
            open_one(world, year)
        with django_assert_num_queries(8):
            shown = client.get("/reglages/enveloppes/")
    assert "5\u202f000,00" in shown.text
    assert "Ouvrir une enveloppe" not in shown.text


def test_envelope_of_another_programme_is_not_found(
    world: World, as_role: AsRole, mission: Mission
) -> None:
    client = as_role("stranger")
    assert client.get(Envelope.objects.get().get_absolute_url()).status_code == 404
    assert "Aucune enveloppe" in client.get("/reglages/enveloppes/").text


def test_payment_to_make_is_an_errand_of_the_coordination(
    world: World, as_role: AsRole, mission: Mission
) -> None:
    for label, days in (("À la signature", -3), ("Au rapport", 300)):
        plan_instalment(
            mission,
            label=label,
            due_on=clock.today() + timedelta(days=days),
            amount=Decimal(500),
            actor=None,
        )
    assert [row.says for row in payments(world.coordinator)] == [
        "Versez 500,00\u00a0€\u00a0: à la signature."
    ]
    others = (world.other_coordinator, world.osim, world.administrator, world.stranger)
    assert [payments(person) for person in others] == [[], [], [], []]
    assert "Versez 500,00" in as_role("coordinator").get("/accueil/").text
    ConflictOfInterest.objects.create(
        mission=mission, user=world.coordinator, nature="x", declared_at=clock.now()
    )
    assert payments(world.coordinator) == []
