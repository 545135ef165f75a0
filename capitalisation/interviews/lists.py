"""Lists of interviews and guides, and before beside after."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from capitalisation.corpus.page import capitalisation_tabs
from capitalisation.corpus.queries import programme_for
from capitalisation.interviews.actions import plan_interview
from capitalisation.interviews.forms import InterviewFilter, PlanForm
from capitalisation.interviews.models import Interview, InterviewGuide
from capitalisation.interviews.queries import (
    for_lists,
    heard,
    interviews_for,
    latest_guides,
    paired_missions,
    pairs,
    themed_questions,
)
from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal
from missions.dossier.page import find_mission, page_context

PAGE = 25
#: Missions on a page of « avant, après »: some ten pairs.
MISSIONS = 4


@require_safe
def interview_list(request: PersonRequest) -> HttpResponse:
    """Every interview for researchers; for anyone else, those they gave or led."""
    mine = interviews_for(request.user)
    if not request.user.has_perm("capitalisation.view_interviews") and not mine.exists():
        raise Http404
    form = InterviewFilter(request.GET)
    page = Paginator(for_lists(form.apply(mine)), PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": capitalisation_tabs(request.user, "interview_list"),
        "form": form,
        "page": page,
        "heard": heard(mine),
    }
    return render(request, "capitalisation/interviews/interview_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def mission_interviews(request: PersonRequest, reference: str) -> HttpResponse:
    """Plan and follow the interviews of a mission; others see counts, and their own."""
    mission = find_mission(request.user, reference)
    plans = request.user.has_perm("capitalisation.plan_interview", mission)
    if request.method == "POST" and not plans:
        raise Http404
    form = PlanForm(request.POST or None, mission=mission) if plans else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            planned = plan_interview(mission, **form.cleaned_data, actor=request.user)
            messages.success(request, "Entretien prévu. Recueillez d’abord l’accord.")
            return redirect(planned)
        except Refusal as refusal:
            form.add_error(None, refusal)
    every = Interview.objects.filter(mission=mission)
    context = page_context(mission, request.user, "interviews")
    context |= {
        "heard": heard(every),
        "interviews": for_lists(interviews_for(request.user).filter(mission=mission)),
        "plan_form": form,
    }
    status = 422 if form is not None and form.errors else 200
    template = "capitalisation/interviews/mission_interviews.html"
    return render(request, template, context, status=status)


@require_safe
def guide_list(request: PersonRequest) -> HttpResponse:
    programme = programme_for(request.user)
    if programme is None or not request.user.has_perm("capitalisation.view_analysis"):
        raise Http404
    context = {
        "tabs": capitalisation_tabs(request.user, "guide_list"),
        "guides": latest_guides(programme),
        "programme": programme,
    }
    return render(request, "capitalisation/interviews/guide_list.html", context)


@require_safe
def guide(request: PersonRequest, pk: int) -> HttpResponse:
    """Read a guide; an interview keeps the version it was led with."""
    rows = InterviewGuide.objects.filter(programme=programme_for(request.user))
    found = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("capitalisation.view_analysis"):
        raise Http404
    versions = rows.filter(moment=found.moment, audience=found.audience)
    context = {
        "tabs": capitalisation_tabs(request.user, "guide_list"),
        "guide": found,
        "questions": themed_questions(found),
        "versions": versions,
    }
    return render(request, "capitalisation/interviews/guide.html", context)


@require_safe
def before_after(request: PersonRequest) -> HttpResponse:
    """What each person expected and what happened, question by question."""
    programme = programme_for(request.user)
    if programme is None or not request.user.has_perm("capitalisation.view_interviews"):
        raise Http404
    heard_of = interviews_for(request.user)
    missions = paired_missions(programme, heard_of)
    page: Page[Any] = Paginator(missions, MISSIONS).get_page(request.GET.get("page"))
    page.object_list = pairs(programme, heard_of.filter(mission__in=list(page.object_list)))
    context = {
        "tabs": capitalisation_tabs(request.user, "before_after"),
        "page": page,
        "programme": programme,
    }
    return render(request, "capitalisation/interviews/before_after.html", context)
