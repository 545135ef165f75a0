from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.corpus.actions import add_pseudonym, remove_pseudonym
from capitalisation.corpus.forms import CorpusFilter, PseudonymForm
from capitalisation.corpus.page import capitalisation_tabs
from capitalisation.corpus.queries import (
    counts_by_kind,
    coverage,
    for_lists,
    programme_for,
    texts_for,
)
from explor.accounts.http import PersonRequest
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.dossier.page import find_mission

PAGE = 25


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
    form = PseudonymForm(request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                add_pseudonym(mission, **form.cleaned_data, actor=request.user)
                messages.success(request, "Pseudonyme ajouté, les textes sont à jour.")
                return redirect("pseudonyms", reference=reference)
        except Refusal as refusal:
            form.add_error("term", refusal)
        status = 422
    context = {
        "mission": mission,
        "form": form,
        "rows": mission.pseudonyms.all(),
        "texts": texts_for(request.user).filter(mission=mission),
        "tabs": capitalisation_tabs(request.user, "corpus"),
    }
    return render(request, "capitalisation/corpus/pseudonyms.html", context, status=status)


@require_POST
def pseudonym_remove(request: PersonRequest, reference: str, pk: int) -> HttpResponse:
    mission = _mission(request, reference)
    row = get_object_or_404(mission.pseudonyms.select_related("mission"), pk=pk)
    try:
        remove_pseudonym(row, actor=request.user)
    except PermissionDenied as error:
        raise Http404 from error
    messages.success(request, "Pseudonyme retiré, les textes sont à jour.")
    return redirect("pseudonyms", reference=reference)


def _mission(request: PersonRequest, reference: str) -> Mission:
    mission = find_mission(request.user, reference)
    if not request.user.has_perm("capitalisation.edit_pseudonyms", mission):
        raise Http404
    return mission
