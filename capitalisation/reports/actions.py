"""The return report, from its first draft to its acceptance."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from capitalisation.audiences import REPORT
from capitalisation.reports.models import Deliverable, ReportState, ReturnReport
from capitalisation.reports.queries import OPEN, missing, objective_lines
from capitalisation.reports.rows import write_rows
from capitalisation.reports.telling import pour, told_of
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.documents.actions import let_go, store_file
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.events import Event
from explor.ui.errors import Refusal, Stale
from missions.acts import check_when
from missions.audiences import EVERYONE
from missions.dossier.actions import lock, record_outcome, record_real_dates
from missions.dossier.milestones import tick
from missions.dossier.models import Mission, OwnerRole
from missions.lifecycle import Kind

START_REPORT = Verb("capitalisation.start_report", REPORT)
SUBMIT_REPORT = Verb("capitalisation.submit_report", EVERYONE)
RETURN_REPORT = Verb("capitalisation.return_report", REPORT)
ACCEPT_REPORT = Verb("capitalisation.accept_report", EVERYONE)

#: The columns of the report that `save_report` takes under their own name.
COLUMNS: tuple[str, ...] = (
    "departed_on",
    "returned_on",
    "places",
    "security_incident",
    "no_incident",
    "story",
    "findings",
    "difficulties",
    "gaps",
    "next_steps",
    "women",
    "men",
    "under_30",
    "remote_months",
)


@transaction.atomic
def start_report(mission: Mission, *, actor: User | None) -> ReturnReport:
    """The mission's only report; the same one when it exists. Raises `PermissionDenied`."""
    require(actor, "capitalisation.write_report", mission)
    report, created = ReturnReport.objects.get_or_create(
        mission=mission, defaults={"author": actor, "saved_at": clock.now()}
    )
    if created:
        words = "Rapport de retour commencé."
        record(mission.stream, START_REPORT, words, actor=actor)
    return report


@transaction.atomic
def save_report(
    report: ReturnReport,
    data: Mapping[str, Any],
    *,
    actor: User | None,
    version: int | None = None,
) -> ReturnReport:
    """Keep a draft; nothing is required, what `data` does not mention stays as it is.

    Keys: the columns of `COLUMNS`, and lists of rows that replace the former ones:
    `results` (`objective` id, `outcome`, `why`, `achievements` as one text, a line each),
    `recommendations` (`action`, `who`, `due`), `meetings` (`institution`, `level`, `opened` list),
    `ties` (`name`, `kind`, `event`, `organisation` or None), `deliverables` (`id`, `title`,
    `for_whom`, `handed_on`, `delete`; only known ids, their files are never touched).

    Raises `PermissionDenied`; `Refusal` once filed or when a date order is wrong; `Stale`.
    """
    report = _locked(report)
    require(actor, "capitalisation.write_report", report.mission)
    _check_open(report)
    if version is not None and version != report.version:
        raise Stale(report.version)
    for name in COLUMNS:
        if name in data:
            setattr(report, name, data[name])
    if report.departed_on and report.returned_on and report.returned_on < report.departed_on:
        raise Refusal({"returned_on": "Le retour vient avant le départ."})
    write_rows(report, data)
    report.author = report.author or actor
    report.saved_at = clock.now()
    report.version += 1
    report.save()
    return report


@transaction.atomic
def add_deliverable(
    report: ReturnReport,
    *,
    title: str,
    for_whom: str = "",
    handed_on: date | None = None,
    upload: "UploadedFile[Any] | bytes | None" = None,
    name: str = "",
    actor: User | None,
) -> Deliverable:
    """What was handed over, with its file when there is one (`name` is needed for bytes).

    The same title twice is one deliverable: sending a form again adds nothing. Raises
    `PermissionDenied`; `Refusal` once filed, without a title, or when the file is not accepted.
    """
    report = _locked(report)
    require(actor, "capitalisation.write_report", report.mission)
    _check_open(report)
    if not title.strip():
        raise Refusal("Donnez un titre au livrable.")
    row = report.deliverables.filter(title=title.strip()[:200]).first()
    row = row or Deliverable(report=report, title=title.strip()[:200])
    row.for_whom, row.handed_on = for_whom.strip()[:160], handed_on
    if upload is not None:
        if row.file is not None:
            let_go(row.file)
        row.file = store_file(
            upload,
            name=name or getattr(upload, "name", "") or "livrable",
            actor=actor,
            target=report,
            permission="capitalisation.view_report",
        )
    row.save()
    return row


@transaction.atomic
def submit_report(report: ReturnReport, *, actor: User | None) -> ReturnReport:
    """File it for review. Raises `PermissionDenied`, or `Refusal` naming all that lacks at once."""
    report = _locked(report)
    require(actor, "capitalisation.write_report", report.mission)
    _check_open(report)
    if lacking := missing(report):
        raise Refusal([f"Il manque {what}." for what in lacking])
    report.submitted_at = clock.now()
    _move(report, ReportState.SUBMITTED, "submitted_at")
    told_of(
        report,
        Event.REPORT_SUBMITTED,
        "le rapport de retour est déposé",
        actor,
        OwnerRole.COORDINATOR,
    )
    _tell(report, SUBMIT_REPORT, "Rapport de retour déposé.", actor)
    return report


@transaction.atomic
def return_report(report: ReturnReport, *, because: str, actor: User | None) -> ReturnReport:
    """Ask the volunteer to complete it. Raises `PermissionDenied`, `Refusal` without a reason."""
    report = _reviewed(report, actor)
    if not because.strip():
        raise Refusal("Dites ce qui est à compléter.")
    report.returned_because = because.strip()
    _move(report, ReportState.RETURNED, "returned_because")
    words = "le rapport de retour est à compléter"
    told_of(report, Event.REPORT_RETURNED, words, actor, OwnerRole.VOLUNTEER, because.strip())
    _tell(report, RETURN_REPORT, "Rapport renvoyé à compléter.", actor, because.strip())
    return report


@transaction.atomic
def accept_report(report: ReturnReport, *, actor: User | None) -> ReturnReport:
    """What it says becomes the mission's: real dates, outcomes and achievements; both report
    milestones are done and its text joins the corpus.

    Raises `PermissionDenied`, or `Refusal` when no filed report waits for an answer.
    """
    report = _reviewed(report, actor)
    if lacking := missing(report):
        raise Refusal([f"Il manque {what}." for what in lacking])
    report.accepted_at, report.accepted_by = clock.now(), actor
    _move(report, ReportState.ACCEPTED, "accepted_at", "accepted_by")
    _give_to_dossier(report, actor)
    pour(report, actor)
    told_of(
        report,
        Event.REPORT_ACCEPTED,
        "le rapport de retour est accepté",
        actor,
        OwnerRole.VOLUNTEER,
        extra=OwnerRole.OSIM,
    )
    _tell(report, ACCEPT_REPORT, "Rapport de retour accepté.", actor)
    return report


def _give_to_dossier(report: ReturnReport, actor: User | None) -> None:
    mission = report.mission
    if report.departed_on and report.returned_on:
        record_real_dates(
            mission, departed_on=report.departed_on, returned_on=report.returned_on, actor=actor
        )
    for line in objective_lines(mission, report):
        record_outcome(
            line.objective,
            outcome=line.outcome,
            why=line.why,
            achievements=[text[:500] for text in line.achievement_list],
            actor=actor,
        )
    for kind in (Kind.FLASH_REPORT, Kind.FULL_REPORT):
        tick(mission, kind, actor=actor)


def _locked(report: ReturnReport) -> ReturnReport:
    mission = lock(report.mission)
    report = lock_row(ReturnReport.objects.all(), report.pk)
    report.mission = mission
    return report


def _reviewed(report: ReturnReport, actor: User | None) -> ReturnReport:
    report = _locked(report)
    require(actor, "capitalisation.review_report", report.mission)
    check_when("review_report", report.mission.state)
    if report.state != ReportState.SUBMITTED:
        raise Refusal("Aucun rapport déposé n’attend de relecture.")
    return report


def _check_open(report: ReturnReport) -> None:
    if report.state not in OPEN:
        words = report.get_state_display().lower()
        raise Refusal(f"Le rapport est « {words} » : il ne se modifie plus.")


def _move(report: ReturnReport, state: ReportState, *fields: str) -> None:
    report.state = state
    report.version += 1
    report.save(update_fields=["state", "version", *fields])


def _tell(
    report: ReturnReport, verb: Verb, words: str, actor: User | None, reason: str = ""
) -> None:
    stream = report.mission.stream
    record(stream, verb, words, actor=actor, reason=reason)
