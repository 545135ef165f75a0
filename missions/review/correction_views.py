"""Corrections as the reviewer asks them, reads the difference, settles or asks again."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.intake.typed import REASON, reason_in, within
from explor.ui.errors import Refusal
from explor.ui.tokens import token_in
from missions.dossier.models import Mission
from missions.dossier.page import find_mission
from missions.lifecycle import State
from missions.request.correcting import ask_again, ask_corrections, settle_correction
from missions.request.corrections import (
    Correction,
    CorrectionQuerySet,
    corrections_of,
    waiting_time,
)
from missions.request.saying import keys_by_section, label_of, said
from missions.review.page import find_review, review_context


@require_safe
def mission_corrections(request: PersonRequest, reference: str) -> HttpResponse:
    """What was asked and answered, the difference word by word."""
    mission = find_review(request.user, reference)
    if not request.user.has_perm("missions.read_corrections", mission):
        raise Http404
    context = review_context(mission, request.user, "mission_corrections")
    rows = corrections_of(mission)
    context |= {
        "rows": [(row, label_of(row.field)) for row in rows],
        "waited": days_of(waiting_time(mission)) if rows else "",
        "asking": context["may_review"] and mission.state == State.REVIEW,
    }
    return render(request, "missions/review/mission_corrections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correction_new(request: PersonRequest, reference: str) -> HttpResponse:
    """Choose answers, each shown as it stands, and say what to correct in each."""
    mission = find_review(request.user, reference)
    if not request.user.has_perm("missions.review", mission):
        raise PermissionDenied
    typed = {
        key.removeprefix("q_"): within(str(words), REASON)
        for key, words in request.POST.items()
        if key.startswith("q_")
    }
    refused = ""
    if request.method == "POST":
        try:
            ask_corrections(mission, typed, actor=request.user, token=_token(request))
            messages.success(request, "L’association est prévenue.")
            return redirect("mission_corrections", reference)
        except Refusal as refusal:
            refused = refusal.reason
    context = {
        "mission": mission,
        "sections": _sections(mission, typed),
        "refused": refused,
        "token": token_in(request.POST.get("token", "")),
    }
    status = 422 if refused else 200
    return render(request, "missions/review/correction_new.html", context, status=status)


def _sections(
    mission: Mission, typed: dict[str, str]
) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
    """`(title, [(key, label, present answer, typed)])`, without the answers asked already."""
    rows = CorrectionQuerySet(Correction).open().filter(mission=mission)
    already, now = set(rows.values_list("field", flat=True)), said(mission)
    return [
        (
            title,
            [
                (key, label_of(key), now.get(key, ""), typed.get(key, ""))
                for key in keys
                if key not in already
            ],
        )
        for _, title, keys in keys_by_section()
    ]


@require_POST
def correction_settle(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission, correction = _find(request, reference, token)
    try:
        settle_correction(correction, actor=request.user)
        messages.success(request, "La correction est réglée.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_corrections", mission.reference)


@require_POST
def correction_again(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission, correction = _find(request, reference, token)
    question = reason_in(request)
    try:
        ask_again(correction, question=question, actor=request.user, token=_token(request))
        messages.success(request, "L’association est prévenue.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_corrections", mission.reference)


def _find(request: PersonRequest, reference: str, token: UUID) -> tuple[Mission, Correction]:
    mission = find_mission(request.user, reference)
    return mission, get_object_or_404(Correction, mission=mission, token=token)


def _token(request: PersonRequest) -> UUID:
    """The form's own, so that a submit sent twice asks once; a form without one is refused."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        raise Refusal("Ce formulaire a expiré. Rechargez la page et recommencez.") from None


def days_of(wait: timedelta) -> str:
    """« 5 jours », « moins d’un jour »."""
    if wait.days < 1:
        return "moins d’un jour"
    return "1\u00a0jour" if wait.days == 1 else f"{wait.days}\u00a0jours"
