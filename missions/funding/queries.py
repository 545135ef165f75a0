"""Reading money: a mission's budget, and what is left in an envelope."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from explor.accounts.models import Role, User
from missions.dossier.models import Mission, Programme, ProgrammePartner
from missions.funding.models import BudgetLine, Commitment, Envelope, Heading, Side
from missions.funding.money import ZERO, euros

__all__ = [
    "ZERO",
    "Budget",
    "Totals",
    "administered_by",
    "budget_of",
    "envelope_and_left",
    "envelope_of",
    "euros",
    "missions_on",
    "totals",
]


@dataclass(frozen=True)
class Budget:
    """Euros. Valorised contributions stand apart: they enter no total."""

    expenses: list[BudgetLine]
    incomes: list[BudgetLine]
    valorised: list[BudgetLine]

    @property
    def spent(self) -> Decimal:
        return _sum(self.expenses)

    @property
    def received(self) -> Decimal:
        return _sum(self.incomes)

    @property
    def given(self) -> Decimal:
        return _sum(self.valorised)

    @property
    def gap(self) -> Decimal:
        """Income still to find (positive) or too much (negative); balanced at zero."""
        return self.spent - self.received

    @property
    def asked(self) -> Decimal:
        return _sum([line for line in self.incomes if line.heading == Heading.PROGRAMME])

    @property
    def share(self) -> int | None:
        """Percent of the expenses asked of the programme, rounded; `None` without expense."""
        return round(self.asked * 100 / self.spent) if self.spent else None

    @property
    def parts(self) -> list[tuple[str, list[BudgetLine], Decimal]]:
        """`(title, lines, total)`, as a page shows them."""
        return [
            ("Dépenses", self.expenses, self.spent),
            ("Ressources", self.incomes, self.received),
            ("Contributions valorisées (hors budget)", self.valorised, self.given),
        ]

    def __bool__(self) -> bool:
        return bool(self.expenses or self.incomes or self.valorised)


def _sum(lines: list[BudgetLine]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def budget_of(mission: Mission) -> Budget:
    """The lines as they are now, in the order of the headings."""
    order = {heading: place for place, heading in enumerate(Heading.values)}
    lines = sorted(BudgetLine.objects.filter(mission=mission), key=lambda line: order[line.heading])
    return Budget(*([line for line in lines if line.side == side] for side in Side.values))


def envelope_of(mission: Mission, year: int) -> Envelope | None:
    """What the mission draws on in `year`."""
    return Envelope.objects.filter(
        programme=mission.programme_id, territory=mission.territory_id, year=year
    ).first()


def envelope_and_left(mission: Mission, year: int) -> tuple[Envelope | None, Decimal]:
    """The mission's envelope of the year and what it still holds without the mission itself."""
    mine = Commitment.objects.filter(envelope=OuterRef("pk"), mission=mission).values("drawn")
    found: Any = (
        Envelope.objects.filter(
            programme=mission.programme_id, territory=mission.territory_id, year=year
        )
        .annotate(mine=Subquery(mine))
        .first()
    )
    return found, (found.left + (found.mine or ZERO) if found else ZERO)


@dataclass(frozen=True)
class Totals:
    """Euros, over several envelopes."""

    amount: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return self.amount - self.committed


def totals(envelopes: Iterable[Envelope]) -> Totals:
    """Of rows read with `for_lists()`."""
    rows: list[Any] = list(envelopes)
    sums = (sum((getattr(row, name) for row in rows), ZERO) for name in _SUMMED)
    return Totals(*sums)


_SUMMED = ("amount", "committed", "paid")


def administered_by(user: User) -> QuerySet[Programme]:
    """The programmes whose envelopes the person may open."""
    mine = user.standing.organisations(Role.ADMINISTRATOR)
    partners = ProgrammePartner.objects.filter(organisation__in=mine)
    return Programme.objects.filter(pk__in=partners.values("programme"))


def missions_on(envelope: Envelope, user: User) -> list[Commitment]:
    """What missions take from the envelope, those that the person may open, largest first."""
    seen = Mission.objects.visible_to(user).filter(commitments__envelope=envelope)
    return list(
        Commitment.objects.filter(envelope=envelope, mission__in=seen.values("pk"))
        .select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("-drawn", "pk")
    )
