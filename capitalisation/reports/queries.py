"""Reading return reports: what lacks before one is filed, and the rows of a form or a page."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from capitalisation.reports.models import (
    Deliverable,
    ObjectiveResult,
    ReportState,
    ReturnReport,
)
from missions.dossier.models import Mission, Objective

#: States in which the volunteer may still write.
OPEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})
RECOMMENDATIONS_NEEDED = 3


@dataclass(frozen=True)
class ObjectiveLine:
    """An objective of the mission and what the report says of it, if anything yet."""

    objective: Objective
    result: ObjectiveResult | None


def report_of(mission: Mission) -> ReturnReport | None:
    """The report with all its rows, in a fixed number of queries."""
    rows: QuerySet[ReturnReport] = ReturnReport.objects.select_related("author", "accepted_by")
    deliverables = Deliverable.objects.select_related("file")
    report = (
        rows.filter(mission=mission)
        .prefetch_related(
            "results", "recommendations", "meetings", "ties", Prefetch("deliverables", deliverables)
        )
        .first()
    )
    if report is not None:
        report.mission = mission
    return report


def objective_lines(mission: Mission, report: ReturnReport | None) -> list[ObjectiveLine]:
    """Every objective in order, beside what the report says of it."""
    results = {row.objective_id: row for row in report.results.all()} if report else {}
    objectives = (
        Objective.objects.filter(component__mission=mission)
        .select_related("component")
        .order_by("component__position", "position", "pk")
    )
    return [ObjectiveLine(objective, results.get(objective.pk)) for objective in objectives]


def missing(report: ReturnReport) -> list[str]:
    """Everything that filing still lacks, in French, at once; empty when nothing does."""
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
    lacking += _missing_outcomes(report)
    if not report.deliverables.exists():
        lacking.append("au moins un livrable remis")
    whole = report.recommendations.exclude(action="").exclude(who="").exclude(due="").count()
    if whole < RECOMMENDATIONS_NEEDED:
        lacking.append(
            f"trois recommandations complètes : action, par qui, quand ({whole} sur "
            f"{RECOMMENDATIONS_NEEDED})"
        )
    return lacking


def _missing_outcomes(report: ReturnReport) -> list[str]:
    lacking = []
    for number, line in enumerate(objective_lines(report.mission, report), start=1):
        if line.result is None or not line.result.outcome:
            lacking.append(f"le résultat de l’objectif {number}")
        elif not line.result.why.strip():
            lacking.append(f"le pourquoi de l’objectif {number}")
    return lacking
