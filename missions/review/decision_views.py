"""The committee decides; those concerned read what was decided."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from explor import clock
from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.funding.queries import budget_of
from missions.review.decision_actions import decide, record_decision
from missions.review.decision_forms import DecisionForm
from missions.review.decision_queries import decision_of, envelope_and_left
from missions.review.queries import review_of, scores, total


@require_http_methods(["GET", "HEAD", "POST"])
def mission_decision(request: PersonRequest, reference: str) -> HttpResponse:
    """The committee decides; the others read what was decided."""
    mission = find_mission(request.user, reference)
    decision = decision_of(mission)
    may_decide = (
        request.user.has_perm("missions.record_decision", mission)
        and mission.state == lifecycle.State.COMMITTEE
    )
    ground = _ground(request, mission)
    asked = ground["budget"].asked if "budget" in ground else None
    form = DecisionForm(request.POST or None, initial={"amount": asked})
    if request.method == "POST":
        if not request.user.has_perm("missions.record_decision", mission):
            raise PermissionDenied
        if form.is_valid() and _decided(request, mission, form):
            return redirect("mission_decision", reference)
    known = decision is not None and mission.decided_at is not None
    if not known and not request.user.has_perm("missions.read_review_summary", mission):
        raise Http404
    context = page_context(mission, request.user, "decision")
    context |= {"decision": decision, "form": form if may_decide else None}
    context |= ground
    return render(request, "missions/review/mission_decision.html", context)


def _decided(request: PersonRequest, mission: Mission, form: DecisionForm) -> bool:
    """Decide; the administration only records what the committee will make effective."""
    words = {**form.cleaned_data, "amount": form.cleaned_data["amount"] or Decimal(0)}
    try:
        if request.user.has_perm("missions.decide", mission):
            decide(mission, actor=request.user, **words)
            messages.success(request, "La décision est prise, l’association est prévenue.")
        else:
            record_decision(mission, actor=request.user, **words)
            messages.success(request, "La décision est notée ; le comité la rend effective.")
    except Refusal as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _ground(request: PersonRequest, mission: Mission) -> dict[str, Any]:
    """What a decision stands on: recommendation, budget, envelope."""
    found: dict[str, Any] = {}
    if request.user.has_perm("missions.view_budget", mission):
        found["budget"] = budget_of(mission)
    if request.user.has_perm("missions.read_review_summary", mission):
        review = review_of(mission)
        envelope, left = envelope_and_left(mission, clock.today().year)
        found |= {"review": review, "scores": scores(review), "total": total(review)}
        found |= {"envelope": envelope, "left": left}
    return found
