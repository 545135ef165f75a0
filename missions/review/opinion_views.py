"""Opinions: asked and followed by the coordination, given by who is asked."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor import clock
from explor.accounts.http import PersonRequest
from explor.accounts.models import User
from explor.intake.typed import reason_in, text_in
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.dossier.page import find_mission
from missions.funding.queries import budget_of
from missions.lifecycle import State
from missions.review.forms import ConflictForm
from missions.review.opinion_actions import (
    Outsider,
    ask_opinions,
    cancel_opinion,
    decline_opinion,
    extend_opinion,
    give_opinion,
)
from missions.review.opinion_forms import AskForm, OpinionForm
from missions.review.opinion_models import Opinion, OpinionState
from missions.review.opinion_queries import (
    OPEN,
    asked_of,
    candidates,
    find_asked,
    find_by_link,
    opinions_of,
    reading_for_opinion,
)
from missions.review.page import find_review, review_context
from missions.review.roll_actions import declare_conflict
from missions.review.views import uuids_in


@require_safe
def mission_opinions(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_review(request.user, reference)
    context = review_context(mission, request.user, "mission_opinions")
    today = clock.today()
    context |= {
        "rows": [(row, row.is_late(today)) for row in opinions_of(mission)],
        "asking": request.user.has_perm("missions.ask_opinion", mission)
        and mission.state == State.REVIEW,
        "extending": request.user.has_perm("missions.ask_opinion", mission)
        and mission.state in OPEN,
    }
    return render(request, "missions/review/mission_opinions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opinion_ask(request: PersonRequest, reference: str) -> HttpResponse:
    """Choose people, search among volunteers, or write to somebody without an account."""
    mission = find_review(request.user, reference)
    if not request.user.has_perm("missions.ask_opinion", mission):
        raise PermissionDenied
    form = AskForm(request.POST or None, token=uuid4())
    chosen = uuids_in(request.POST.getlist("person"))
    if request.method == "POST" and form.is_valid() and _asked(request, mission, form, chosen):
        messages.success(request, "La demande d’avis est envoyée.")
        return redirect("mission_opinions", reference)
    search = request.GET.get("q", "")[:100]
    context = review_context(mission, request.user, "mission_opinions")
    context |= {"form": form, "search": search, "people": candidates(mission, search)}
    context["chosen"] = {str(uuid) for uuid in chosen}
    status = 422 if form.errors else 200
    return render(request, "missions/review/opinion_ask.html", context, status=status)


def _asked(request: PersonRequest, mission: Mission, form: AskForm, chosen: list[UUID]) -> bool:
    words = form.cleaned_data
    outside = [Outsider(words["name"], words["email"], words["capacity"])] if words["email"] else []
    try:
        ask_opinions(
            mission,
            people=list(User.objects.filter(uuid__in=chosen)),
            outsiders=outside,
            question=words["question"],
            due_on=words["due_on"],
            actor=request.user,
            token=words["token"],
        )
    except Refusal as refusal:
        form.add_error(None, refusal)
        return False
    return True


@require_POST
def opinion_extend(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    opinion = _of_mission(request, reference, token)
    due_on = _day(request.POST.get("due_on", ""))
    if due_on is None:
        messages.error(request, "Écrivez une date, par exemple 15/03/2027.")
        return redirect("mission_opinions", reference)
    return _tried(
        request,
        reference,
        lambda: extend_opinion(opinion, due_on=due_on, actor=request.user),
        "Le délai est prolongé.",
    )


@require_POST
def opinion_cancel(request: PersonRequest, reference: str, token: UUID) -> HttpResponse:
    opinion = _of_mission(request, reference, token)
    return _tried(
        request,
        reference,
        lambda: cancel_opinion(opinion, actor=request.user),
        "La demande d’avis est annulée.",
    )


def _of_mission(request: PersonRequest, reference: str, token: UUID) -> Opinion:
    mission = find_mission(request.user, reference)
    return get_object_or_404(Opinion, mission=mission, token=token)


def _tried(
    request: PersonRequest, reference: str, act: Callable[[], object], done: str
) -> HttpResponse:
    try:
        act()
        messages.success(request, done)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("mission_opinions", reference)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_safe
def opinion_list(request: PersonRequest) -> HttpResponse:
    """What is asked of me, and what I answered."""
    page = Paginator(asked_of(request.user), 25).get_page(request.GET.get("page"))
    today = clock.today()
    rows = [(row, row.is_late(today)) for row in page]
    return render(request, "missions/review/opinion_list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: PersonRequest, token: UUID) -> HttpResponse:
    """Read the request without what the team wrote, and answer."""
    found = find_asked(request.user, token)
    if found is None:
        raise Http404
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and _given(form, found, request.user):
        messages.success(request, "Merci, votre avis est transmis à la coordination.")
        return redirect("opinion", token)
    return _opinion_page(request, found, form, request.user)


@require_POST
def opinion_decline(request: PersonRequest, token: UUID) -> HttpResponse:
    """« Je ne peux pas », or « j’ai un lien avec ce dossier » with its nature."""
    found = find_asked(request.user, token)
    if found is None:
        raise Http404
    try:
        if "nature" in request.POST:
            nature = text_in(request, "nature", most=300)
            declare_conflict(found.mission, person=request.user, nature=nature, actor=request.user)
            messages.success(
                request, "Votre lien est déclaré, la demande ne vous est plus ouverte."
            )
        else:
            decline_opinion(found, because=reason_in(request), actor=request.user)
            messages.success(request, "C’est noté, merci d’avoir répondu.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect("opinion", token)
    return redirect("opinion_list")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_link(request: HttpRequest, key: str) -> HttpResponse:
    """The same for somebody without an account, by the link of the mail."""
    found = find_by_link(key)
    if found is None:
        return render(request, "missions/review/opinion_link_gone.html", status=404)
    form = OpinionForm(request.POST or None if "decline" not in request.POST else None)
    if "decline" in request.POST:
        return _declined_by_link(request, found, key)
    if request.method == "POST" and _given(form, found, None):
        messages.success(request, "Merci, votre avis est transmis à la coordination.")
        return redirect("opinion_link", key)
    return _opinion_page(request, found, form, None)


def _declined_by_link(request: HttpRequest, found: Opinion, key: str) -> HttpResponse:
    try:
        decline_opinion(found, because=reason_in(request), actor=None, by_link=True)
        messages.success(request, "C’est noté, merci d’avoir répondu.")
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect("opinion_link", key)


def _given(form: OpinionForm, found: Opinion, actor: User | None) -> bool:
    if not form.is_valid():
        return False
    try:
        give_opinion(found, actor=actor, by_link=actor is None, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _opinion_page(
    request: HttpRequest, found: Opinion, form: OpinionForm, person: User | None
) -> HttpResponse:
    mission = found.mission
    context = {
        "opinion": found,
        "mission": mission,
        "late": found.is_late(clock.today()),
        "form": form if found.is_waiting and mission.state in OPEN else None,
        "given": found.state == OpinionState.GIVEN,
        "reading": reading_for_opinion(mission),
        "budget": None,
        "conflict_form": ConflictForm(auto_id="conflict_%s") if person else None,
    }
    if person is not None and person.has_perm("missions.view_budget", mission):
        context["budget"] = budget_of(mission)
    status = 422 if form.errors else 200
    return render(request, "missions/review/opinion.html", context, status=status)
