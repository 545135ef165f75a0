"""The envelopes: what each year allows, what is committed, what was paid."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from explor.journal.queries import history_for
from explor.ui.errors import Refusal, Stale
from missions.audiences import ENVELOPES
from missions.funding.envelopes import (
    CHANGE_ENVELOPE,
    OPEN_ENVELOPE,
    change_envelope,
    open_envelope,
)
from missions.funding.models import Envelope
from missions.funding.queries import administered_by, missions_on, totals
from missions.funding.sheet_forms import EnvelopeAmountForm, EnvelopeForm
from missions.funding.sheets import sent
from missions.funding.views import read_or_write

ROWS = 50
#: What is done to the envelope itself; the missions it serves are in the table of the page.
OWN_ACTS = (OPEN_ENVELOPE, CHANGE_ENVELOPE)


@require_safe
def envelope_list(request: PersonRequest) -> HttpResponse:
    if not request.user.has_perm("missions.view_envelopes"):
        raise Http404
    found = Envelope.objects.visible_to(request.user).for_lists().by_year()
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    years = [(year, list(rows)) for year, rows in groupby(page, key=lambda row: row.year)]
    context = {
        "page": page,
        "years": [(year, rows, totals(rows)) for year, rows in years],
        "may_open": request.user.has_perm("missions.set_envelopes"),
    }
    return render(request, "missions/funding/envelope_list.html", context)


@read_or_write
def envelope_new(request: PersonRequest) -> HttpResponse:
    if not request.user.has_perm("missions.set_envelopes"):
        raise Http404
    form = EnvelopeForm(*sent(request), programmes=administered_by(request.user))
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        try:
            row = open_envelope(**form.words, token=token, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"L’enveloppe {row.year} de {row.territory} est ouverte.")
            return redirect(row)
    status = 422 if form.errors else 200
    return render(request, "missions/funding/envelope_new.html", {"form": form}, status=status)


@read_or_write
def envelope(request: PersonRequest, programme: str, territory: str, year: int) -> HttpResponse:
    if not request.user.has_perm("missions.view_envelopes"):
        raise Http404
    found = Envelope.objects.visible_to(request.user).for_lists()
    row = get_object_or_404(found, programme__slug=programme, territory__slug=territory, year=year)
    may_change = request.user.has_perm("missions.set_envelopes", row.programme)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = EnvelopeAmountForm(*sent(request), version=row.version, initial={"amount": row.amount})
    more = _change(request, row, form) if request.method == "POST" else {}
    if more is None:
        return redirect(row)
    context = {"envelope": row, "form": form if may_change else None, **more}
    return _page(request, row, context)


def _change(
    request: PersonRequest, row: Envelope, form: EnvelopeAmountForm
) -> dict[str, Any] | None:
    """`None` once it is done; else what the page says of it."""
    if not form.is_valid():
        return {"status": 422}
    try:
        version = form.cleaned_data["version"]
        change_envelope(row, **form.words, version=version, actor=request.user)
    except Stale as stale:
        return {"status": 409, "version": stale.version}
    except Refusal as refusal:
        form.add_error(None, refusal)
        return {"status": 422}
    messages.success(request, "Le montant de l’enveloppe est changé.")
    return None


def _page(request: PersonRequest, row: Envelope, context: dict[str, Any]) -> HttpResponse:
    commitments = missions_on(row, request.user)
    shown = sum(one.drawn for one in commitments)
    context |= {
        "commitments": commitments,
        "unseen": row.committed - shown,
        "acts": history_for(row.stream, reader=request.user, thing=row, team=ENVELOPES).filter(
            verb__in=OWN_ACTS
        )[:20],
    }
    status = context.pop("status", 200)
    return render(request, "missions/funding/envelope.html", context, status=status)
