"""Figures of the month about requests: how many, how long, what was decided, what is in hand."""

from collections.abc import Sequence

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Subquery

from capitalisation.committee.figures import Figure, Period, Row, count, quantile, ratio, row
from missions import lifecycle
from missions.dossier.models import Mission, Programme, StateChange
from missions.lifecycle import State

DECIDED = {"accept": True, "decline": False, "close_unfollowed": False}
MATCHED = lifecycle.ACCEPTED[lifecycle.ACCEPTED.index(State.SUPPORT) :]
IN_HAND = tuple(s for s in lifecycle.STAGES if s not in {State.DRAFT, State.CLOSED})


def state_then(period: Period) -> Subquery:
    """The state of a mission at the end of the period, from its moves."""
    moves = StateChange.objects.filter(mission=OuterRef("pk"), at__lt=period.ends)
    return Subquery(moves.order_by("-at", "-pk").values("target")[:1])


def request_figures(programme: Programme, period: Period) -> list[Figure]:
    """Moves made by the rules of the lifecycle; a state put by hand is no decision."""
    sent_back = StateChange.objects.filter(
        mission=OuterRef("mission"), transition="back_to_review", at__lt=OuterRef("at")
    )
    moves = (
        StateChange.objects.filter(
            mission__programme=programme,
            at__gte=period.starts,
            at__lt=period.ends,
            transition__in=["submit", *DECIDED],
        )
        .annotate(was_sent_back=Exists(sent_back))
        .order_by("at", "pk")
        .values_list(
            "transition", "mission__reference", "at", "mission__submitted_at", "was_sent_back"
        )
    )
    submitted: list[str] = []
    decided: list[Row] = []
    direct: list[Row] = []
    delays: list[tuple[str, int]] = []
    for transition, reference, at, submitted_at, was_sent_back in moves:
        if transition == "submit":
            submitted.append(reference)
            continue
        word = lifecycle.label(lifecycle.TRANSITIONS[transition].target).lower()
        decided.append(row(reference, counted=DECIDED[transition], note=word))
        if transition == "close_unfollowed":
            continue
        note = "renvoyée une fois en instruction" if was_sent_back else ""
        direct.append(row(reference, counted=not was_sent_back, note=note))
        if submitted_at:
            delays.append((reference, (at - submitted_at).days))
    return [
        count("requests", "Demandes déposées dans le mois", submitted),
        *_delays(delays),
        ratio("acceptance", "Missions retenues parmi les demandes conclues", decided),
        ratio("first_pass", "Décidées sans renvoi en instruction", direct),
    ]


def _delays(delays: Sequence[tuple[str, int]]) -> list[Figure]:
    rows = [row(reference, note=f"{days} jours") for reference, days in delays]
    found = [float(days) for _, days in delays]
    labels = {
        "decision_median": ("Du dépôt à la décision, durée médiane", 0.5),
        "decision_p90": ("Du dépôt à la décision, 9 dossiers sur 10", 0.9),
    }
    return [
        Figure(code, label, "jours", value=quantile(found, share), n=len(rows), rows=rows)
        for code, (label, share) in labels.items()
    ]


def stock_figures(programme: Programme, period: Period) -> list[Figure]:
    """What was in hand at the end of the period, state by state, and the share matched."""
    rows = (
        Mission.objects.filter(programme=programme)
        .annotate(then=state_then(period))
        .filter(then__in=IN_HAND)
        .order_by()
        .values("then")
        .annotate(references=ArrayAgg("reference"))
        .values_list("then", "references")
    )
    held: dict[str, list[str]] = dict(rows)
    matching = [
        row(reference, counted=state in MATCHED)
        for state in lifecycle.ACCEPTED
        for reference in sorted(held.get(state, ()))
    ]
    return [
        ratio("matching", "Missions retenues qui ont leur volontaire", matching),
        *(
            count(f"stock_{state}", lifecycle.label(state), held.get(state, ()))
            for state in IN_HAND
        ),
    ]
