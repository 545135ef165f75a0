"""The money of the demonstration: schedules, payments, expenses in francs, funders' answers."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from explor import clock
from missions.demo.data import read
from missions.demo.life import Life
from missions.funding.cofundings import record_cofunding
from missions.funding.expenses import record_expense
from missions.funding.instalments import pay_instalment, plan_instalment
from missions.funding.models import Commitment, CommitmentState

BANKING_DAYS = timedelta(days=3)


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in read("money")["missions"]}


def fund(life: Life) -> None:
    """What follows a decision that commits an amount, each act on its day, up to today."""
    held = Commitment.objects.filter(mission=life.mission, state=CommitmentState.HELD).first()
    decided = life.day("decide")
    if held is None or decided is None:
        return
    row = _rows().get(life.row["key"], {})
    _schedule(life, held, decided, unpaid=row.get("unpaid", False))
    for words in row.get("expenses", ()):
        _spend(life, words, decided)
    for words in row.get("cofundings", ()):
        _ask(life, words, decided)


def _schedule(life: Life, held: Commitment, decided: date, *, unpaid: bool) -> None:
    left = held.drawn
    steps = read("money")["schedule"]
    for number, step in enumerate(steps, start=1):
        last = number == len(steps)
        share = (held.drawn * step["percent"] / 100).quantize(Decimal(10))
        amount = left if last else share
        left -= amount
        due = decided + timedelta(days=step["after"])
        with clock.at(decided + timedelta(days=1)):
            instalment = plan_instalment(
                life.mission,
                label=step["label"],
                due_on=due,
                amount=amount,
                actor=life.coordinator,
            )
        paid = due + BANKING_DAYS
        if paid < life.today and not unpaid:
            with clock.at(paid):
                pay_instalment(
                    instalment,
                    paid_on=paid,
                    reference=f"VIR-EXEMPLE-{life.mission.reference[-8:]}-{number}",
                    actor=life.coordinator,
                )


def _spend(life: Life, words: dict[str, Any], decided: date) -> None:
    day = decided + timedelta(days=words["after"])
    if day >= life.today:
        return
    told = {name: words[name] for name in ("heading", "label", "state", "currency")}
    told |= {"dated": day, "amount": Decimal(words["amount"]), "rate": _number(words, "rate")}
    with clock.at(day):
        record_expense(life.mission, told, actor=life.cast.osim(life.row["holder"]))


def _ask(life: Life, words: dict[str, Any], decided: date) -> None:
    asked = decided + timedelta(days=words["after"])
    told = {name: words[name] for name in ("funder_name", "nature", "state")}
    told |= {"asked": Decimal(words["asked"]), "secured": _number(words, "secured") or Decimal(0)}
    told |= {"asked_on": asked, "answer": words.get("answer", "")}
    if "answered" in words:
        told["answered_on"] = decided + timedelta(days=words["answered"])
    with clock.at(told.get("answered_on", asked)):
        record_cofunding(life.mission, told, actor=life.cast.osim(life.row["holder"]))


def _number(words: dict[str, Any], name: str) -> Decimal | None:
    return Decimal(words[name]) if name in words else None
