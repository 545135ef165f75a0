"""The months of the committee: list, one month, the rows behind a figure, the PDF."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from capitalisation.committee.actions import freeze_month
from capitalisation.committee.documents import month_pdf
from capitalisation.committee.figures import Period, month_before, next_month
from capitalisation.committee.models import MonthIndicator
from capitalisation.committee.queries import (
    MonthPage,
    agenda_of,
    months_of,
    open_references,
    read_month,
)
from capitalisation.corpus.queries import programme_for
from explor import clock
from explor.accounts.http import PersonRequest
from explor.documents.views import file_response
from explor.ui.errors import Refusal
from missions.dossier.models import Programme


def _programme(request: PersonRequest) -> Programme:
    programme = programme_for(request.user)
    if programme is None or not request.user.has_perm("capitalisation.read_month", programme):
        raise Http404
    return programme


def _month(programme: Programme, year: int, month: int) -> date:
    """The first day of a month between the start of the programme and today, or 404."""
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        raise Http404
    first = date(year, month, 1)
    if not programme.starts_on.replace(day=1) <= first <= clock.today():
        raise Http404
    return first


@require_safe
def committee(request: PersonRequest) -> HttpResponse:
    """Every month, and the one to read now."""
    programme = _programme(request)
    months = list(months_of(programme)[:36])
    frozen = {month.month for month in months}
    waiting = month_before(clock.today())
    context = {
        "programme": programme,
        "months": months,
        "running": clock.today().replace(day=1),
        "waiting": waiting if waiting not in frozen and waiting >= programme.starts_on else None,
        "agenda": agenda_of(programme, request.user, clock.today()),
        "may_freeze": request.user.has_perm("capitalisation.freeze_month", programme),
        "may_sit": request.user.has_perm("capitalisation.read_session", programme),
    }
    return render(request, "capitalisation/committee/committee.html", context)


@require_safe
def committee_month(request: PersonRequest, year: int, month: int) -> HttpResponse:
    programme = _programme(request)
    first = _month(programme, year, month)
    page = read_month(programme, first)
    period = Period.of(first)
    context = {
        "programme": programme,
        "page": page,
        "period": period,
        "charts": page.charts(),
        "agenda": agenda_of(programme, request.user, clock.today()),
        "previous": month_before(first),
        "following": next_month(first) if next_month(first) <= clock.today() else None,
        "may_freeze": period.is_over
        and request.user.has_perm("capitalisation.freeze_month", programme),
    }
    return render(request, "capitalisation/committee/committee_month.html", context)


@require_safe
def committee_rows(request: PersonRequest, year: int, month: int, code: str) -> HttpResponse:
    """The missions behind a figure; those this person may not open are only counted."""
    programme = _programme(request)
    page = read_month(programme, _month(programme, year, month))
    figure = _figure(page, code)
    missions = open_references(request.user, (row["reference"] for row in figure.rows))
    rows: list[dict[str, Any]] = [
        {**row, "mission": missions[row["reference"]]}
        for row in figure.rows
        if row["reference"] in missions
    ]
    context = {
        "page": page,
        "figure": figure,
        "rows": rows,
        "hidden": len(figure.rows) - len(rows),
    }
    return render(request, "capitalisation/committee/committee_rows.html", context)


def _figure(page: MonthPage, code: str) -> MonthIndicator:
    for row in page.indicators:
        if row.code == code:
            return row
    raise Http404


@require_safe
def committee_pdf(request: PersonRequest, year: int, month: int) -> HttpResponse:
    programme = _programme(request)
    first = _month(programme, year, month)
    content = month_pdf(programme, first, reader=request.user)
    name = f"comite-{programme.slug}-{first:%Y-%m}.pdf"
    return file_response(content, name=name, content_type="application/pdf")


@require_POST
def committee_freeze(request: PersonRequest, year: int, month: int) -> HttpResponse:
    """« Arrêter le mois », or compute a frozen one anew with `again`."""
    programme = _programme(request)
    first = _month(programme, year, month)
    try:
        again = request.POST.get("again") == "1"
        freeze_month(programme, first, actor=request.user, again=again)
        messages.success(request, "Le mois est arrêté : ses chiffres ne bougeront plus.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("committee_month", year, month)
