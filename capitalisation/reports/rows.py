"""The repeated rows of a report: each list given replaces the one before."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model

from capitalisation.reports.models import (
    InstitutionalMeeting,
    ObjectiveResult,
    PartnershipTie,
    ReportRecommendation,
    ReturnReport,
)
from explor.accounts.permits import step
from explor.documents.actions import let_go
from explor.ui.errors import Refusal
from missions.dossier.models import Objective

Rows = Iterable[Mapping[str, Any]]


@step
def write_rows(report: ReturnReport, data: Mapping[str, Any]) -> None:
    """Write the lists that `data` mentions; the caller holds the lock and has checked."""
    if "results" in data:
        _write_results(report, data["results"])
    if "recommendations" in data:
        _replace(report, ReportRecommendation, _recommendations(data["recommendations"]))
    if "meetings" in data:
        _replace(report, InstitutionalMeeting, _named(data["meetings"], "institution"))
    if "ties" in data:
        _replace(report, PartnershipTie, _ties(report, data["ties"]))
    for row in data.get("deliverables", ()):
        _write_deliverable(report, row)


def _write_results(report: ReturnReport, rows: Rows) -> None:
    own = set(
        Objective.objects.filter(component__mission=report.mission_id).values_list("pk", flat=True)
    )
    for row in rows:
        objective = row["objective"]
        key = objective.pk if isinstance(objective, Objective) else int(objective)
        if key not in own:
            raise Refusal("Cet objectif n’est pas celui de la mission.")
        lines = row.get("achievements", "")
        ObjectiveResult.objects.update_or_create(
            report=report,
            objective_id=key,
            defaults={
                "outcome": row.get("outcome", ""),
                "why": row.get("why", ""),
                "achievements": lines if isinstance(lines, str) else "\n".join(lines),
            },
        )


def _recommendations(rows: Rows) -> list[dict[str, Any]]:
    return [
        {**row, "position": position}
        for position, row in enumerate(_named(rows, "action"), start=1)
    ]


def _ties(report: ReturnReport, rows: Rows) -> list[dict[str, Any]]:
    """A tie known to be with an organisation stays so when its line is only written again."""
    known = dict(report.ties.values_list("name", "organisation_id"))
    return [
        row if "organisation" in row else {**row, "organisation_id": known.get(row["name"])}
        for row in _named(rows, "name")
    ]


def _named(rows: Rows, name: str) -> list[dict[str, Any]]:
    """Rows without their main text are empty lines of the form: left out."""
    return [dict(row) for row in rows if str(row.get(name) or "").strip()]


def _replace(report: ReturnReport, model: type[Model], rows: list[dict[str, Any]]) -> None:
    model._default_manager.filter(report=report).delete()
    model._default_manager.bulk_create(model(report=report, **row) for row in rows)


def _write_deliverable(report: ReturnReport, row: Mapping[str, Any]) -> None:
    found = report.deliverables.filter(pk=row["id"]).first()
    if found is None:
        return
    if row.get("delete"):
        found.delete()
        if found.file is not None:
            let_go(found.file)
        return
    found.title = row.get("title") or found.title
    found.for_whom = row.get("for_whom", found.for_whom)
    found.handed_on = row.get("handed_on", found.handed_on)
    found.save(update_fields=["title", "for_whom", "handed_on"])
