"""« Inscrire mon association », or ask to join the one that is here already."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.accounts.models import JoinRequest, Organisation, OrganisationKind
from explor.ui.errors import Refusal
from missions.actors import belonging
from missions.actors.registration import (
    answer_join,
    ask_to_join,
    register,
    withdraw_join,
)
from missions.actors.registration_forms import JoinForm, RegistrationForm


@require_safe
def my_organisations(request: PersonRequest) -> HttpResponse:
    context = {"belonging": belonging.of(request.user)}
    return render(request, "missions/actors/my_organisations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_new(request: PersonRequest) -> HttpResponse:
    """Near names and same numbers are shown first; « c’est une autre » registers it."""
    form = RegistrationForm(
        request.POST or None,
        initial={"token": uuid4()},
        any_kind=request.user.has_perm("accounts.manage_people"),
    )
    found = None
    if request.method == "POST" and form.is_valid():
        found = [] if "sure" in request.POST else form.looks_like()
        if not found:
            try:
                made = register(actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, refusal)
                found = form.looks_like()
            else:
                messages.success(request, f"« {made} » est inscrite.")
                return redirect("organisation", made.uuid)
    context: dict[str, Any] = {"form": form, "found": found}
    if found:
        context["numbered"] = any(form.is_numbered(row.organisation) for row in found)
    return render(request, "missions/actors/organisation_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_join(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Its name and town are all one reads of it before a yes."""
    found = get_object_or_404(Organisation, uuid=uuid, kind=OrganisationKind.OSIM)
    form = JoinForm(request.POST or None, initial={"token": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            ask_to_join(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Votre demande est partie. Vous serez prévenu·e par e-mail.")
            return redirect("my_organisations")
    context = {"form": form, "organisation": found}
    return render(request, "missions/actors/organisation_join.html", context)


@require_POST
def join_answer(request: PersonRequest, uuid: UUID) -> HttpResponse:
    asked = get_object_or_404(JoinRequest.objects.select_related("organisation"), uuid=uuid)
    if not request.user.has_perm("missions.manage_organisation", asked.organisation):
        raise Http404
    try:
        accept = request.POST.get("answer") == "accept"
        answer_join(asked, actor=request.user, accept=accept)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "Votre réponse est partie.")
    return redirect("organisation", asked.organisation.uuid)


@require_POST
def join_withdraw(request: PersonRequest, uuid: UUID) -> HttpResponse:
    asked = get_object_or_404(JoinRequest, uuid=uuid, user=request.user)
    withdraw_join(asked, actor=request.user)
    messages.success(request, "Votre demande est retirée.")
    return redirect("my_organisations")
