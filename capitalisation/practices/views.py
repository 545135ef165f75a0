"""Writing good practices: list, text, passages, second reading; and the workshops."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.coding.models import Coding
from capitalisation.coding.queries import excerpts_for, with_source
from capitalisation.corpus.page import capitalisation_tabs
from capitalisation.corpus.queries import programme_for
from capitalisation.practices import actions
from capitalisation.practices.forms import (
    AnswersForWorkshop,
    EvidenceForm,
    PracticeForm,
    WorkshopForm,
)
from capitalisation.practices.models import GoodPractice
from capitalisation.practices.queries import (
    evidence_of,
    held_workshops,
    keeps_some_back,
    missions_behind,
    practices_visible_to,
    workshops_visible_to,
)
from explor.accounts.http import PersonRequest
from explor.intake.numbers import whole
from explor.intake.typed import reason_in
from explor.ui.attempts import attempt
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Programme

EDIT = "capitalisation.edit_practice"
STEPS: dict[str, tuple[Callable[..., GoodPractice], str]] = {
    "proposer": (actions.propose_practice, "Proposée à la relecture."),
    "approuver": (actions.approve_practice, "La bonne pratique est publiée."),
    "garder": (actions.keep_practice, "Relue : elle reste publiée telle quelle."),
}


def _programme(request: PersonRequest, permission: str = "") -> Programme:
    programme = programme_for(request.user)
    wanted = permission or "capitalisation.read_analysis"
    if programme is None or not request.user.has_perm(wanted, programme):
        raise Http404
    return programme


def _practice(request: PersonRequest, slug: str, permission: str = "") -> GoodPractice:
    practice = get_object_or_404(practices_visible_to(request.user), slug=slug)
    if permission and not request.user.has_perm(permission, practice):
        raise PermissionDenied
    return practice


@require_safe
def practice_admin_list(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, "capitalisation.read_practices")
    context = {
        "programme": programme,
        "practices": practices_visible_to(request.user),
        "may_write": request.user.has_perm(EDIT, programme),
        "tabs": capitalisation_tabs(request.user, "practice_admin_list"),
    }
    return render(request, "capitalisation/practices/practice_admin_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_new(request: PersonRequest) -> HttpResponse:
    """A double submit finds the title taken: it is written once."""
    programme = _programme(request, EDIT)
    form = PracticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "programme": programme}
        data.pop("position")
        try:
            practice = actions.save_practice(None, data, actor=request.user)
            messages.success(request, "Brouillon enregistré. Choisissez maintenant les passages.")
            return redirect(practice)
        except Refusal as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "programme": programme}
    return _render(request, "practice_new", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_admin(request: PersonRequest, slug: str) -> HttpResponse:
    practice = _practice(request, slug, EDIT if request.method == "POST" else "")
    form = PracticeForm(request.POST or None, instance=practice)
    context: dict[str, Any] = {"form": form, "practice": practice}
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            actions.save_practice(practice, data, actor=request.user, version=data.pop("version"))
            messages.success(request, "Enregistré. Une nouvelle relecture sera nécessaire.")
            return redirect(practice)
        except Stale as stale:
            context["stale"] = stale
        except Refusal as refusal:
            form.add_error(None, refusal)
    context |= _around(request, practice)
    status = 409 if "stale" in context else 0
    return _render(request, "practice_admin", context, form, status)


def _around(request: PersonRequest, practice: GoodPractice) -> dict[str, Any]:
    evidence = evidence_of(practice, request.user)
    return {
        "evidence": evidence,
        "kept_back": keeps_some_back(practice, len(evidence)),
        "missions": missions_behind(practice, request.user),
        "may_write": request.user.has_perm(EDIT, practice),
        "may_approve": request.user.has_perm("capitalisation.approve_practice", practice),
        "proposal": {"proposed_at": practice.proposal},
    }


def _render(
    request: PersonRequest, name: str, context: dict[str, Any], form: Any, status: int = 0
) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    template = f"capitalisation/practices/{name}.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_evidence(request: PersonRequest, slug: str) -> HttpResponse:
    """Passages of the corpus to tick; those of other themes that were chosen stay chosen."""
    practice = _practice(request, slug, EDIT)
    readable = excerpts_for(request.user, practice.programme)
    if request.method == "POST":
        chosen = [key for text in request.POST.getlist("excerpt")[:100] if (key := whole(text))]
        rows = {row.pk: row for row in readable.filter(pk__in=chosen)}
        kept = [rows[key] for key in chosen if key in rows]
        was = practice.state
        practice = actions.set_evidence(practice, kept, actor=request.user)
        messages.success(request, _chosen(len(kept), again=practice.state != was))
        return redirect(practice)
    form = EvidenceForm(request.GET or None, programme=practice.programme)
    chosen_rows = evidence_of(practice, request.user)
    codings = Prefetch("codings", Coding.objects.select_related("code"))
    offered = _offered(form, readable).exclude(pk__in=[row.pk for row in chosen_rows])
    page = Paginator(with_source(offered).prefetch_related(codings), 25).get_page(
        request.GET.get("page")
    )
    context = {"practice": practice, "form": form, "page": page, "chosen": chosen_rows}
    return render(request, "capitalisation/practices/evidence.html", context)


def _chosen(count: int, *, again: bool) -> str:
    many = "s" if count > 1 else ""
    said = f"{count or 'Aucun'} passage{many} choisi{many}."
    return f"{said} Une nouvelle relecture est nécessaire : proposez-la." if again else said


def _offered(form: EvidenceForm, readable: Any) -> Any:
    rows = readable.filter(codings__isnull=False)
    if form.is_valid():
        if code := form.cleaned_data["code"]:
            rows = rows.filter(codings__code=code)
        if words := form.cleaned_data["q"]:
            rows = rows.filter(quote__icontains=words)
    return rows.distinct().order_by("version__text__held_on", "version", "start")


@require_POST
def practice_step(request: PersonRequest, slug: str, name: str) -> HttpResponse:
    practice = _practice(request, slug)
    if name not in STEPS:
        raise Http404
    act, words = STEPS[name]
    if name == "approuver":
        act = partial(act, proposed_at=request.POST.get("proposed_at", ""))
    attempt(request, lambda: act(practice, actor=request.user), words)
    return redirect(practice)


@require_POST
def practice_return(request: PersonRequest, slug: str) -> HttpResponse:
    practice = _practice(request, slug)
    because = reason_in(request)
    attempt(
        request,
        lambda: actions.return_practice(practice, because=because, actor=request.user),
        "Remise en chantier.",
    )
    return redirect(practice)


@require_http_methods(["GET", "HEAD", "POST"])
def workshop_list(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, EDIT if request.method == "POST" else "")
    form = WorkshopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold_workshop(programme, **form.cleaned_data, actor=request.user)
            messages.success(request, "Atelier enregistré, ses notes sont dans le corpus.")
            return redirect("workshop_list")
        except Refusal as refusal:
            form.add_error(None, refusal)
    context = {
        "form": form,
        "workshops": held_workshops(request.user),
        "answers": AnswersForWorkshop(),
        "may_write": request.user.has_perm(EDIT, programme),
        "tabs": capitalisation_tabs(request.user, "workshop_list"),
    }
    return _render(request, "workshop_list", context, form)


@require_POST
def workshop_quotation(request: PersonRequest, pk: int) -> HttpResponse:
    """What those who were there accept, asked after the workshop was written down."""
    workshop = get_object_or_404(workshops_visible_to(request.user), pk=pk)
    if not request.user.has_perm(EDIT, workshop.programme):
        raise PermissionDenied
    form = AnswersForWorkshop(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez une des réponses proposées.")
        return redirect("workshop_list")
    answers = form.cleaned_data
    attempt(
        request,
        lambda: actions.answer_for_workshop(workshop, **answers, actor=request.user),
        "Réponse enregistrée.",
    )
    return redirect("workshop_list")
