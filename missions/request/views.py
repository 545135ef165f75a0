"""The request: start it, write it, read it, submit it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal, Stale
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.request.actions import save_request, start_request
from missions.request.forms import RequestForm
from missions.request.merging import Merge, digests, merge, seen_after, seen_in
from missions.request.queries import answers, request_of
from missions.request.reading import form_context, reading_of, suggest_places
from missions.request.start_form import StartForm

RECEIPT = (
    "La demande est déposée sous le numéro {reference}. Vous pouvez encore la corriger "
    "jusqu’au début de l’instruction."
)


@require_http_methods(["GET", "HEAD", "POST"])
def mission_new(request: PersonRequest) -> HttpResponse:
    """Begin a request; refused to who acts for no association and no territory."""
    permissions = ("missions.add_request", "missions.add_request_on_behalf")
    if not any(request.user.has_perm(name) for name in permissions):
        raise PermissionDenied
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            mission = start_request(
                actor=request.user, on_behalf=form.on_behalf, **form.cleaned_data
            )
            return redirect("mission_request", mission.reference)
        except Refusal as refusal:
            form.add_error(None, refusal)
    return render(request, "missions/request/mission_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def mission_request(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    may_write = request.user.has_perm("missions.edit_request", mission)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        return _save(request, mission)
    asked = request_of(mission)
    found = answers(mission, asked)
    if may_write:
        form = RequestForm(found=found)
        return _page(request, mission, form, found, version=asked.version, seen=digests(found))
    context = page_context(mission, request.user, "request")
    context |= {"reading": reading_of(found), "budget": None}
    if request.user.has_perm("missions.view_budget", mission):
        context["budget"] = found["budget"]
    return render(request, "missions/request/mission_request_read.html", context)


@require_safe
def place_suggestions(request: PersonRequest) -> HttpResponse:
    """The options of the list of places, for the country chosen and what is typed."""
    names = suggest_places(request.GET.get("country", ""), request.GET.get("place", ""))
    return render(request, "missions/request/_places.html", {"suggested_places": names})


def _save(request: PersonRequest, mission: Mission) -> HttpResponse:
    """Save what is valid, keep on the page what is not; submit when asked and possible."""
    asked = request_of(mission)
    stored, present = answers(mission, asked), asked.version
    form = RequestForm(request.POST, found=stored)
    form.is_valid()
    merged = _merged(request, form, stored)
    known = bool(request.POST.get("seen")) or request.POST.get("version") != str(present)
    if merged.clashes and known:
        return _clash(request, mission, form, stored, merged, present)
    try:
        save_request(mission, merged.data, actor=request.user, version=present)
    except Stale as stale:
        stored = answers(find_mission(request.user, mission.reference))
        merged = _merged(request, form, stored)
        return _clash(request, mission, form, stored, merged, stale.version)
    except Refusal as refusal:
        form.add_error(None, refusal)
    mission = find_mission(request.user, mission.reference)
    if request.htmx or form.errors:
        asked = request_of(mission)
        found = answers(mission, asked)
        seen = seen_after(seen_in(request.POST.get("seen", "")), found, merged.data)
        return _page(request, mission, form, found, version=asked.version, seen=seen)
    return _submit(request, mission) if "submit" in request.POST else _saved(request, mission)


def _merged(request: PersonRequest, form: RequestForm, stored: dict[str, Any]) -> Merge:
    """What the person changed, without the answers for which they chose the saved text."""
    mine = {
        key: value
        for key, value in form.answers().items()
        if request.POST.get(f"keep_{key}") != "theirs"
    }
    return merge(mine, stored, seen_in(request.POST.get("seen", "")))


def _saved(request: PersonRequest, mission: Mission) -> HttpResponse:
    messages.success(request, "Le brouillon est enregistré.")
    return redirect("mission_request", mission.reference)


def _submit(request: PersonRequest, mission: Mission) -> HttpResponse:
    try:
        advance(mission, "submit", actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        address = reverse("mission_request", args=[mission.reference])
        return redirect(f"{address}#ce-qui-manque")
    messages.success(request, RECEIPT.format(reference=mission.reference))
    return redirect(mission)


def _clash(
    request: PersonRequest,
    mission: Mission,
    form: RequestForm,
    stored: dict[str, Any],
    merged: Merge,
    version: int,
) -> HttpResponse:
    """Nothing is written: both texts are shown, the person chooses."""
    labels = {"components": "Les volets et leurs objectifs", "budget": "Le budget"}
    clashes = [
        (clash, labels.get(clash.key) or str(form.fields[clash.key].label).removesuffix(" *"))
        for clash in merged.clashes
    ]
    # a saving in the background only warns: the choice is made on the whole page
    keys = [] if request.htmx else [clash.key for clash in merged.clashes]
    status = 200 if request.htmx else 409
    seen = seen_after(seen_in(request.POST.get("seen", "")), stored, keys)
    return _page(
        request, mission, form, stored, version=version, seen=seen, status=status, clashes=clashes
    )


def _page(
    request: PersonRequest,
    mission: Mission,
    form: RequestForm,
    found: dict[str, Any],
    *,
    version: int,
    seen: str,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = form_context(mission, form, found)
    context |= {"version": version, "seen": seen, **more}
    if request.htmx:
        context["mission"] = mission
        return render(request, "missions/request/_state.html", context)
    context |= page_context(mission, request.user, "request")
    if form.errors and status == 200:
        status = 422
    return render(request, "missions/request/mission_request.html", context, status=status)
