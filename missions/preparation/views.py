"""Getting ready: the checklist, the dates, and what each person may tick."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from explor import clock
from explor.accounts.http import PersonRequest
from explor.intake.typed import reason_in
from explor.ui.attempts import attempt
from missions.acts import may_now
from missions.dossier.actions import plan_dates
from missions.dossier.milestones import reopen_milestone, settle_milestone, waive_milestone
from missions.dossier.models import Milestone, Mission
from missions.dossier.page import find_mission, page_context
from missions.preparation.forms import DatesForm
from missions.preparation.queries import checklist, departure_risks, shifts


@require_safe
def mission_preparation(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.view_checklist", mission):
        raise Http404
    dates = {"departs_on": mission.departs_on, "returns_on": mission.returns_on}
    return _page(request, mission, form=DatesForm(initial=dates))


@require_POST
def mission_dates(request: PersonRequest, reference: str) -> HttpResponse:
    """Shows first every due date that moves; writes once it is confirmed."""
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.prepare", mission):
        raise PermissionDenied
    form = DatesForm(request.POST)
    if not form.is_valid():
        return _page(request, mission, form=form, status=422)
    moved = shifts(mission, form.cleaned_data["departs_on"])
    if may_now("plan_dates", mission.state) and moved and "confirmed" not in request.POST:
        return _page(request, mission, form=form, shifts=moved, asked=form.cleaned_data)
    told = "Les dates sont enregistrées."
    attempt(request, lambda: plan_dates(mission, actor=request.user, **form.cleaned_data), told)
    return redirect("mission_preparation", reference)


@require_POST
def milestone_settle(request: PersonRequest, reference: str, kind: str) -> HttpResponse:
    milestone = _milestone(request, reference, kind)
    note = reason_in(request)
    told = f"« {milestone.label} » : c’est fait."
    attempt(request, lambda: settle_milestone(milestone, actor=request.user, note=note), told)
    return _back(reference, kind)


@require_POST
def milestone_waive(request: PersonRequest, reference: str, kind: str) -> HttpResponse:
    milestone = _milestone(request, reference, kind)
    because = reason_in(request)
    told = f"« {milestone.label} » : dispense enregistrée."
    attempt(request, lambda: waive_milestone(milestone, actor=request.user, because=because), told)
    return _back(reference, kind)


@require_POST
def milestone_reopen(request: PersonRequest, reference: str, kind: str) -> HttpResponse:
    milestone = _milestone(request, reference, kind)
    because = reason_in(request)
    told = f"« {milestone.label} » est à refaire."
    attempt(request, lambda: reopen_milestone(milestone, actor=request.user, because=because), told)
    return _back(reference, kind)


def _page(
    request: PersonRequest, mission: Mission, *, status: int = 200, **more: Any
) -> HttpResponse:
    today = clock.today()
    context = page_context(mission, request.user, "preparation")
    context |= {
        "groups": checklist(mission, request.user, today),
        "risks": departure_risks(mission, today),
        "may_plan": may_now("plan_dates", mission.state)
        and request.user.has_perm("missions.prepare", mission),
        **more,
    }
    name = "missions/preparation/mission_preparation.html"
    return render(request, name, context, status=status)


def _milestone(request: PersonRequest, reference: str, kind: str) -> Milestone:
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.view_checklist", mission):
        raise Http404
    return get_object_or_404(mission.milestones, kind=kind)


def _back(reference: str, kind: str) -> HttpResponse:
    response = redirect("mission_preparation", reference)
    response["Location"] += f"#jalon-{kind}"
    return response
