"""Finding a volunteer, and the page on which they answer."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.intake.typed import reason_in
from explor.ui.attempts import attempt
from missions.actors.languages import LANGUAGES
from missions.acts import may_now
from missions.dossier.models import EngagementState
from missions.dossier.page import find_mission, page_context
from missions.dossier.told import as_told
from missions.matching.actions import (
    answer_proposal,
    confirm_volunteer,
    propose_volunteer,
    withdraw_volunteer,
)
from missions.matching.forms import AnswerForm, ProposalForm
from missions.matching.queries import candidates, engagements_of, proposals_of
from missions.request.queries import promises_in, request_of, volets_in


@require_http_methods(["GET", "HEAD", "POST"])
def mission_matching(request: PersonRequest, reference: str) -> HttpResponse:
    """Candidates in the order of an explained score, and the proposals already sent."""
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("missions.view_proposals", mission):
        raise Http404
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = "La proposition est envoyée."
        if attempt(
            request,
            lambda: propose_volunteer(
                mission,
                form.cleaned_data["volunteer"],
                why=form.cleaned_data["why"],
                actor=request.user,
            ),
            told,
        ):
            return redirect("mission_matching", reference)
    sent, asked = engagements_of(mission), request_of(mission)
    settled = any(one.engagement.state == EngagementState.CONFIRMED for one in sent)
    open_to = may_now("propose_volunteer", mission.state) and not settled
    context = page_context(mission, request.user, "matching")
    context |= {
        "form": form,
        "sent": sent,
        "candidates": candidates(mission, asked) if open_to else [],
        "asked": asked,
        "languages": [LANGUAGES.get(code, code) for code in asked.languages],
        "here": {"mission": reference},
        "open_to": open_to,
        "may_withdraw": may_now("withdraw_volunteer", mission.state),
        "may_match": request.user.has_perm("missions.match", mission),
    }
    return render(request, "missions/matching/mission_matching.html", context)


@require_POST
def engagement_confirm(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    mission = find_mission(request.user, reference)
    engagement = get_object_or_404(mission.engagements, token=token)
    told = f"{engagement.volunteer} accompagne la mission."
    attempt(request, lambda: confirm_volunteer(engagement, actor=request.user), told)
    return redirect("mission_matching", reference)


@require_POST
def engagement_withdraw(request: PersonRequest, token: UUID) -> HttpResponse:
    """The volunteer, or the coordination of the mission, writes that they step back."""
    engagement = proposals_of(request.user).filter(token=token).first()
    back: tuple[str, ...] = ("proposal_list",)
    if engagement is None:
        mission = find_mission(request.user, request.POST.get("mission", ""))
        engagement = get_object_or_404(mission.engagements, token=token)
        back = ("mission_matching", mission.reference)
    because = reason_in(request)
    told = "Le retrait est enregistré."
    attempt(
        request,
        lambda: withdraw_volunteer(engagement, because=because, actor=request.user),
        told,
    )
    return redirect(*back)


@require_safe
def proposal_list(request: PersonRequest) -> HttpResponse:
    """What a volunteer was asked."""
    if not hasattr(request.user, "volunteer"):
        raise Http404
    rows = list(proposals_of(request.user))
    waiting = [row for row in rows if row.state == EngagementState.PROPOSED]
    answered = [row for row in rows if row.state != EngagementState.PROPOSED]
    context = {"waiting": waiting, "answered": answered}
    return render(request, "missions/matching/proposal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: PersonRequest, token: UUID) -> HttpResponse:
    """The mission as it is told to the person asked: no internal note, no amount."""
    engagement = get_object_or_404(proposals_of(request.user), token=token)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        accept = form.cleaned_data["accept"] == "yes"
        answer = form.cleaned_data["answer"]
        told = "Merci, votre réponse est envoyée à la coordination."
        if attempt(
            request,
            lambda: answer_proposal(engagement, accept=accept, answer=answer, actor=request.user),
            told,
        ):
            return redirect("proposal", token)
    mission, asked = as_told(engagement.mission, request.user), request_of(engagement.mission)
    context = {
        "engagement": engagement,
        "mission": mission,
        "asked": asked,
        "languages": [LANGUAGES.get(code, code) for code in asked.languages],
        "volets": volets_in(asked),
        "promises": promises_in(asked),
        "form": form,
        "open_to": may_now("propose_volunteer", mission.state)
        and engagement.state == EngagementState.PROPOSED,
        "engaged": may_now("withdraw_volunteer", mission.state)
        and engagement.state in (EngagementState.ACCEPTED, EngagementState.CONFIRMED),
    }
    return render(request, "missions/matching/proposal.html", context)
