from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.corpus.actions import add_pseudonym, remove_pseudonym
from capitalisation.corpus.forms import CorpusFilter, PseudonymForm
from capitalisation.corpus.models import Pseudonym
from capitalisation.corpus.page import capitalisation_tabs, tell_doubts
from capitalisation.corpus.queries import (
    counts_by_kind,
    coverage,
    for_lists,
    programme_for,
    texts_for,
    texts_touched,
    with_doubts,
)
from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal
from missions.dossier.models import Mission, Programme
from missions.dossier.page import find_mission

PAGE = 25
#: Texts named beside a table of pseudonyms, those with passages to look at again first.
SHOWN = 50


@require_safe
def corpus(request: PersonRequest) -> HttpResponse:
    """The texts for researchers; for the rest of the team, what has been heard, in figures."""
    user = request.user
    if not user.has_perm("capitalisation.view_committee"):
        raise Http404
    programme = programme_for(user)
    form = CorpusFilter(request.GET)
    texts = texts_for(user)
    page = Paginator(for_lists(form.apply(texts)), PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": capitalisation_tabs(user, "corpus"),
        "reads": user.has_perm("capitalisation.view_corpus"),
        "form": form,
        "page": page,
        "counts": counts_by_kind(texts),
        "coverage": coverage(programme),
        "programme": programme,
    }
    return render(request, "capitalisation/corpus/corpus.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pseudonyms(request: PersonRequest, reference: str) -> HttpResponse:
    """The key table of a mission: what no reader outside the team should read."""
    mission = _mission(request, reference)
    here = reverse("pseudonyms", args=[reference])
    return _pseudonyms(request, mission, here, {"mission": mission})


@require_http_methods(["GET", "HEAD", "POST"])
def programme_pseudonyms(request: PersonRequest) -> HttpResponse:
    """The key table of a whole programme, workshops included."""
    programme = _programme(request)
    here = reverse("programme_pseudonyms")
    return _pseudonyms(request, programme, here, {"mission": None, "programme": programme})


def _pseudonyms(
    request: PersonRequest, of: Mission | Programme, here: str, context: dict[str, Any]
) -> HttpResponse:
    form = PseudonymForm(request.POST or None)
    texts = texts_for(request.user).filter(pk__in=texts_touched(of).values("pk"))
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                add_pseudonym(of, **form.cleaned_data, actor=request.user)
                messages.success(request, "Pseudonyme ajouté, les textes sont à jour.")
                tell_doubts(request, texts)
                return redirect(here)
        except Refusal as refusal:
            form.add_error("term", refusal)
        status = 422
    context |= {
        "form": form,
        "rows": of.pseudonyms.all(),
        "texts": with_doubts(texts).order_by(F("doubtful").desc(), "-held_on", "pk")[:SHOWN],
        "tabs": capitalisation_tabs(request.user, "corpus"),
    }
    return render(request, "capitalisation/corpus/pseudonyms.html", context, status=status)


@require_POST
def pseudonym_remove(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    mission = _mission(request, reference)
    row = get_object_or_404(mission.pseudonyms.select_related("mission"), pk=pk)
    return _remove(request, row, mission, reverse("pseudonyms", args=[reference]))


@require_POST
def programme_pseudonym_remove(request: PersonRequest, pk: int) -> HttpResponse:
    programme = _programme(request)
    row = get_object_or_404(programme.pseudonyms.select_related("programme"), pk=pk)
    return _remove(request, row, programme, reverse("programme_pseudonyms"))


def _remove(
    request: PersonRequest, row: Pseudonym, of: Mission | Programme, here: str
) -> HttpResponse:
    try:
        remove_pseudonym(row, actor=request.user)
    except PermissionDenied as error:
        raise Http404 from error
    messages.success(request, "Pseudonyme retiré, les textes sont à jour.")
    tell_doubts(request, texts_for(request.user).filter(pk__in=texts_touched(of).values("pk")))
    return redirect(here)


def _mission(request: PersonRequest, reference: str) -> Mission:
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("capitalisation.edit_pseudonyms", mission):
        raise Http404
    return mission


def _programme(request: PersonRequest) -> Programme:
    programme = programme_for(request.user)
    if not request.user.has_perm("capitalisation.programme_pseudonyms", programme):
        raise Http404
    assert programme is not None  # nobody holds the right on nothing
    return programme
