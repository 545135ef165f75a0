"""Counting for the focuses, in PostgreSQL, over accepted reports and standing consents."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from capitalisation.analysis.models import Focus
from capitalisation.coding.models import Code, Coding, CodingStatus
from capitalisation.corpus.models import Moment, Text, TextKind
from capitalisation.reports.models import (
    InstitutionalMeeting,
    PartnershipTie,
    ReportState,
    ReturnReport,
)
from missions.dossier.models import MissionType, Objective, Outcome, Programme

HALF = Decimal("0.5")


@dataclass(frozen=True)
class TypeOutcome:
    """Objectives with a known outcome; `reached` counts a partly reached one for half."""

    type: str
    missions: int
    objectives: int
    reached: Decimal

    @property
    def score(self) -> Decimal:
        """0 to 1; 0 when nothing is known (callers drop those rows)."""
        return self.reached / self.objectives if self.objectives else Decimal(0)


def outcomes_by_type(programme: Programme) -> list[TypeOutcome]:
    """One row per mission type, in the order of the typology."""
    rows = (
        Objective.objects.filter(component__mission__programme=programme)
        .exclude(outcome="")
        .values("component__type")
        .annotate(
            missions=Count("component__mission", distinct=True),
            objectives=Count("pk"),
            full=Count("pk", filter=Q(outcome=Outcome.REACHED)),
            part=Count("pk", filter=Q(outcome=Outcome.PARTLY)),
        )
    )
    found = {
        row["component__type"]: TypeOutcome(
            row["component__type"],
            row["missions"],
            row["objectives"],
            row["full"] + HALF * row["part"],
        )
        for row in rows
    }
    return [found.get(kind) or TypeOutcome(kind, 0, 0, Decimal(0)) for kind in MissionType.values]


@dataclass
class Meetings:
    meetings: int = 0
    missions: int = 0
    missions_meeting: int = 0
    missions_three_levels: int = 0
    opened: Counter[tuple[str, str]] = field(default_factory=Counter)


def meetings_by_level(programme: Programme) -> Meetings:
    """What meetings opened, by level, over the accepted reports of the programme."""
    accepted = ReturnReport.objects.filter(mission__programme=programme, state=ReportState.ACCEPTED)
    levels: dict[int, set[str]] = {}
    found = Meetings(missions=accepted.count())
    rows = InstitutionalMeeting.objects.filter(report__in=accepted)
    for report, level, opened in rows.values_list("report_id", "level", "opened"):
        found.meetings += 1
        levels.setdefault(report, set()).add(level)
        found.opened.update((level, what) for what in opened)
    found.missions_meeting = len(levels)
    found.missions_three_levels = sum(len(seen) == 3 for seen in levels.values())
    return found


def ties_by_event(programme: Programme) -> tuple[dict[tuple[str, str], int], int]:
    """(kind, event) → ties, and the number of missions that describe any."""
    rows = PartnershipTie.objects.filter(
        report__mission__programme=programme, report__state=ReportState.ACCEPTED
    )
    counts = {
        (row["kind"], row["event"]): row["count"]
        for row in rows.values("kind", "event").annotate(count=Count("pk"))
    }
    missions = rows.aggregate(count=Count("report__mission", distinct=True))["count"]
    return counts, missions


@dataclass(frozen=True)
class CodeCount:
    label: str
    missions: int
    passages: int
    before: int = 0
    after: int = 0


@dataclass
class CodeCounts:
    """`missions`: those with any text in the corpus. `of`: interviews by moment."""

    rows: list[CodeCount] = field(default_factory=list)
    missions: int = 0
    of: dict[str, int] = field(default_factory=dict)


def missions_by_code(focus: Focus) -> CodeCounts:
    """For each code of the focus: the missions one of whose texts carries it, most first."""
    rows = (
        _codings(focus)
        .values("code__label")
        .annotate(
            missions=Count("excerpt__version__text__mission", distinct=True),
            passages=Count("excerpt", distinct=True),
        )
        .order_by("-missions", "-passages", "code__label")
    )
    texts = Text.objects.filter(programme=focus.programme, withdrawn_at=None)
    return CodeCounts(
        [CodeCount(row["code__label"], row["missions"], row["passages"]) for row in rows],
        missions=texts.aggregate(count=Count("mission", distinct=True))["count"],
    )


def codes_by_moment(focus: Focus) -> CodeCounts:
    """For each code of the focus: the interviews, before and after, that carry it."""
    text = "excerpt__version__text"
    rows = (
        _codings(focus)
        .filter(**{f"{text}__kind": TextKind.INTERVIEW})
        .values("code__label", "code__position")
        .annotate(
            before=Count(text, distinct=True, filter=Q(**{f"{text}__moment": Moment.BEFORE})),
            after=Count(text, distinct=True, filter=Q(**{f"{text}__moment": Moment.AFTER})),
            passages=Count("excerpt", distinct=True),
        )
        .order_by("code__position", "code__label")
    )
    interviews = Text.objects.filter(
        programme=focus.programme, withdrawn_at=None, kind=TextKind.INTERVIEW
    )
    of = dict(interviews.order_by().values_list("moment").annotate(count=Count("pk")))
    counted = [
        CodeCount(row["code__label"], 0, row["passages"], row["before"], row["after"])
        for row in rows
    ]
    return CodeCounts(counted, of=of)


def _codings(focus: Focus) -> QuerySet[Coding]:
    """Kept codings of the focus's codes and of what is right under them."""
    chosen = focus.codes.values("pk")
    codes = Code.objects.filter(Q(pk__in=chosen) | Q(parent__in=chosen), codable=True)
    return Coding.objects.filter(
        code__in=codes,
        status=CodingStatus.KEPT,
        excerpt__version__text__withdrawn_at=None,
        excerpt__version__text__programme=focus.programme_id,
    ).order_by()
