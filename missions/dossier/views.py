"""The pages of a mission: summary, steps, history."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from explor import clock
from explor.accounts.http import PersonRequest
from explor.intake.typed import reason_in
from explor.journal.actions import record
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import REFUSED, approve_sheet, propose_sheet, put_in_state, take_step
from missions.dossier.doors import doors_for
from missions.dossier.forms import SheetForm
from missions.dossier.lists import is_outside, mission_list_for
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context, prepares_sheet, sheet_rights
from missions.dossier.queries import acts_on
from missions.dossier.sheet_actions import return_sheet
from missions.dossier.sheets import sheet_of
from missions.dossier.shown import print_of, shown_sheet
from missions.dossier.summary import summary_context
from missions.dossier.work import expected_of, work_of

PAGE = 25


@require_safe
def accueil(request: PersonRequest) -> HttpResponse:
    """« Mon travail »."""
    work = work_of(request.user)
    context = {
        "work": work,
        "waiting": expected_of(
            work.waiting, reader=request.user, for_osim=is_outside(request.user)
        ),
        "doors": doors_for(request.user),
        "today": clock.today(),
    }
    return render(request, "missions/dossier/accueil.html", context)


@require_safe
def mission_list(request: PersonRequest) -> HttpResponse:
    shown = mission_list_for(request.user, request.GET)
    name = "_mission_list" if request.htmx else "mission_list"
    context = {"list": shown, "page": shown.page, "token": uuid4()}
    return render(request, f"missions/dossier/{name}.html", context)


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
    context["entries"] = Paginator(acts_on(found, request.user), PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "missions/dossier/mission_history.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mission_sheet(request: PersonRequest, reference: str) -> HttpResponse:
    """Preview of the public sheet; POST proposes its text to a second reader."""
    found = find_mission(request.user, reference)
    if not prepares_sheet(found, request.user):
        raise Http404
    if found.joint_with:
        return redirect("mission_sheet", reference=found.joint_with.reference)
    form = SheetForm(request.POST or None, initial={"summary": found.summary})
    if request.method == "POST" and form.is_valid():
        summary = form.cleaned_data["summary"]
        done = "La fiche est proposée : une autre personne doit l’approuver."
        if _tried(request, found, partial(propose_sheet, summary=summary), done):
            return redirect("mission_sheet", reference=reference)
    context = page_context(found, request.user, "sheet")
    sheet = sheet_of(found)
    context |= {"form": form, "sheet": sheet, "read": {"read": print_of(sheet)}}
    context |= sheet_rights(found, request.user)
    context["has_changed"] = context["is_published"] and print_of(sheet) != print_of(
        shown_sheet(found)
    )
    return render(request, "missions/dossier/mission_sheet.html", context)


@require_POST
def sheet_approve(request: PersonRequest, reference: str) -> HttpResponse:
    """A second person publishes the sheet."""
    found = find_mission(request.user, reference)
    read = request.POST.get("read", "")
    _tried(request, found, partial(approve_sheet, read=read), "La fiche est publiée.")
    return redirect("mission_sheet", reference=reference)


@require_POST
def sheet_return(request: PersonRequest, reference: str) -> HttpResponse:
    """Taken off the public pages, to be written again."""
    found = find_mission(request.user, reference)
    act = partial(return_sheet, because=reason_in(request))
    _tried(request, found, act, "La fiche n’est plus publique : reprenez-la, puis proposez-la.")
    return redirect("mission_sheet", reference=reference)


@require_POST
def mission_step(request: PersonRequest, reference: str, name: str) -> HttpResponse:
    """Take a transition. An attempt without the right is written in the history, then refused.

    A step that a stage takes itself is not found here by who may take it there.
    """
    found = find_mission(request.user, reference)
    step = lifecycle.TRANSITIONS.get(name)
    if step and step.taken_by and request.user.has_perm(step.permission, found):
        raise Http404("Cette étape se prend depuis sa page.")
    reason = reason_in(request)
    act = partial(take_step, name=name, reason=reason)
    _tried(request, found, act, step.told if step else "", what=step.label if step else name)
    return _back_to(request, found)


@require_POST
def mission_state(request: PersonRequest, reference: str) -> HttpResponse:
    """Staff put the mission in another state by hand, with a reason."""
    found = find_mission(request.user, reference)
    state, reason = request.POST.get("state", ""), reason_in(request)
    words = lifecycle.label(state) if state in lifecycle.LABELS else state
    act = partial(put_in_state, state=state, reason=reason)
    _tried(request, found, act, f"Le dossier est maintenant « {words} ».", what=words)
    return _back_to(request, found)


def _tried(
    request: PersonRequest,
    mission: Mission,
    act: Callable[..., Mission],
    done: str,
    what: str = "Fiche publique",
) -> bool:
    """Do it and say so, or say why not. An attempt without the right is written in the history
    before it is refused (raises `PermissionDenied`)."""
    try:
        act(mission, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return False
    except PermissionDenied:
        text = f"Tentative refusée : {what}."
        record(mission.stream, REFUSED, text, actor=request.user)
        raise
    messages.success(request, done)
    return True


def _back_to(request: PersonRequest, mission: Mission) -> HttpResponse:
    """To the mission, or to « Mon travail » when the step took it out of the person's sight."""
    if Mission.objects.visible_to(request.user).filter(pk=mission.pk).exists():
        return redirect(mission)
    return redirect("accueil")
