"""All the forms of a report's page as one: shown, read and saved together."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm, BaseFormSet

from capitalisation.reports.actions import add_deliverable, save_report, start_report
from capitalisation.reports.forms import ReportForm, ResultForm
from capitalisation.reports.formsets import make_lines
from capitalisation.reports.models import ReturnReport
from capitalisation.reports.queries import rows_of
from explor.accounts.models import User
from explor.ui.errors import Refusal
from missions.dossier.models import Mission


class ReportSheet:
    """`report` is None until the first save creates it."""

    def __init__(
        self, mission: Mission, report: ReturnReport | None, post: Any = None, files: Any = None
    ) -> None:
        self.mission, self.report = mission, report
        # a form of its own instance: what is typed is not mistaken for what is saved
        instance = ReturnReport(mission=mission)
        if report is not None:
            instance = ReturnReport.objects.get(pk=report.pk) if post is not None else report
            instance.mission = mission
        version = report.version if report else 1
        self.form = ReportForm(post, instance=instance, initial={"version": version})
        self.rows = rows_of(mission, report)
        self.results = [ResultForm(post, line=line) for line in self.rows.lines]
        self.lines = make_lines(self.rows, post, files)

    def is_valid(self) -> bool:
        """Every form is checked, even after one has failed: all errors show at once."""
        forms: list[BaseForm | BaseFormSet[Any]] = [self.form, *self.results]
        forms += self.lines.values()
        wrong = [form for form in forms if not form.is_valid()]
        return not wrong

    def data(self) -> dict[str, Any]:
        """What was typed, in the shape `save_report` takes."""
        rows = {name: lines.rows() for name, lines in self.lines.items()}
        kept = [row for row in rows.pop("deliverables") if row.get("id")]
        return {
            **self.form.columns(),
            **rows,
            "results": [form.row() for form in self.results],
            "deliverables": kept,
        }

    def save(self, actor: User) -> tuple[ReturnReport, list[str]]:
        """Save all, then the files one by one: one that is refused is told and stops nothing.

        Returns the report and the French reasons of the refused files. Raises what `save_report`
        raises.
        """
        report = self.report or start_report(self.mission, actor=actor)
        version = self.form.cleaned_data["version"]
        report = save_report(report, self.data(), actor=actor, version=version)
        refused: list[str] = []
        for row in self.lines["deliverables"].rows():
            if row.get("delete") or (row.get("id") and not row.get("upload")):
                continue
            refused += _keep(report, row, actor)
        return report, refused


def _keep(report: ReturnReport, row: dict[str, Any], actor: User) -> list[str]:
    upload: UploadedFile[Any] | None = row.get("upload")
    fields: dict[str, Any] = {name: row.get(name) for name in ("title", "for_whom", "handed_on")}
    try:
        add_deliverable(report, **fields, upload=upload, actor=actor)
    except Refusal as refusal:
        add_deliverable(report, **fields, actor=actor)
        name = upload.name if upload else row["title"]
        return [f"« {name} » n’est pas gardé : {refusal.reason} Le reste est enregistré."]
    return []
