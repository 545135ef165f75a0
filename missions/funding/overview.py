"""The money of a mission in one look: foreseen, committed, spent, found elsewhere, paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from missions.dossier.models import Mission
from missions.funding.models import (
    EXPENSE_HEADINGS,
    CoFunding,
    CoFundingState,
    Commitment,
    Expense,
    ExpenseState,
    Heading,
    Instalment,
    InstalmentState,
    Nature,
)
from missions.funding.money import ZERO
from missions.funding.queries import Budget, budget_of


@dataclass(frozen=True)
class Line:
    """A heading of the budget, in euros: foreseen, ordered but not paid, paid."""

    label: str
    planned: Decimal
    ordered: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        return self.planned - self.ordered - self.spent

    @property
    def is_over(self) -> bool:
        return self.left < 0


@dataclass(frozen=True)
class Payment:
    """An instalment as it stands today."""

    row: Instalment
    today: date

    @property
    def is_planned(self) -> bool:
        return self.row.state == InstalmentState.PLANNED

    @property
    def is_late(self) -> bool:
        return self.is_planned and self.row.due_on < self.today

    @property
    def word(self) -> str:
        return "En retard" if self.is_late else str(self.row.get_state_display())

    @property
    def tone(self) -> str:
        if self.is_late:
            return "alert"
        tones = {InstalmentState.PAID: "done", InstalmentState.PLANNED: "waiting"}
        return tones.get(InstalmentState(self.row.state), "final")


@dataclass(frozen=True)
class Overview:
    """Euros everywhere but in the expenses, which keep their currency."""

    budget: Budget
    commitments: list[Commitment]
    payments: list[Payment]
    expenses: list[Expense]
    cofundings: list[CoFunding]

    @property
    def held(self) -> Commitment | None:
        """The commitment in force."""
        return next((row for row in self.commitments if row.is_held), None)

    @property
    def committed(self) -> Decimal:
        return _sum(row.drawn for row in self.commitments)

    @property
    def paid(self) -> Decimal:
        return _sum(row.paid for row in self.commitments)

    @property
    def to_pay(self) -> Decimal:
        return self.committed - self.paid

    @property
    def unscheduled(self) -> Decimal:
        """What is committed and that no instalment foresees yet."""
        return self.held.drawn - self.held.scheduled if self.held else ZERO

    @property
    def late(self) -> list[Payment]:
        return [payment for payment in self.payments if payment.is_late]

    @property
    def lines(self) -> list[Line]:
        """The headings that hold something, in the order of the request."""
        planned = {line.heading: line.amount for line in self.budget.expenses}
        found = []
        for heading in EXPENSE_HEADINGS:
            of_it = [row for row in self.expenses if row.heading == heading]
            line = Line(
                str(heading.label),
                planned.get(heading, ZERO),
                _euros(of_it, ExpenseState.COMMITTED),
                _euros(of_it, ExpenseState.SPENT),
            )
            if line.planned or of_it:
                found.append(line)
        return found

    @property
    def total(self) -> Line:
        return Line(
            "Total",
            self.budget.spent,
            _euros(self.expenses, ExpenseState.COMMITTED),
            _euros(self.expenses, ExpenseState.SPENT),
        )

    @property
    def cash(self) -> list[CoFunding]:
        return [row for row in self.cofundings if row.nature == Nature.CASH]

    @property
    def valorised(self) -> list[CoFunding]:
        return [row for row in self.cofundings if row.nature == Nature.VALORISED]

    @property
    def secured(self) -> Decimal:
        """Money that others have granted."""
        return _sum(row.secured for row in self.cash)

    @property
    def waiting(self) -> Decimal:
        """Money asked of others that have not answered."""
        return _sum(row.asked for row in self.cash if row.state == CoFundingState.ASKED)

    @property
    def valorised_secured(self) -> Decimal:
        return _sum(row.secured for row in self.valorised)

    @property
    def incomes(self) -> list[tuple[str, Decimal, Decimal]]:
        """`(heading, foreseen in the request, secured)` for the three kinds of income."""
        planned = {line.heading: line for line in self.budget.incomes}
        own = planned.get(Heading.OWN_FUNDS)
        secured = {
            Heading.PROGRAMME: self.committed,
            Heading.OWN_FUNDS: own.amount if own and own.secured else ZERO,
            Heading.OTHER_FUNDER: self.secured,
        }
        rows = [
            (str(heading.label), planned[heading].amount if heading in planned else ZERO, got)
            for heading, got in secured.items()
        ]
        return [row for row in rows if row[1] or row[2]]

    @property
    def income_gap(self) -> Decimal:
        """What is still to find for the foreseen expenses; negative when there is too much."""
        return self.budget.spent - sum((got for _, _, got in self.incomes), ZERO)


def overview_of(mission: Mission, today: date, *, outside: bool = False) -> Overview:
    """Five queries, whatever the number of rows. For people `outside` the team, nothing of what a
    decision takes before its letter tells it."""
    untold = outside and mission.keeps_decision
    instalments = (
        Instalment.objects.filter(commitment__mission=mission)
        .select_related("commitment__envelope")
        .order_by("due_on", "pk")
    )
    return Overview(
        budget=budget_of(mission),
        commitments=[]
        if untold
        else list(
            Commitment.objects.filter(mission=mission).select_related(
                "envelope__programme", "envelope__territory"
            )
        ),
        payments=[] if untold else [Payment(row, today) for row in instalments],
        expenses=list(Expense.objects.filter(mission=mission).select_related("receipt")),
        cofundings=list(CoFunding.objects.filter(mission=mission).select_related("organisation")),
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _euros(rows: Iterable[Expense], state: str) -> Decimal:
    return _sum(row.euros for row in rows if row.state == state)
