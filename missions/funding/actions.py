"""Writing the budget of a mission."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from explor.accounts.models import User
from explor.accounts.permits import require
from missions.dossier.models import Mission
from missions.funding.models import BudgetLine


@dataclass(frozen=True)
class NewLine:
    """One line asked for: `side` is a `Side`, `heading` a `Heading`, `amount` euros."""

    side: str
    heading: str
    amount: Decimal
    how: str = ""
    secured: bool = False


@transaction.atomic
def write_budget(mission: Mission, lines: Sequence[NewLine], *, actor: User | None) -> bool:
    """Make the mission's lines those of `lines`; returns whether anything changed.

    Lines that stay as they are keep their history. Raises `PermissionDenied`.
    """
    require(actor, "missions.edit_request", mission)
    known = {(line.side, line.heading): line for line in mission.budget_lines.all()}
    changed = False
    for new in lines:
        line = known.pop((new.side, new.heading), None) or BudgetLine(
            mission=mission, side=new.side, heading=new.heading
        )
        words = (new.amount, new.how, new.secured)
        if line.pk is None or words != (line.amount, line.how, line.secured):
            line.amount, line.how, line.secured = words
            line.save()
            changed = True
    for left in known.values():
        left.delete()
        changed = True
    return changed
