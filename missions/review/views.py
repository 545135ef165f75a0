"""Reviewing a request, standing aside."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.review.actions import declare_conflict, save_review
from missions.review.forms import ConflictForm, ReviewForm, review_initial
from missions.review.models import Review
from missions.review.queries import review_of, scores, total


@require_http_methods(["GET", "HEAD", "POST"])
def mission_review(request: PersonRequest, reference: str) -> HttpResponse:
    """The grid for who reviews, its summary for who decides."""
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.read_review_summary", mission):
        raise Http404
    may_write = request.user.has_perm("missions.review", mission)
    review = review_of(mission)
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        return _save(request, mission)
    form = ReviewForm(mission=mission, initial=review_initial(review)) if may_write else None
    return _review_page(request, mission, review, form)


def _save(request: PersonRequest, mission: Mission) -> HttpResponse:
    form = ReviewForm(request.POST, mission=mission)
    review = review_of(mission)
    if not form.is_valid():
        return _review_page(request, mission, review, form, status=422)
    posted = request.POST.get("version", "")
    version = int(posted) if posted.isdecimal() else 0
    try:
        save_review(mission, form.cleaned_data, actor=request.user, version=version)
    except Stale:
        return _review_page(request, mission, review_of(mission), form, status=409)
    except Refusal as refusal:
        form.add_error(None, refusal)
        return _review_page(request, mission, review, form, status=422)
    messages.success(request, "L’instruction est enregistrée.")
    return redirect("mission_review", mission.reference)


def _review_page(
    request: PersonRequest,
    mission: Mission,
    review: Review,
    form: ReviewForm | None,
    status: int = 200,
) -> HttpResponse:
    context = page_context(mission, request.user, "review")
    context |= {
        "review": review,
        "form": form,
        "scores": scores(review),
        "total": total(review),
        "judging": mission.state == lifecycle.State.REVIEW,
        "reads_notes": request.user.has_perm("missions.read_review", mission),
        "may_declare": request.user.has_perm("missions.declare_conflict", mission),
        "conflict_form": ConflictForm(auto_id="conflict_%s"),
        "clashes": _clashes(review, form) if form and status == 409 else [],
    }
    return render(request, "missions/review/mission_review.html", context, status=status)


def _clashes(review: Review, form: ReviewForm) -> list[tuple[str, str, str]]:
    """`(label, saved text, typed text)` of every answer that differs."""
    saved = ReviewForm(mission=review.mission, initial=review_initial(review))
    found = []
    for name, field in form.fields.items():
        theirs, mine = _shown(saved, name), _shown(form, name)
        if theirs != mine:
            found.append((str(field.label), theirs, mine))
    return found


def _shown(form: ReviewForm, name: str) -> str:
    value: Any = form[name].value()
    if isinstance(value, bool):
        return "oui" if value else "non"
    choices = dict(getattr(form.fields[name], "choices", []))
    words = {str(key): str(label) for key, label in choices.items()}
    text = "" if value is None else str(value)
    return words.get(text, text).replace("\r\n", "\n").strip()


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
        return redirect("mission_review", reference)
    messages.success(
        request,
        f"Votre lien avec la mission {reference} est déclaré. Vous n’avez plus accès au dossier.",
    )
    return redirect("accueil")
