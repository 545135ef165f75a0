"""Amounts in the list of missions as a spreadsheet, for those who may read them."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Sum, When

from explor.accounts.models import User
from explor.documents.spreadsheet import Heading
from missions.dossier.columns import Column, add_column, reads_amounts
from missions.dossier.models import Mission
from missions.funding.models import BudgetLine, Commitment, CommitmentState, Side
from missions.funding.models import Heading as Post


def reads_some(user: User) -> bool:
    return reads_amounts(user) is not None


def _total(rows: QuerySet[Any], user: User) -> Case:
    """The sum of the mission, nothing where the person does not read its amounts."""
    summed = rows.filter(mission=OuterRef("pk")).order_by().values("mission")
    amount = Subquery(summed.annotate(total=Sum("amount")).values("total"))
    return Case(When(reads_amounts(user) or Q(pk__in=[]), then=amount))


def asked(user: User) -> Case:
    return _total(BudgetLine.objects.filter(side=Side.INCOME, heading=Post.PROGRAMME), user)


def committed(user: User) -> Case:
    return _total(Commitment.objects.filter(state=CommitmentState.HELD), user)


def _cell(key: str, mission: Mission) -> Decimal | None:
    found: Decimal | None = getattr(mission, f"cell_{key}")
    return found


add_column(
    Column(
        "asked",
        Heading("Part demandée au programme (€)", 16),
        lambda mission, user: _cell("asked", mission),
        asked,
        reads_some,
    )
)
add_column(
    Column(
        "committed",
        Heading("Montant engagé (€)", 16),
        lambda mission, user: _cell("committed", mission),
        committed,
        reads_some,
    )
)
