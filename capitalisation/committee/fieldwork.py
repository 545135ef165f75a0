"""Figures of the month about departures, returns, interviews and money."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from capitalisation.committee.figures import Figure, Period, Row, quantile, ratio, row
from capitalisation.committee.requests import state_then
from capitalisation.corpus.models import Audience, Moment
from capitalisation.interviews.models import Interview, InterviewState
from explor import clock
from explor.search.words import in_order
from missions import lifecycle
from missions.dossier.models import Milestone, Mission, Programme, StateChange
from missions.funding.models import Envelope, Instalment
from missions.lifecycle import State
from missions.request.models import SecurityZone
from missions.review.decision_models import Decision, DecisionOutcome

SOON = timedelta(days=30)
IN_TIME = timedelta(days=30)
RISKY = {SecurityZone.ORANGE: "zone orange", SecurityZone.RED: "zone rouge"}
LEAVING = (State.MATCHING, State.SUPPORT, State.PREPARATION)
READERS = {Audience.VOLUNTEER: "volontaires", Audience.OSIM: "OSIM"}


def with_open_requirements(missions: QuerySet[Mission], period: Period) -> QuerySet[Mission]:
    """`still_open`: what is required to depart and was not settled on the day of the period."""
    still_open = (
        Milestone.objects.filter(mission=OuterRef("pk"), required_for="depart", waived_because="")
        .filter(Q(done_on__isnull=True) | Q(done_on__gt=period.as_of))
        .order_by("position", "pk")
    )
    return missions.annotate(still_open=ArraySubquery(still_open.values("label")))


def departure_figures(programme: Programme, period: Period) -> list[Figure]:
    """Departures of the next thirty days: at risk when something required is open, or in an
    orange or red zone."""
    missions = (
        with_open_requirements(Mission.objects.filter(programme=programme), period)
        .filter(departs_on__range=(period.as_of, period.as_of + SOON))
        .annotate(then=state_then(period), advice=F("request__security_zone"))
        .filter(then__in=LEAVING)
        .order_by("departs_on", "pk")
        .values_list("reference", "still_open", "advice")
    )
    rows = []
    for reference, still_open, zone in missions:
        why = [*(label[:1].lower() + label[1:] for label in still_open)]
        why += [RISKY[SecurityZone(zone)]] if zone in RISKY else []
        rows.append(row(reference, counted=bool(why), note=", ".join(why)))
    return [ratio("departures_at_risk", "Départs à risque dans les 30 jours", rows)]


def return_figures(programme: Programme, period: Period) -> list[Figure]:
    """Of the last twelve months: reports filed within thirty days of the return, months of
    remote support before the departure."""
    came_back = StateChange.objects.filter(
        mission=OuterRef("pk"), target__in=lifecycle.RETURNED, at__lt=period.ends
    )
    missions = (
        Mission.objects.filter(
            Exists(came_back),
            programme=programme,
            returns_on__gt=period.a_year_before,
            returns_on__lte=period.as_of,
        )
        .exclude(state=State.CANCELLED)
        .order_by("returns_on", "pk")
        .values_list("reference", "returns_on", "report__submitted_at", "report__remote_months")
    )
    filed: list[Row] = []
    support: list[tuple[str, int]] = []
    for reference, returned, submitted_at, months in missions:
        known = submitted_at is not None and submitted_at < period.ends
        if returned is not None and returned <= period.as_of - IN_TIME:
            on = clock.local_day(submitted_at) if known and submitted_at is not None else None
            filed.append(_filed(reference, returned, on))
        if known and months is not None:
            support.append((reference, months))
    return [
        Figure(
            "remote_months",
            "Accompagnement à distance avant le départ, durée médiane",
            "mois",
            value=quantile([float(months) for _, months in support], 0.5),
            n=len(support),
            rows=[row(reference, note=f"{months} mois") for reference, months in support],
        ),
        ratio("reports_on_time", "Rapports déposés dans les 30 jours du retour", filed),
    ]


def _filed(reference: str, returned: date, filed_on: date | None) -> Row:
    if filed_on is None:
        return row(reference, counted=False, note="pas encore déposé")
    days = (filed_on - returned).days
    return row(reference, counted=days <= IN_TIME.days, note=f"{days} jours")


def money_figures(programme: Programme, period: Period) -> list[Figure]:
    """Committed in the year of the month, by decisions in force at its end, out of the
    envelopes of that year; paid by then, out of what is committed. A cancelled mission gives its
    amount back."""
    year = period.month.year
    in_force = _decided_in(programme, period)
    accepted = sorted(
        (reference, amount, paid)
        for reference, outcome, amount, paid in in_force
        if outcome == DecisionOutcome.ACCEPTED
    )
    envelope: Decimal | None = Envelope.objects.filter(programme=programme, year=year).aggregate(
        total=Sum("amount")
    )["total"]
    committed = sum((amount for _, amount, _ in accepted), Decimal(0))
    return [_committed(year, envelope, committed, accepted), _paid(year, committed, accepted)]


def _decided_in(programme: Programme, period: Period) -> Iterable[tuple[str, str, Decimal, Any]]:
    """`(reference, outcome, committed, paid)` of each mission decided in the year."""
    cancelled = StateChange.objects.filter(
        mission=OuterRef("mission"), target=State.CANCELLED, at__lt=period.ends
    )
    set_aside = StateChange.objects.filter(
        mission=OuterRef("mission"),
        target=State.REVIEW,
        at__gt=OuterRef("decided_at"),
        at__lt=period.ends,
    )
    paid = (
        Instalment.objects.filter(
            commitment__mission=OuterRef("mission"),
            commitment__envelope__year=period.month.year,
            paid_on__lt=clock.local_day(period.ends),
        )
        .order_by()
        .values("commitment__mission")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return (
        Decision.objects.filter(
            ~Exists(cancelled),
            ~Exists(set_aside),
            mission__programme=programme,
            decided_at__lt=period.ends,
            decided_at__year=period.month.year,
        )
        .order_by("mission_id", "-decided_at", "-pk")
        .distinct("mission_id")
        .annotate(paid=Coalesce(Subquery(paid), Decimal(0)))
        .values_list("mission__reference", "outcome", "amount", "paid")
    )


Money = tuple[str, Decimal, Decimal]


def _committed(
    year: int, envelope: Decimal | None, committed: Decimal, accepted: list[Money]
) -> Figure:
    label = f"Budget {year} engagé sur l’enveloppe"
    if envelope is None:
        return Figure("budget", label, "€")
    rows = [row(reference, note=f"{amount:.0f}\u00a0€") for reference, amount, _ in accepted]
    return Figure("budget", label, "€", committed, envelope, None, len(rows), rows)


def _paid(year: int, committed: Decimal, accepted: list[Money]) -> Figure:
    label = f"Versé sur ce qui est engagé en {year}"
    if not committed:
        return Figure("paid", label, "€")
    rows = [
        row(reference, counted=bool(paid), note=f"{paid:.0f}\u00a0€ versés sur {amount:.0f}\u00a0€")
        for reference, amount, paid in accepted
        if amount
    ]
    total = sum((paid for _, _, paid in accepted), Decimal(0))
    return Figure("paid", label, "€", total, committed, None, len(rows), rows)


def interview_figures(programme: Programme, period: Period) -> list[Figure]:
    """Interviews done ÷ planned, by moment and audience, since the beginning."""
    done = Q(state=InterviewState.DONE, held_on__lt=clock.local_day(period.ends))
    cells = (
        Interview.objects.filter(mission__programme=programme)
        .order_by()
        .values("guide__moment", "guide__audience")
        .annotate(
            held=ArrayAgg("mission__reference", filter=done, default=[]),
            waited=ArrayAgg("mission__reference", filter=~done, default=[]),
        )
    )
    found = {(c["guide__moment"], c["guide__audience"]): (c["held"], c["waited"]) for c in cells}
    return [
        _interviews(moment, audience, *found.get((moment, audience), ((), ())))
        for moment in Moment
        for audience in Audience
    ]


def _interviews(
    moment: Moment, audience: Audience, held: Iterable[str], waited: Iterable[str]
) -> Figure:
    when = "avant le départ" if moment == Moment.BEFORE else "au retour"
    return ratio(
        f"interviews_{moment}_{audience}",
        f"Entretiens menés {when}, {READERS[audience]}",
        [*_marked(held, True), *_marked(waited, False)],
    )


def _marked(references: Iterable[str], held: bool) -> list[Row]:
    note = "mené" if held else "à mener"
    return [
        row(reference, counted=held, note=note) for reference in sorted(references, key=in_order)
    ]
