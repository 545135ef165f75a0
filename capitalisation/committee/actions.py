"""Freezing a month: what the committee read stays what it read."""

from datetime import date

from django.db import transaction
from django.utils.formats import date_format

from capitalisation.audiences import MONTH
from capitalisation.committee.figures import Period, month_before
from capitalisation.committee.indicators import indicators_of
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.each import each
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal
from missions.dossier.models import Programme

FREEZE = Verb("committee.freeze", MONTH)


@transaction.atomic
def freeze_month(
    programme: Programme,
    month: date,
    *,
    actor: User | None,
    again: bool = False,
    note: str | None = None,
) -> CommitteeMonth:
    """Store the figures of a month that is over, with the rows behind them.

    Frozen once; `again` computes it anew, with a trace. Two at the same moment make one month.
    Raises `Refusal` for a running month, or one already frozen.
    """
    require(actor, "capitalisation.freeze_month", programme)
    first = month.replace(day=1)
    told = date_format(first, "F Y")
    if not Period.of(first).is_over:
        raise Refusal(f"Le mois de {told} n’est pas terminé.")
    made, _ = CommitteeMonth.objects.get_or_create(programme=programme, month=first)
    kept = lock_row(CommitteeMonth.objects.all(), made.pk)
    if kept.frozen_at is not None and not again:
        raise Refusal(f"Le mois de {told} est déjà arrêté.")
    anew = kept.frozen_at is not None
    kept.frozen_at, kept.frozen_by = clock.now(), actor
    if note is not None:
        kept.note = note.strip()
    kept.save(update_fields=["frozen_at", "frozen_by", "note"])
    kept.indicators.all().delete()
    MonthIndicator.objects.bulk_create(indicators_of(kept))
    record(
        f"committee:{programme.slug}:{first:%Y-%m}",
        FREEZE,
        f"Mois de {told} {'arrêté de nouveau' if anew else 'arrêté'}.",
        actor=actor,
    )
    return kept


def freeze_last_months(*, today: date) -> int:
    """The month before `today` of each open programme, when nobody has frozen it; may run twice.

    Returns how many were frozen.
    """
    month = month_before(today)
    done = CommitteeMonth.objects.filter(month=month, frozen_at__isnull=False)
    waiting = Programme.objects.filter(is_open=True).exclude(pk__in=done.values("programme"))
    return sum(each("months", waiting, lambda programme: _freeze_alone(programme, month)))


def _freeze_alone(programme: Programme, month: date) -> bool:
    try:
        freeze_month(programme, month, actor=None)
    except Refusal:  # frozen by somebody else meanwhile
        return False
    return True
