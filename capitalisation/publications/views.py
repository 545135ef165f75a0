"""The booklet builder: scope, sections, text, PDF, second reading."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.corpus.queries import programme_for
from capitalisation.publications import actions
from capitalisation.publications.forms import (
    BookletForm,
    NewBookletForm,
    section_data,
    section_forms,
)
from capitalisation.publications.models import Booklet, BookletState
from capitalisation.publications.printed_queries import (
    made_printing,
    printing_of,
    troubles,
)
from capitalisation.publications.queries import (
    booklets_visible_to,
    sections_of,
)
from explor.accounts.http import PersonRequest
from explor.documents.actions import request_export
from explor.intake.typed import reason_in
from explor.ui.attempts import attempt
from explor.ui.errors import Refusal, Stale
from explor.ui.prose import prose
from explor.ui.tokens import token_in
from missions.dossier.models import Programme

BUILD = "capitalisation.build_booklet"
STEPS: dict[str, tuple[Callable[..., Booklet], str]] = {
    "proposer": (actions.propose_booklet, "Livret proposé à la relecture."),
    "approuver": (actions.approve_booklet, "Le livret est paru : tout le monde peut le lire."),
}


def _programme(request: PersonRequest, permission: str) -> Programme:
    programme = programme_for(request.user)
    if programme is None or not request.user.has_perm(permission, programme):
        raise Http404
    return programme


def _booklet(request: PersonRequest, slug: str, permission: str = "") -> Booklet:
    booklet = get_object_or_404(booklets_visible_to(request.user), slug=slug)
    if permission and not request.user.has_perm(permission, booklet):
        raise PermissionDenied
    return booklet


@require_safe
def booklet_list(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, "capitalisation.read_booklet")
    context = {
        "programme": programme,
        "booklets": booklets_visible_to(request.user),
        "may_build": request.user.has_perm(BUILD, programme),
    }
    return render(request, "capitalisation/publications/booklet_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def booklet_new(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, BUILD)
    initial = {"title": f"{programme.name} : regards croisés"}
    form = NewBookletForm(request.POST or None, initial=initial, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            booklet = actions.create_booklet(programme, **form.cleaned_data, actor=request.user)
            messages.success(request, "Livret commencé : choisissez ses parties.")
            return redirect(booklet)
        except Refusal as refusal:
            form.add_error(None, refusal)
    status = 422 if form.errors else 200
    context = {"form": form, "programme": programme}
    template = "capitalisation/publications/booklet_new.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def booklet(request: PersonRequest, slug: str) -> HttpResponse:
    found = _booklet(request, slug, BUILD if request.method == "POST" else "")
    form = BookletForm(request.POST or None, booklet=found)
    sections = section_forms(request.POST or None, sections_of(found))
    context: dict[str, Any] = {}
    if request.method == "POST" and all([form.is_valid(), *(s.is_valid() for s in sections)]):
        data = {**form.cleaned_data, "sections": section_data(sections)}
        try:
            version = data.pop("version")
            actions.save_booklet(found, data, actor=request.user, version=version)
            messages.success(request, "Livret enregistré.")
            return redirect(found)
        except Stale as stale:
            context["stale"] = stale
        except Refusal as refusal:
            form.add_error(None, refusal)
    failed = form.errors or any(section.errors for section in sections)
    status = 409 if context else 422 if failed else 200
    context |= {"form": form, "sections": sections, **_around(request, found)}
    return render(request, "capitalisation/publications/booklet.html", context, status=status)


def _around(request: PersonRequest, booklet: Booklet) -> dict[str, Any]:
    may_build = request.user.has_perm(BUILD, booklet)
    out = booklet.state == BookletState.PUBLISHED
    printing = printing_of(booklet.file) or made_printing(booklet)
    return {
        "booklet": booklet,
        "printing": printing,
        "troubles": troubles(printing) if printing else [],
        "may_write": may_build and not out,
        "may_build": may_build,
        "may_approve": request.user.has_perm("capitalisation.approve_booklet", booklet),
        "read": {"read": printing.file.uuid} if printing else {},
        "token": uuid4(),
    }


@require_POST
def booklet_make(request: PersonRequest, slug: str) -> HttpResponse:
    """« Fabriquer le PDF »: the same token is the same work."""
    found = _booklet(request, slug, BUILD)
    token = token_in(request.POST.get("token", ""))
    params = {"booklet": found.pk, "version": found.version}
    try:
        return redirect(request_export("booklet", params, actor=request.user, token=token))
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("booklet", slug)


@require_POST
def booklet_step(request: PersonRequest, slug: str, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404
    found = _booklet(request, slug)
    act, words = STEPS[name]
    if name == "approuver":
        act = partial(act, read=request.POST.get("read", ""))
    attempt(request, lambda: act(found, actor=request.user), words)
    return redirect(found)


@require_POST
def booklet_return(request: PersonRequest, slug: str) -> HttpResponse:
    found = _booklet(request, slug)
    because = reason_in(request)
    attempt(
        request,
        lambda: actions.return_booklet(found, because=because, actor=request.user),
        "Le livret est de nouveau en préparation.",
    )
    return redirect(found)


@require_POST
def prose_preview(request: PersonRequest) -> HttpResponse:
    """What is typed, as it will be printed: asked while typing, never kept."""
    typed = next((value for name, value in request.POST.items() if "introduction" in name), "")
    return HttpResponse(prose(str(typed)[:20_000], 4))
