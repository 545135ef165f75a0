"""What a booklet prints, and in which booklets some words came out."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from capitalisation.corpus.queries import programme_for
from capitalisation.publications.printed_queries import (
    made_printing,
    printing_of,
    with_fitness,
    words_out,
)
from capitalisation.publications.queries import booklets_visible_to
from explor.accounts.http import PersonRequest


@require_safe
def booklet_printed(request: PersonRequest, slug: str) -> HttpResponse:
    """Piece by piece, with the words that may still be read."""
    booklet = get_object_or_404(booklets_visible_to(request.user), slug=slug)
    printing = printing_of(booklet.file) or made_printing(booklet)
    pieces = with_fitness(printing.pieces.all()) if printing else []
    context = {"booklet": booklet, "printing": printing, "pieces": pieces}
    return render(request, "capitalisation/publications/booklet_printed.html", context)


@require_safe
def booklet_words(request: PersonRequest) -> HttpResponse:
    """« Which published booklet prints these words? », withdrawn ones included: they are found,
    never shown."""
    programme = programme_for(request.user)
    if not request.user.has_perm("capitalisation.build_booklet", programme):
        raise Http404
    words = request.GET.get("q", "").strip()[:200]
    booklets = booklets_visible_to(request.user)
    context = {"words": words, "pieces": words_out(booklets, words) if words else []}
    return render(request, "capitalisation/publications/booklet_words.html", context)
