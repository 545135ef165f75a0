"""The committee decides; those concerned read what was decided."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from explor import clock
from explor.accounts.http import PersonRequest
from explor.journal.actions import record
from explor.ui.attempts import attempt
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import REFUSED
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.funding.queries import budget_of, envelope_and_left
from missions.review.decision_actions import decide, make_effective, record_decision, send_back
from missions.review.decision_forms import RETURNED, DecisionForm
from missions.review.decision_queries import decisions_of
from missions.review.letter_queries import read_letters
from missions.review.queries import review_of, scores, total


@require_http_methods(["GET", "HEAD", "POST"])
def mission_decision(request: PersonRequest, reference: str) -> HttpResponse:
    """The committee decides; the others read what was decided, once they may know it."""
    mission = find_mission(request.user, reference)
    reads = request.user.has_perm("missions.read_review_summary", mission)
    if not reads and mission.state not in lifecycle.SEEN_BY_COMMITTEE:
        raise Http404
    form = None
    if request.method == "POST":
        _check(request, mission)
        form = DecisionForm(request.POST)
        if form.is_valid() and _decided(request, mission, form):
            return _back_to(request, mission)
    elif _may_decide(request, mission):
        form = DecisionForm(initial={"token": uuid4()})
    context = _page(request, mission)
    if form is not None and not form.is_bound and "budget" in context:
        form.initial["amount"] = context["budget"].asked
    status = 422 if form is not None and form.is_bound else 200
    template = "missions/review/mission_decision.html"
    return render(request, template, context | {"form": form}, status=status)


@require_POST
def decision_apply(request: PersonRequest, reference: str) -> HttpResponse:
    """The committee makes effective what the administration recorded for it."""
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.decide", mission):
        _refuse(request, mission)
    done = "La décision est prise. La lettre est prête à relire."
    attempt(request, lambda: make_effective(mission, actor=request.user), done)
    return _back_to(request, mission)


def _check(request: PersonRequest, mission: Mission) -> None:
    """An attempt without the right is written in the history, then refused."""
    if not request.user.has_perm("missions.record_decision", mission):
        _refuse(request, mission)


def _refuse(request: PersonRequest, mission: Mission) -> None:
    text = "Tentative refusée : décision du comité."
    record(mission.stream, REFUSED, text, actor=request.user)
    raise PermissionDenied


def _may_decide(request: PersonRequest, mission: Mission) -> bool:
    waits = mission.state == lifecycle.State.COMMITTEE
    return waits and request.user.has_perm("missions.record_decision", mission)


def _page(request: PersonRequest, mission: Mission) -> dict[str, Any]:
    """The frame, the decision as this person may know it, the letters, what it stands on."""
    may_know = mission.decided_at is not None and not mission.is_hushed
    reads_letters = request.user.has_perm("missions.view_budget", mission)
    summary = request.user.has_perm("missions.read_review_summary", mission)
    decision, former = decisions_of(mission)
    has_letters = reads_letters and (decision or former)
    letter, sent = read_letters(mission) if has_letters else (None, [])
    context = page_context(mission, request.user, "decision")
    context |= {
        "decision": decision if may_know or summary else None,
        "letter": letter if summary else None,
        "sent_letters": sent,
        "former": former if summary else [],
        "may_apply": decision is not None
        and mission.state == lifecycle.State.COMMITTEE
        and request.user.has_perm("missions.decide", mission),
        "may_write_letter": request.user.has_perm("missions.write_letter", mission),
        "summary": summary,
    }
    return context | _ground(request, mission)


def _decided(request: PersonRequest, mission: Mission, form: DecisionForm) -> bool:
    """Decide; the administration only records what the committee will make effective."""
    words = {**form.cleaned_data, "amount": form.cleaned_data["amount"] or Decimal(0)}
    try:
        if words["outcome"] == RETURNED:
            send_back(mission, reason=words["reason"], actor=request.user)
            messages.success(request, "Le dossier est renvoyé en instruction, avec votre motif.")
        elif request.user.has_perm("missions.decide", mission):
            decide(mission, actor=request.user, **words)
            messages.success(request, "La décision est prise. La lettre est prête à relire.")
        else:
            record_decision(mission, actor=request.user, **words)
            messages.success(request, "La décision est notée ; le comité la rend effective.")
    except PermissionDenied:
        form.add_error(None, "Le comité seul renvoie un dossier en instruction.")
        return False
    except Refusal as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _back_to(request: PersonRequest, mission: Mission) -> HttpResponse:
    """To the decision, or to « Mon travail » when the dossier left the person's sight."""
    if Mission.objects.visible_to(request.user).filter(pk=mission.pk).exists():
        return redirect("mission_decision", mission.reference)
    return redirect("accueil")


def _ground(request: PersonRequest, mission: Mission) -> dict[str, Any]:
    """What a decision stands on: recommendation, budget, envelope."""
    found: dict[str, Any] = {}
    if request.user.has_perm("missions.view_budget", mission):
        found["budget"] = budget_of(mission)
    if request.user.has_perm("missions.read_review_summary", mission):
        review = review_of(mission)
        found |= {"review": review, "scores": scores(review), "total": total(review)}
    if _may_decide(request, mission):
        envelope, left = envelope_and_left(mission, clock.today().year)
        found |= {"envelope": envelope, "left": left}
    return found
