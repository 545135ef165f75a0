"""Two wordings of a report put in words, to show what a stale save would have overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capitalisation.reports.actions import COLUMNS
from capitalisation.reports.models import ReturnReport
from capitalisation.reports.queries import MEETING, RECOMMENDATION, TIE, ReportRows, rows_of

LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recommendations": ("Recommandations", RECOMMENDATION),
    "meetings": ("Rencontres institutionnelles", MEETING),
    "ties": ("Liens partenariaux", TIE),
}


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


def differences(report: ReturnReport, typed: Mapping[str, Any]) -> list[Difference]:
    """Where the saved report (from `report_of`) and `typed` (see `save_report`) differ."""
    rows = rows_of(report.mission, report)
    mine, theirs = _words_of(typed), _words_of(_saved(report, rows))
    labels = {name: _label(report, name) for name in (*COLUMNS, *LISTS)}
    labels |= {
        f"objective-{line.objective.pk}": f"Objectif : {line.objective.text}" for line in rows.lines
    }
    return [
        Difference(labels[name], theirs.get(name, ""), mine.get(name, ""))
        for name in labels
        if theirs.get(name, "").strip() != mine.get(name, "").strip()
    ]


def _label(report: ReturnReport, name: str) -> str:
    if name in LISTS:
        return LISTS[name][0]
    words = str(report._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]


def _saved(report: ReturnReport, rows: ReportRows) -> dict[str, Any]:
    said: dict[str, Any] = {name: getattr(report, name) for name in COLUMNS}
    said |= {name: getattr(rows, name) for name in LISTS}
    said["results"] = [
        {
            "objective": line.objective.pk,
            "outcome": line.outcome,
            "why": line.why,
            "achievements": line.achievements,
        }
        for line in rows.lines
    ]
    return said


def _words_of(data: Mapping[str, Any]) -> dict[str, str]:
    words = {name: _say(data.get(name)) for name in COLUMNS}
    for name, (_, fields) in LISTS.items():
        lines = [" · ".join(filter(None, (_say(row.get(f)) for f in fields))) for row in data[name]]
        words[name] = "\n".join(lines)
    for row in data["results"]:
        parts = [_say(row.get(name)) for name in ("outcome", "why", "achievements")]
        words[f"objective-{row['objective']}"] = "\n".join(part for part in parts if part)
    return words


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value).replace("\r\n", "\n")
