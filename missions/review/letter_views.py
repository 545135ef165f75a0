"""The letter of a decision: read again, corrected, approved by a second person, sent."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.documents.views import file_response
from explor.intake.numbers import version_in
from explor.intake.typed import reason_in
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.review.decision_forms import LetterForm
from missions.review.letter_actions import approve_letter, save_letter, send_letter
from missions.review.letter_documents import facts_of, letter_pdf
from missions.review.letter_models import DecisionLetter, LetterState
from missions.review.letter_queries import letter_in_force, second_readers


@require_http_methods(["GET", "HEAD", "POST"])
def mission_letter(request: PersonRequest, reference: str) -> HttpResponse:
    """The letter that waits, or the one that left; POST changes its words."""
    mission, letter = _find(request, reference)
    form = LetterForm(request.POST or None, initial=_initial(letter))
    if request.method == "POST" and form.is_valid():
        try:
            version = version_in(request.POST.get("version"))
            save_letter(letter, version=version, actor=request.user, **form.cleaned_data)
        except Stale as stale:
            return _page(request, mission, letter, form, version=stale.version, status=409)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "La lettre est enregistrée. Une autre personne l’approuve.")
            return redirect("mission_letter", reference)
    status = 422 if form.errors else 200
    return _page(request, mission, letter, form, version=letter.version, status=status)


def _page(
    request: PersonRequest,
    mission: Mission,
    letter: DecisionLetter,
    form: LetterForm,
    *,
    version: int,
    status: int,
) -> HttpResponse:
    readers = second_readers(letter) if letter.state == LetterState.DRAFT else []
    context = page_context(mission, request.user, "decision")
    context |= {
        "letter": letter,
        "facts": facts_of(letter),
        "form": form if letter.is_open else None,
        "version": version,
        "stale": status == 409,
        "typed": form["body"].value() or "",
        "wrote_it": letter.drafted_by_id == request.user.pk,
        "readers": readers,
    }
    return render(request, "missions/review/mission_letter.html", context, status=status)


def _initial(letter: DecisionLetter) -> dict[str, object]:
    return {name: getattr(letter, name) for name in ("body", "contact", "valid_until")}


@require_safe
def letter_preview(request: PersonRequest, reference: str) -> HttpResponse:
    """The PDF as it would leave, or as it left."""
    mission, letter = _find(request, reference)
    if letter.file is not None:
        return redirect(letter.file)
    content = letter_pdf(letter)
    name = f"projet-lettre-{mission.reference}.pdf"
    return file_response(content, name=name, content_type="application/pdf")


@require_POST
def letter_approve(request: PersonRequest, reference: str) -> HttpResponse:
    """A second person approves; « et envoyer » does both at once."""
    mission, letter = _find(request, reference)
    act = partial(
        approve_letter,
        version=version_in(request.POST.get("version")),
        alone_because=reason_in(request),
    )
    if _tried(request, letter, act, "La lettre est approuvée.") and request.POST.get("send"):
        _tried(request, letter, send_letter, "La lettre est envoyée à l’association.")
    return redirect("mission_letter", mission.reference)


@require_POST
def letter_send(request: PersonRequest, reference: str) -> HttpResponse:
    mission, letter = _find(request, reference)
    _tried(request, letter, send_letter, "La lettre est envoyée à l’association.")
    return redirect("mission_letter", mission.reference)


def _tried(
    request: PersonRequest,
    letter: DecisionLetter,
    act: Callable[..., DecisionLetter],
    done: str,
) -> bool:
    try:
        act(letter, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return False
    messages.success(request, done)
    return True


def _find(request: PersonRequest, reference: str) -> tuple[Mission, DecisionLetter]:
    """The letter in force, for who writes letters. Raises `Http404`."""
    mission = find_mission(request.user, reference)
    letter = letter_in_force(mission)
    if letter is None or not request.user.has_perm("missions.write_letter", mission):
        raise Http404
    letter.mission = letter.decision.mission = mission
    return mission, letter
