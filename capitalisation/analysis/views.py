from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from capitalisation.analysis.actions import write_focus
from capitalisation.analysis.cells import cell_excerpts, counted
from capitalisation.analysis.figures import focus_figures
from capitalisation.analysis.forms import FocusForm, QuestionForm
from capitalisation.analysis.matrix import Question, column_label, matrix
from capitalisation.analysis.models import Focus
from capitalisation.analysis.queries import evidence_of, focuses_of, may_read_analysis
from capitalisation.coding.models import Coding
from capitalisation.coding.queries import codes_of, excerpts_for, with_source
from capitalisation.corpus.page import capitalisation_tabs
from capitalisation.corpus.queries import programme_for
from explor import clock
from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Programme


def _programme(request: PersonRequest) -> Programme:
    programme = programme_for(request.user)
    if programme is None or not may_read_analysis(request.user, programme):
        raise Http404
    return programme


@require_GET
def analysis_matrix(request: PersonRequest) -> HttpResponse:
    """Themes × a dimension; each cell opens its passages."""
    programme = _programme(request)
    question = Question.read(request.GET)
    context = {
        "programme": programme,
        "question": question,
        "form": QuestionForm(question, programme=programme),
        "matrix": matrix(programme, question),
        "query": urlencode(question.address()),
        "today": clock.today(),
        "tabs": capitalisation_tabs(request.user, "analysis_matrix"),
    }
    return render(request, "capitalisation/analysis/matrix.html", context)


@require_GET
def analysis_cell(request: PersonRequest) -> HttpResponse:
    """The passages behind a cell, as far as this person may read them."""
    programme = _programme(request)
    question = Question.read(request.GET)
    code = get_object_or_404(codes_of(programme), slug=request.GET.get("code", ""))
    column = request.GET.get("colonne", "")
    readable = excerpts_for(request.user, programme)
    shown = cell_excerpts(readable, programme, question, code, column)
    codings = Prefetch("codings", Coding.objects.select_related("code"))
    page = Paginator(with_source(shown).prefetch_related(codings), 25).get_page(
        request.GET.get("page")
    )
    reads_texts = request.user.has_perm("capitalisation.view_corpus")
    context = {
        "code": code,
        "column": column and column_label(question.by, column),
        "page": page,
        # figures count every text whose consent stands; words go to whom each person said
        "kept_back": counted(programme, question, code, column) - page.paginator.count,
        "query": urlencode(question.address()),
        "reads_texts": reads_texts,
    }
    return render(request, "capitalisation/analysis/cell.html", context)


@require_GET
def focus_list(request: PersonRequest) -> HttpResponse:
    programme = _programme(request)
    context = {
        "programme": programme,
        "focuses": focuses_of(programme),
        "tabs": capitalisation_tabs(request.user, "focus_list"),
    }
    return render(request, "capitalisation/analysis/focus_list.html", context)


def _focus(request: PersonRequest, slug: str) -> Focus:
    return get_object_or_404(focuses_of(_programme(request)).select_related("programme"), slug=slug)


@require_GET
def focus(request: PersonRequest, slug: str) -> HttpResponse:
    found = _focus(request, slug)
    context = {
        "focus": found,
        "figures": focus_figures(found),
        "evidence": evidence_of(found, request.user),
        "reads_texts": request.user.has_perm("capitalisation.view_corpus"),
        "may_write": request.user.has_perm("capitalisation.write_focus", found),
    }
    return render(request, "capitalisation/analysis/focus.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def focus_edit(request: PersonRequest, slug: str) -> HttpResponse:
    found = _focus(request, slug)
    if not request.user.has_perm("capitalisation.write_focus", found):
        raise PermissionDenied
    form = FocusForm(request.POST or None, instance=found, user=request.user)
    context: dict[str, Any] = {"form": form, "focus": found, "stale": None}
    if request.method != "POST":
        return render(request, "capitalisation/analysis/focus_edit.html", context)
    if form.is_valid():
        data = form.cleaned_data
        try:
            write_focus(
                Focus.objects.get(pk=found.pk),
                title=data["title"],
                article=data["article"],
                codes=data["codes"],
                evidence=list(data["evidence"]),
                version=data["version"],
                actor=request.user,
            )
        except Stale as stale:
            current = Focus.objects.get(pk=found.pk)
            context["stale"] = {"theirs": current.article, "version": stale.version}
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Focus enregistré.")
            return redirect("focus", slug=found.slug)
    status = 409 if context["stale"] else 422
    return render(request, "capitalisation/analysis/focus_edit.html", context, status=status)
