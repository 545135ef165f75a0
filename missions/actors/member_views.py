"""The people of an organisation: the page, and what is done from it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from explor import clock
from explor.accounts.http import PersonRequest
from explor.accounts.models import (
    Invitation,
    JoinState,
    Membership,
    Organisation,
    Role,
    User,
)
from explor.accounts.second_factor import for_the_proven
from explor.ui.errors import Refusal
from missions.actors import members
from missions.actors.registration_forms import InvitationForm

SHOWN = 100


def find_organisation(user: User, uuid: UUID) -> tuple[Organisation, bool]:
    """The organisation and whether the person looks after it; another's is not found."""
    found = get_object_or_404(Organisation, uuid=uuid)
    manages = user.has_perm("missions.manage_organisation", found)
    if not manages and not any(found.pk in ids for ids in user.standing.by_role.values()):
        raise Http404
    return found, manages


def _managed(user: User, found: Organisation) -> None:
    if not user.has_perm("missions.manage_organisation", found):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Its people; POST invites one more."""
    found, manages = find_organisation(request.user, uuid)
    form = _invitation_form(request, found) if manages else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            try:
                members.invite(found, actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, f"Invitation envoyée à {form.cleaned_data['email']}.")
                return redirect("organisation", uuid)
    context = _people(found, request.user, manages) | {"form": form}
    return render(request, "missions/actors/organisation.html", context)


def _invitation_form(request: PersonRequest, found: Organisation) -> InvitationForm:
    return InvitationForm(
        request.POST or None,
        initial={"token": uuid4()},
        organisation=found,
        any_role=request.user.has_perm("accounts.manage_people"),
    )


def _people(found: Organisation, user: User, manages: bool) -> dict[str, Any]:
    rows = list(found.memberships.select_related("user").order_by("user__last_name", "pk")[:SHOWN])
    context: dict[str, Any] = {
        "organisation": found,
        "manages": manages,
        "memberships": rows,
        "alone": sum(row.role == Role.MEMBER and row.user.is_active for row in rows) <= 1,
        "is_member": any(row.user_id == user.pk and row.role == Role.MEMBER for row in rows),
        "MEMBER": Role.MEMBER,
    }
    if manages:
        waiting = found.invitations.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        asked = found.join_requests.filter(state=JoinState.PENDING)
        context |= {
            "invitations": list(waiting.select_related("invited_by")[:SHOWN]),
            "requests": list(asked.select_related("user")[:SHOWN]),
            "now": clock.now(),
        }
    return context


def _act(request: PersonRequest, act: Callable[[], object], done: str) -> None:
    """One act of the page; a refusal is told, nothing is lost."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, done)


@require_POST
def invitation_send(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("organisation"), uuid=uuid)
    _managed(request.user, found.organisation)
    _act(
        request,
        lambda: members.send_again(found, actor=request.user),
        f"Un nouveau lien part vers {found.email} ; l’ancien ne marche plus.",
    )
    return redirect("organisation", found.organisation.uuid)


@require_POST
def invitation_revoke(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("organisation"), uuid=uuid)
    _managed(request.user, found.organisation)
    _act(
        request,
        lambda: members.revoke(found, actor=request.user),
        f"L’invitation de {found.email} est annulée.",
    )
    return redirect("organisation", found.organisation.uuid)


@for_the_proven
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """What the mail opens. Whoever reads it sees who invites to what, nothing more."""
    found = members.find_invitation(key)
    if found is None:
        raise Http404
    person = request.user if isinstance(request.user, User) else None
    context: dict[str, Any] = {
        "invitation": found,
        "organisation": found.organisation,
        "open": members.is_open(found),
        "is_theirs": person is not None and members.owns_address(person, found.email),
    }
    if request.method != "POST" or person is None:
        return render(request, "missions/actors/invitation.html", context)
    try:
        members.accept(found, actor=person)
    except Refusal as refusal:
        context["refusal"] = refusal.reason
        return render(request, "missions/actors/invitation.html", context, status=422)
    messages.success(request, f"Vous agissez maintenant pour « {found.organisation} ».")
    return redirect("organisation", found.organisation.uuid)


@require_POST
def organisation_leave(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(
        Organisation, uuid=uuid, memberships__user=request.user, memberships__role=Role.MEMBER
    )
    try:
        members.leave(found, actor=request.user, last="last" in request.POST)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("organisation", uuid)
    messages.success(request, f"Vous n’agissez plus pour « {found} ».")
    return redirect("my_organisations")


@require_POST
def member_remove(request: PersonRequest, uuid: UUID, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Membership.objects.select_related("organisation", "user"), pk=pk, organisation__uuid=uuid
    )
    _managed(request.user, row.organisation)
    _act(
        request,
        lambda: members.remove_member(row, actor=request.user, last="last" in request.POST),
        f"{row.user} n’est plus membre.",
    )
    return redirect("organisation", uuid)
