"""The pages of a mission: summary, steps, history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from explor import clock
from explor.accounts.http import PersonRequest
from explor.journal.actions import record
from explor.journal.queries import history
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import advance, put_in_state
from missions.dossier.doors import doors_for
from missions.dossier.lists import mission_list_for
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.dossier.summary import summary_context
from missions.dossier.work import expected_of, work_of

PAGE = 25


@require_safe
def accueil(request: PersonRequest) -> HttpResponse:
    """« Mon travail »."""
    work = work_of(request.user)
    context = {
        "work": work,
        "waiting": expected_of(work.waiting),
        "doors": doors_for(request.user),
        "today": clock.today(),
    }
    return render(request, "missions/dossier/accueil.html", context)


@require_safe
def mission_list(request: PersonRequest) -> HttpResponse:
    shown = mission_list_for(request.user, request.GET)
    name = "_mission_list" if request.htmx else "mission_list"
    return render(request, f"missions/dossier/{name}.html", {"list": shown, "page": shown.page})


@require_safe
def mission(request: PersonRequest, reference: str) -> HttpResponse:
    found = find_mission(request.user, reference)
    context = page_context(found, request.user, "mission")
    context |= summary_context(found)
    return render(request, "missions/dossier/mission.html", context)


@require_safe
def mission_history(request: PersonRequest, reference: str) -> HttpResponse:
    found = find_mission(request.user, reference)
    context = page_context(found, request.user, "history")
    context["entries"] = Paginator(history(found.stream), PAGE).get_page(request.GET.get("page"))
    return render(request, "missions/dossier/mission_history.html", context)


@require_POST
def mission_step(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """Take a transition. An attempt without the right is written in the history, then refused."""
    found = find_mission(request.user, reference)
    step = lifecycle.TRANSITIONS.get(name)
    try:
        advance(found, name, actor=request.user, reason=request.POST.get("reason", ""))
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    except PermissionDenied:
        _note_attempt(request, found, step.label if step else name)
        raise
    else:
        messages.success(request, step.told if step else "")
    return _back_to(request, found)


@require_POST
def mission_state(request: PersonRequest, reference: str) -> HttpResponse:
    """Staff put the mission in another state by hand, with a reason."""
    found = find_mission(request.user, reference)
    state, reason = request.POST.get("state", ""), request.POST.get("reason", "")
    try:
        changed = put_in_state(found, state, actor=request.user, reason=reason)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    except PermissionDenied:
        _note_attempt(request, found, "Mettre dans un autre état")
        raise
    else:
        words = lifecycle.label(changed.state)
        messages.success(request, f"Le dossier est maintenant « {words} ».")
    return _back_to(request, found)


def _note_attempt(request: PersonRequest, mission: Mission, what: str) -> None:
    record(
        mission.stream,
        "missions.refused",
        f"Tentative refusée : {what}.",
        actor=request.user,
    )


def _back_to(request: PersonRequest, mission: Mission) -> HttpResponse:
    """To the mission, or to « Mon travail » when the step took it out of the person's sight."""
    if Mission.objects.visible_to(request.user).filter(pk=mission.pk).exists():
        return redirect(mission)
    return redirect("accueil")
