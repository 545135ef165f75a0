"""Reviewing a request: the study, and what the team follows between its members."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.accounts.models import User
from explor.intake.numbers import version_in
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.page import find_mission
from missions.dossier.queries import people_on
from missions.review.actions import add_note, save_review
from missions.review.forms import ConflictForm, NoteForm, ReviewForm, review_initial
from missions.review.lead_actions import assign_lead
from missions.review.models import Review
from missions.review.page import find_review, review_context
from missions.review.queries import checks_of, eligibility, notes_of, review_of, scores, total
from missions.review.roll_actions import declare_conflict, note_roll
from missions.review.roll_queries import roll_of
from missions.review.sheet_queries import sheets_of


@require_http_methods(["GET", "HEAD", "POST"])
def mission_review(request: PersonRequest, reference: str) -> HttpResponse:
    """The study for who reviews, to read for who decides."""
    mission = find_review(request.user, reference)
    may_write = request.user.has_perm("missions.review", mission)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        return _save(request, mission)
    review = review_of(mission)
    judging = may_write and mission.state == lifecycle.State.REVIEW
    form = ReviewForm(initial=review_initial(review)) if judging else None
    return _review_page(request, mission, review, form)


def _save(request: PersonRequest, mission: Mission) -> HttpResponse:
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _review_page(request, mission, review_of(mission), form, status=422)
    version = version_in(request.POST.get("version"))
    try:
        save_review(mission, form.cleaned_data, actor=request.user, version=version)
    except Stale:
        return _review_page(request, mission, review_of(mission), form, status=409)
    except Refusal as refusal:
        form.add_error(None, refusal)
        return _review_page(request, mission, review_of(mission), form, status=422)
    messages.success(request, "L’instruction est enregistrée.")
    return redirect("mission_review", mission.reference)


def _review_page(
    request: PersonRequest,
    mission: Mission,
    review: Review,
    form: ReviewForm | None,
    status: int = 200,
) -> HttpResponse:
    context = review_context(mission, request.user, "mission_review")
    context |= {
        "review": review,
        "form": form,
        "eligibility": [] if form else eligibility(checks_of(review)),
        "scores": scores(review),
        "total": total(review),
        "sheets": sheets_of(mission),
        "clashes": _clashes(review, form) if form and status == 409 else [],
    }
    return render(request, "missions/review/mission_review.html", context, status=status)


def _clashes(review: Review, form: ReviewForm) -> list[tuple[str, str, str]]:
    """`(label, saved text, typed text)` of every answer that differs."""
    saved = ReviewForm(initial=review_initial(review))
    found = []
    for name, field in form.fields.items():
        theirs, mine = _shown(saved, name), _shown(form, name)
        if theirs != mine:
            found.append((str(field.label), theirs, mine))
    return found


def _shown(form: ReviewForm, name: str) -> str:
    value: Any = form[name].value()
    choices = dict(getattr(form.fields[name], "choices", []))
    words = {str(key): str(label) for key, label in choices.items()}
    text = "" if value is None else str(value)
    return words.get(text, text).replace("\r\n", "\n").strip()


@require_safe
def mission_roll(request: PersonRequest, reference: str) -> HttpResponse:
    """Who follows the dossier, the roll of conflicts of interest, the internal notes."""
    return _roll_page(request, find_review(request.user, reference), NoteForm(auto_id="note_%s"))


def _roll_page(
    request: PersonRequest, mission: Mission, form: NoteForm, status: int = 200
) -> HttpResponse:
    user = request.user
    context = review_context(mission, user, "mission_roll")
    reads_notes = user.has_perm("missions.read_review", mission)
    context |= {
        "review": review_of(mission),
        "roll": roll_of(mission),
        "team": people_on(mission, OwnerRole.COORDINATOR) if context["may_review"] else [],
        "notes": notes_of(mission) if reads_notes else [],
        "reads_notes": reads_notes,
        "note_form": form if user.has_perm("missions.add_review_note", mission) else None,
        "notes_roll": user.has_perm("missions.note_roll", mission),
        "sits": user.has_perm("missions.answer_roll", mission),
        "may_declare": user.has_perm("missions.declare_conflict", mission),
        "conflict_form": ConflictForm(auto_id="conflict_%s"),
    }
    return render(request, "missions/review/mission_roll.html", context, status=status)


@require_POST
def mission_note(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    form = NoteForm(request.POST, auto_id="note_%s")
    if not form.is_valid():
        if not request.user.has_perm("missions.add_review_note", mission):
            raise PermissionDenied
        return _roll_page(request, mission, form, status=422)
    add_note(mission, actor=request.user, **form.cleaned_data)
    messages.success(request, "La note est ajoutée.")
    return redirect("mission_roll", reference)


@require_POST
def mission_lead(request: PersonRequest, reference: str) -> HttpResponse:
    """Take the dossier over, or give it to somebody of the territory; nobody when empty."""
    mission = find_mission(request.user, reference)
    found = User.objects.filter(uuid__in=uuids_in(request.POST.getlist("person"))).first()
    try:
        assign_lead(mission, person=found, actor=request.user)
        messages.success(request, f"Dossier suivi par {found}." if found else "Suivi libéré.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_roll", reference)


@require_POST
def mission_roll_note(request: PersonRequest, reference: str) -> HttpResponse:
    """« Aucun lien »: of the members named, or of all that have not answered."""
    mission = find_mission(request.user, reference)
    posted = request.POST.getlist("person")
    people = None if request.POST.get("all") else User.objects.filter(uuid__in=uuids_in(posted))
    try:
        note_roll(mission, people=people, actor=request.user)
        messages.success(request, "C’est noté.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_roll", reference)


@require_POST
def mission_conflict(request: PersonRequest, reference: str) -> HttpResponse:
    """The person stands aside; the dossier is not found for them any more."""
    mission = find_mission(request.user, reference)
    form = ConflictForm(request.POST)
    nature = form.cleaned_data["nature"] if form.is_valid() else ""
    try:
        declare_conflict(mission, person=request.user, nature=nature, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("mission_roll", reference)
    messages.success(
        request,
        f"Votre lien avec la mission {reference} est déclaré. Vous n’avez plus accès au dossier.",
    )
    return redirect("accueil")


def uuids_in(posted: list[str]) -> list[UUID]:
    """The well-formed ones; anything else names nobody."""
    found = []
    for text in posted:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
