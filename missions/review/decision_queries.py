"""Reading the decision in force and what an envelope still holds."""

from decimal import Decimal

from django.db.models import QuerySet, Subquery, Sum

from missions.dossier.models import Mission
from missions.funding.models import Envelope
from missions.funding.queries import ZERO
from missions.lifecycle import State
from missions.review.decision_models import Decision, DecisionOutcome


def decision_of(mission: Mission) -> Decision | None:
    """The decision in force."""
    return (
        Decision.objects.filter(mission=mission, replaced=False)
        .select_related("recorded_by")
        .first()
    )


def _drawing() -> QuerySet[Decision]:
    """The decisions in force that draw on an envelope; a cancelled mission gives back."""
    return Decision.objects.filter(replaced=False, outcome=DecisionOutcome.ACCEPTED).exclude(
        mission__state=State.CANCELLED
    )


def committed(envelope: Envelope, *, but: Mission | None = None) -> Decimal:
    """Euros that accepted missions draw on the envelope, `but` one mission."""
    rows = _drawing().filter(
        mission__programme=envelope.programme_id,
        mission__territory=envelope.territory_id,
        decided_at__year=envelope.year,
    )
    if but is not None:
        rows = rows.exclude(mission=but)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


def left_in(envelope: Envelope, *, but: Mission | None = None) -> Decimal:
    return envelope.amount - committed(envelope, but=but)


def envelope_and_left(mission: Mission, year: int) -> tuple[Envelope | None, Decimal]:
    """The envelope of the mission and what it still holds without it, in one query."""
    rows = _drawing().filter(
        mission__programme=mission.programme_id,
        mission__territory=mission.territory_id,
        decided_at__year=year,
    )
    drawn = rows.exclude(mission=mission).order_by().values("replaced").annotate(Sum("amount"))
    found = (
        Envelope.objects.filter(
            programme=mission.programme_id, territory=mission.territory_id, year=year
        )
        .annotate(drawn=Subquery(drawn.values("amount__sum")))
        .first()
    )
    return found, (found.amount - (found.drawn or ZERO) if found else ZERO)
