"""« J’ai corrigé »: the association reads what is asked, answer by answer, and replies."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.intake.typed import text_in
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.dossier.page import find_mission
from missions.lifecycle import State
from missions.request.correcting import answer_correction
from missions.request.corrections import Correction, corrections_of
from missions.request.saying import label_of, said, section_of


@require_safe
def request_corrections(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.answer_correction", mission):
        raise Http404
    return _page(request, mission)


@require_POST
def correction_answer(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = find_mission(request.user, reference)
    correction = get_object_or_404(Correction, mission=mission, token=token)
    typed = text_in(request, "answer")
    try:
        answer_correction(correction, answer=typed, actor=request.user)
    except Refusal as refusal:
        return _page(request, mission, {correction.pk: (typed, refusal.reason)}, status=422)
    messages.success(request, "Merci. La coordination est prévenue.")
    return redirect("request_corrections", reference)


def _page(
    request: PersonRequest,
    mission: Mission,
    refused: dict[int, tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`refused` maps a correction to what was typed and why it is not enough."""
    rows, typed = corrections_of(mission), refused or {}
    owed = [row for row in rows if mission.state == State.REVIEW and row.is_owed]
    now = said(mission) if owed else {}
    context = {
        "mission": mission,
        "owed": [
            (
                row,
                label_of(row.field),
                section_of(row.field),
                now.get(row.field, ""),
                *typed.get(row.pk, ("", "")),
            )
            for row in owed
        ],
        "answered": [(row, label_of(row.field)) for row in rows if row.is_answered],
    }
    return render(request, "missions/request/request_corrections.html", context, status=status)
