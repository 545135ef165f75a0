"""Sending a request to its association, and what it answers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from explor.accounts.http import PersonRequest
from explor.intake.typed import text_in
from explor.ui.errors import Refusal
from missions.dossier.page import find_mission
from missions.request.confirming import (
    answer_confirmation,
    ask_confirmation,
    confirm_as_member,
    find_confirmation,
    why_closed,
)
from missions.request.freezing import content_of, digest_of


@require_POST
def confirmation_ask(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    try:
        row = ask_confirmation(
            mission,
            name=text_in(request, "name", most=200),
            email=request.POST.get("email", "").strip(),
            actor=request.user,
            token=UUID(request.POST.get("token", "")),
        )
        messages.success(request, f"La demande est envoyée à {row.name}, à l’adresse {row.email}.")
    except Refusal as refused:
        messages.error(request, refused.reason)
    except (ValidationError, ValueError):
        messages.error(request, "Cette adresse e-mail n’est pas complète. Rien n’est parti.")
    return redirect("mission_request", reference)


@require_POST
def confirmation_own(request: PersonRequest, reference: str) -> HttpResponse:
    """« C’est bien notre demande », by a member who is signed in."""
    mission = find_mission(request.user, reference)
    try:
        confirm_as_member(mission, actor=request.user)
        messages.success(request, "Merci. La demande peut être déposée.")
    except Refusal as refused:
        messages.error(request, refused.reason)
    return redirect("mission_request", reference)


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, key: str) -> HttpResponse:
    """The whole request, for who received the link; answering uses the link up."""
    row = find_confirmation(key)
    if row is None:
        raise Http404("Ce lien n’existe pas.")
    if reason := why_closed(row):
        context = {"row": row, "reason": reason}
        return render(request, "missions/request/confirmation_closed.html", context, status=410)
    refused, typed = "", text_in(request, "words", most=5000)
    if request.method == "POST":
        try:
            answer_confirmation(
                row,
                request.POST.get("answer", ""),
                words=typed,
                digest=request.POST.get("digest", ""),
            )
            return render(request, "missions/request/confirmation_thanks.html", {"row": row})
        except Refusal as refusal:
            refused = refusal.reason
    content = content_of(row.mission)
    context = {
        "row": row,
        "content": content,
        "digest": digest_of(content),
        "refused": refused,
        "typed": typed,
    }
    return render(
        request, "missions/request/confirmation.html", context, status=422 if refused else 200
    )
