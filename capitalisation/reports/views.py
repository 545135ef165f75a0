"""The return report of a mission: written, read, filed, returned, accepted."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from capitalisation.reports.actions import accept_report, return_report, submit_report
from capitalisation.reports.comparison import differences
from capitalisation.reports.models import ReturnReport
from capitalisation.reports.queries import (
    OPEN,
    meetings_in_words,
    missing,
    report_of,
    rows_of,
    ties_in_words,
)
from capitalisation.reports.sheet import ReportSheet
from capitalisation.reports.telling import facts_of, sections_of
from explor.accounts.http import PersonRequest
from explor.accounts.models import User
from explor.intake.typed import reason_in
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context


@require_http_methods(["GET", "HEAD", "POST"])
def mission_report(request: PersonRequest, reference: str) -> HttpResponse:
    """The form for the volunteer while it is open, the report for who may read it."""
    mission = find_mission(request.user, reference)
    report = report_of(mission)
    if _may_write(request.user, mission, report):
        if request.method == "POST":
            return _save(request, mission, report)
        return _form(request, mission, ReportSheet(mission, report))
    if request.method == "POST":
        raise Http404
    return _read(request, mission, report)


def _may_write(user: User, mission: Mission, report: ReturnReport | None) -> bool:
    still_open = report is None or report.state in OPEN
    return still_open and user.has_perm("capitalisation.write_report", mission)


def _save(request: PersonRequest, mission: Mission, report: ReturnReport | None) -> HttpResponse:
    """« Enregistrer » keeps all; « Déposer » also files, and loses nothing when refused."""
    sheet = ReportSheet(mission, report, request.POST, request.FILES)
    if not sheet.is_valid():
        return _form(request, mission, sheet, 422)
    try:
        saved, refused = sheet.save(request.user)
    except Stale:
        return _stale(request, mission, sheet)
    except Refusal as refusal:
        sheet.form.add_error(None, refusal)
        return _form(request, mission, sheet, 422)
    for words in refused:
        messages.warning(request, words)
    if "submit" not in request.POST:
        messages.success(request, "Rapport enregistré. Vous pouvez le reprendre quand vous voulez.")
        return redirect("mission_report", reference=mission.reference)
    return _submit(request, saved)


def _submit(request: PersonRequest, report: ReturnReport) -> HttpResponse:
    try:
        submit_report(report, actor=request.user)
        messages.success(request, "Rapport déposé : la coordination le relit.")
    except Refusal as refusal:
        messages.error(request, f"Rapport enregistré, pas encore déposé. {refusal.reason}")
    return redirect("mission_report", reference=report.mission.reference)


def _stale(request: PersonRequest, mission: Mission, sheet: ReportSheet) -> HttpResponse:
    present = report_of(mission)
    if present is None:
        raise Http404
    conflicts = differences(present, sheet.data())
    if not conflicts:
        # the same form sent twice: all of it is saved already
        return redirect("mission_report", reference=mission.reference)
    found = {"conflicts": conflicts, "present": present.version}
    return _form(request, mission, sheet, 409, **found)


def _form(
    request: PersonRequest, mission: Mission, sheet: ReportSheet, status: int = 200, **more: object
) -> HttpResponse:
    context = page_context(mission, request.user, "report")
    context |= {"sheet": sheet, "report": sheet.report, **more}
    if sheet.report is not None:
        context["lacking"] = missing(sheet.report, sheet.rows)
    template = "capitalisation/reports/mission_report_form.html"
    return render(request, template, context, status=status)


def _read(request: PersonRequest, mission: Mission, report: ReturnReport | None) -> HttpResponse:
    context = page_context(mission, request.user, "report")
    user = request.user
    shown = report if report and user.has_perm("capitalisation.view_report", report) else None
    if shown:
        rows = rows_of(mission, shown)
        context |= {
            "rows": rows,
            "meetings": meetings_in_words(rows),
            "ties": ties_in_words(rows),
            "sections": sections_of(shown),
            "about": facts_of(shown),
        }
    context |= {
        "report": shown,
        "reviews": bool(shown) and user.has_perm("capitalisation.review_report", mission),
    }
    return render(request, "capitalisation/reports/mission_report.html", context)


@require_POST
def mission_report_return(request: PersonRequest, reference: str) -> HttpResponse:
    reason = reason_in(request)
    return _review(
        request,
        reference,
        lambda report: return_report(report, because=reason, actor=request.user),
        "Rapport renvoyé : la personne volontaire est prévenue.",
    )


@require_POST
def mission_report_accept(request: PersonRequest, reference: str) -> HttpResponse:
    return _review(
        request,
        reference,
        lambda report: accept_report(report, actor=request.user),
        "Rapport accepté : dates et résultats sont dans le dossier.",
    )


def _review(
    request: PersonRequest, reference: str, act: Callable[[ReturnReport], object], done: str
) -> HttpResponse:
    report = report_of(find_mission(request.user, reference))
    if report is None:
        raise Http404
    try:
        act(report)
        messages.success(request, done)
    except PermissionDenied as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_report", reference=reference)
