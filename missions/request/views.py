"""The request: start it, read it, see what it lacks, submit it, start again from it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.offline.actions import save_form
from explor.offline.operations import Malformed
from explor.offline.queries import open_choices, open_revisions, refused
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.request.actions import start_request
from missions.request.annexing import kinds_open_to, may_read
from missions.request.confirming import confirmation_context
from missions.request.duplicating import duplicate_request
from missions.request.models import Receipt
from missions.request.queries import answers, lacks, request_of
from missions.request.reading import (
    papers_in,
    parts_of,
    reading_of,
    refused_words,
    suggest_places,
)
from missions.request.start_form import StartForm
from missions.request.submitting import submit_request


@require_http_methods(["GET", "HEAD", "POST"])
def mission_new(request: PersonRequest) -> HttpResponse:
    """Begin a request; refused to who acts for no association and no territory."""
    permissions = ("missions.add_request", "missions.add_request_on_behalf")
    if not any(request.user.has_perm(name) for name in permissions):
        if not request.user.has_perm("missions.view_missions"):
            return redirect("organisation_new")  # somebody new, of no association yet
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
    """The summary for who writes it, the whole request for who reads it.

    A POST settles a choice between two texts.
    """
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.edit_request", mission):
        if request.method == "POST":
            raise PermissionDenied
        return _read(request, mission)
    if request.method == "POST":
        return _choose(request, mission)
    return _summary(request, mission)


@require_POST
def request_submit(request: PersonRequest, reference: str) -> HttpResponse:
    """« Déposer ». The receipt opens, the second time too."""
    mission = find_mission(request.user, reference)
    try:
        submit_request(mission, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        address = reverse("mission_request", args=[mission.reference])
        return redirect(f"{address}#ce-qui-manque")
    messages.success(request, f"La demande est déposée sous le numéro {mission.reference}.")
    return redirect("request_receipt", mission.reference)


@require_POST
def request_duplicate(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return HttpResponseBadRequest("Cette page a expiré. Rechargez-la.")
    try:
        draft = duplicate_request(mission, actor=request.user, token=token)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("mission_request", reference)
    messages.success(
        request,
        "Un nouveau brouillon reprend vos réponses. Dates, zone de sécurité et engagements sont à "
        "donner de nouveau.",
    )
    return redirect("mission_request", draft.reference)


@require_safe
def place_suggestions(request: PersonRequest) -> HttpResponse:
    """The options of the list of places, for the country chosen and what is typed."""
    names = suggest_places(request.GET.get("country", ""), request.GET.get("place", ""))
    return render(request, "missions/request/_places.html", {"suggested_places": names})


def _choose(request: PersonRequest, mission: Mission) -> HttpResponse:
    try:
        save_form("request", mission, request.POST, actor=request.user)
    except Malformed:
        return HttpResponseBadRequest("Cette page a expiré. Rechargez-la.")
    return redirect("mission_request", mission.reference)


def _summary(request: PersonRequest, mission: Mission) -> HttpResponse:
    asked = request_of(mission)
    found = answers(mission, asked)
    lacking = lacks(mission, found)
    kept = open_revisions("request", mission.uuid)
    context = page_context(mission, request.user, "request")
    context |= {
        "asked": asked,
        "parts": parts_of(mission, found, lacking),
        "lacking": lacking,
        "budget": found["budget"],
        "papers": [paper for paper in papers_in(found["annexes"]) if paper.joined],
        "choices": open_choices("request", mission, kept),
        "refused": refused_words(mission, refused("request", mission, kept)),
        "choice_token": uuid4(),
        "may_submit": mission.state == lifecycle.State.DRAFT
        and request.user.has_perm("missions.submit", mission),
        "may_duplicate": mission.state != lifecycle.State.DRAFT
        and request.user.has_perm("missions.duplicate_request", mission),
        "receipt": _receipt(mission),
    }
    context |= confirmation_context(mission, request.user, asked, lacking=bool(lacking))
    return render(request, "missions/request/mission_request.html", context)


def _read(request: PersonRequest, mission: Mission) -> HttpResponse:
    found = answers(mission)
    user = request.user
    readable = [row for row in found["annexes"] if may_read(row, mission, user)]
    context = page_context(mission, user, "request")
    context |= {
        "reading": reading_of(found),
        "budget": found["budget"] if user.has_perm("missions.view_budget", mission) else None,
        "papers": [paper for paper in papers_in(readable) if paper.joined],
        "may_join": kinds_open_to(user, mission),
        "may_duplicate": user.has_perm("missions.duplicate_request", mission),
        "receipt": _receipt(mission) if user.has_perm("missions.view_receipt", mission) else None,
        "choice_token": uuid4(),
    }
    return render(request, "missions/request/mission_request_read.html", context)


def _receipt(mission: Mission) -> Receipt | None:
    if mission.state == lifecycle.State.DRAFT:
        return None
    return Receipt.objects.filter(mission=mission).defer("content").first()
