"""Reading return reports: the rows of a form or a page, and what lacks before one is filed."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, FilteredRelation, OuterRef, Q
from django.db.models.functions import JSONObject

from capitalisation.reports.models import (
    Deliverable,
    InstitutionalMeeting,
    Level,
    Opened,
    PartnershipTie,
    ReportRecommendation,
    ReportState,
    ReturnReport,
    TieEvent,
    TieKind,
)
from missions.dossier.models import Mission, Objective, Outcome

#: States in which the volunteer may still write.
OPEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})
RECOMMENDATIONS_NEEDED = 3
RECOMMENDATION = ("action", "who", "due")
MEETING = ("institution", "level", "opened")
TIE = ("name", "kind", "event")

Row = dict[str, Any]


@dataclass(frozen=True)
class ObjectiveLine:
    """An objective of the mission and what the report says of it, empty when nothing yet."""

    number: int
    objective: Objective
    outcome: str = ""
    why: str = ""
    achievements: str = ""

    @property
    def outcome_label(self) -> str:
        return Outcome(self.outcome).label if self.outcome else ""

    @property
    def achievement_list(self) -> list[str]:
        return [line.strip() for line in self.achievements.splitlines() if line.strip()]


@dataclass(frozen=True)
class ReportRows:
    """Everything repeated in a report, read once."""

    lines: list[ObjectiveLine]
    recommendations: list[Row]
    meetings: list[Row]
    ties: list[Row]
    deliverables: list[Deliverable]


def report_of(mission: Mission) -> ReturnReport | None:
    """The mission's report with its small rows, in one query."""
    report = (
        ReturnReport.objects.select_related("author", "accepted_by")
        .annotate(
            recommendation_rows=_rows(ReportRecommendation, RECOMMENDATION, "position"),
            meeting_rows=_rows(InstitutionalMeeting, MEETING, "pk"),
            tie_rows=_rows(PartnershipTie, (*TIE, "organisation_id"), "pk"),
        )
        .filter(mission=mission)
        .first()
    )
    if report is not None:
        report.mission = mission
    return report


def _rows(model: Any, fields: tuple[str, ...], order: str) -> ArraySubquery:
    rows = model.objects.filter(report=OuterRef("pk")).order_by(order, "pk")
    return ArraySubquery(rows.values(json=JSONObject(**{name: F(name) for name in fields})))


def rows_of(mission: Mission, report: ReturnReport | None) -> ReportRows:
    """The rows of a report that `report_of` gave; two queries."""
    lines = objective_lines(mission, report)
    if report is None:
        return ReportRows(lines, [], [], [], [])
    return ReportRows(
        lines,
        getattr(report, "recommendation_rows", []),
        getattr(report, "meeting_rows", []),
        getattr(report, "tie_rows", []),
        list(report.deliverables.select_related("file")),
    )


def objective_lines(mission: Mission, report: ReturnReport | None) -> list[ObjectiveLine]:
    """Every objective in order, beside what the report says of it; one query."""
    said = FilteredRelation("results", condition=Q(results__report=report.pk if report else 0))
    objectives = (
        Objective.objects.filter(component__mission=mission)
        .select_related("component")
        .annotate(
            said=said,
            said_outcome=F("said__outcome"),
            said_why=F("said__why"),
            said_achievements=F("said__achievements"),
        )
        .order_by("component__position", "position", "pk")
    )
    return [
        ObjectiveLine(
            number,
            row,
            row.said_outcome or "",
            row.said_why or "",
            row.said_achievements or "",
        )
        for number, row in enumerate(objectives, start=1)
    ]


def missing(report: ReturnReport, rows: ReportRows | None = None) -> list[str]:
    """Everything that filing still lacks, in French, at once; empty when nothing does."""
    rows = rows or rows_of(report.mission, report_of(report.mission))
    lacking = [
        words
        for value, words in (
            (report.departed_on, "la date réelle de départ"),
            (report.returned_on, "la date réelle de retour"),
            (report.places, "les lieux"),
            (
                report.no_incident or report.security_incident,
                "l’incident de sécurité, ou « aucun »",
            ),
            (report.story, "le déroulé de la mission"),
            (report.findings, "les constats"),
            (report.next_steps, "les suites à donner"),
        )
        if not value
    ]
    for line in rows.lines:
        if not line.outcome:
            lacking.append(f"le résultat de l’objectif {line.number}")
        elif not line.why.strip():
            lacking.append(f"le pourquoi de l’objectif {line.number}")
    if not rows.deliverables:
        lacking.append("au moins un livrable remis")
    return lacking + _half_filled(rows)


def _half_filled(rows: ReportRows) -> list[str]:
    lacking = []
    whole = sum(all(row[name].strip() for name in RECOMMENDATION) for row in rows.recommendations)
    if whole < RECOMMENDATIONS_NEEDED:
        lacking.append(
            "trois recommandations complètes : action, par qui, quand "
            f"({whole} sur {RECOMMENDATIONS_NEEDED})"
        )
    lacking += [
        f"le niveau de « {row['institution']} »" for row in rows.meetings if not row["level"]
    ]
    lacking += [
        f"la nature de « {row['name']} » et ce qui change"
        for row in rows.ties
        if not (row["kind"] and row["event"])
    ]
    return lacking


@dataclass(frozen=True)
class SaidMeeting:
    institution: str
    level: str
    opened: list[str]


def meetings_in_words(rows: ReportRows) -> list[SaidMeeting]:
    """Meetings with the labels people read."""
    levels, opened = dict(Level.choices), dict(Opened.choices)
    return [
        SaidMeeting(
            row["institution"],
            str(levels.get(row["level"], "")),
            [str(opened[value]) for value in row["opened"] if value in opened],
        )
        for row in rows.meetings
    ]


def ties_in_words(rows: ReportRows) -> list[tuple[str, str, str]]:
    """`(structure, nature, what changed)` with the labels people read."""
    kinds, events = dict(TieKind.choices), dict(TieEvent.choices)
    return [
        (row["name"], str(kinds.get(row["kind"], "")), str(events.get(row["event"], "")))
        for row in rows.ties
    ]
