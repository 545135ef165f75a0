"""The directory of actors, for the teams of a programme."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.accounts.models import Organisation
from explor.documents.models import ExportJob
from explor.documents.views import file_response
from explor.ui.errors import Refusal
from explor.ui.tokens import token_in
from missions.actors import queries
from missions.actors.directory import directory_for, organisation_facts, volunteer_facts
from missions.actors.exporting import export_actors
from missions.actors.models import Volunteer

SHOWN = 50


@require_safe
def actor_list(request: PersonRequest) -> HttpResponse:
    if not request.user.has_perm("missions.view_actors"):
        raise Http404
    found = directory_for(request.user, request.GET)
    context = {"directory": found, "page": found.page, "token": uuid4()}
    return render(request, "missions/actors/actor_list.html", context)


@require_POST
def actor_export(request: PersonRequest) -> HttpResponse:
    """The filters are those of the address; the same token gives the same job."""
    token = token_in(request.POST.get("token", ""))
    try:
        made = export_actors(request.GET.dict(), actor=request.user, token=token)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect(f"{reverse('actor_list')}?{request.GET.urlencode()}")
    if isinstance(made, ExportJob):
        return redirect(made)
    return file_response(made.content, name=made.name, content_type=made.content_type)


@require_safe
def actor(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """An organisation or a volunteer, with the missions this person may open."""
    if not request.user.has_perm("missions.view_actors"):
        raise Http404
    found = _find(request, uuid)
    about = _about_person if isinstance(found, Volunteer) else _about_body
    context = {
        "actor": found,
        "missions": list(queries.missions_of(found, request.user)[:SHOWN]),
        **about(found, request),
    }
    return render(request, "missions/actors/actor.html", context)


def _find(request: PersonRequest, uuid: UUID) -> Organisation | Volunteer:
    bodies = queries.organisations_for(request.user).select_related("osim_profile")
    if (body := bodies.filter(uuid=uuid).first()) is not None:
        return body
    if (person := queries.volunteers_for(request.user).filter(uuid=uuid).first()) is not None:
        return person
    raise Http404


def _about_body(found: Any, request: PersonRequest) -> dict[str, Any]:
    memberships = found.memberships.select_related("user").order_by("user__last_name", "pk")
    return {
        "name": found.full_name,
        "kind": found.get_kind_display(),
        "facts": organisation_facts(found),
        "people": list(memberships[:SHOWN]),
        "manages": request.user.has_perm("missions.manage_organisation", found),
    }


def _about_person(found: Any, request: PersonRequest) -> dict[str, Any]:
    return {
        "name": str(found),
        "kind": "Volontaire",
        "facts": volunteer_facts(found, request.user),
        "skills": list(found.skill_rows.select_related("skill").order_by("-years", "pk")),
    }
