"""The way around what is learnt from missions: one row of links on each of its pages."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from capitalisation.corpus.models import Text
from capitalisation.corpus.queries import doubts_in
from explor.accounts.models import User
from explor.ui.components import Tab

#: (route, label, permission asked without an object), in the order of the work.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("corpus", "Corpus", "capitalisation.view_committee"),
    ("interview_list", "Entretiens", "capitalisation.view_interviews"),
    ("guide_list", "Guides", "capitalisation.view_analysis"),
    ("codebook", "Grille de codes", "capitalisation.view_corpus"),
    ("analysis_matrix", "Analyse croisée", "capitalisation.view_analysis"),
    ("before_after", "Avant, après", "capitalisation.view_interviews"),
    ("focus_list", "Focus", "capitalisation.view_analysis"),
    ("practice_admin_list", "Bonnes pratiques", "capitalisation.view_analysis"),
    ("workshop_list", "Ateliers", "capitalisation.view_corpus"),
)


def capitalisation_tabs(user: User, current: str) -> list[Tab]:
    """The pages this person may open; `current` is the name of the route shown."""
    return [
        Tab(label, url, current=route == current)
        for route, label, permission in PAGES
        if user.has_perm(permission) and (url := _address(route))
    ]


def tell_doubts(request: HttpRequest, texts: QuerySet[Text]) -> None:
    """After a text was written again: how many of its passages are to be looked at."""
    if many := doubts_in(texts):
        plural = "s" if many > 1 else ""
        messages.warning(
            request,
            f"{many} passage{plural} codé{plural} à revoir : rien n’en est montré hors de "
            "l’équipe de capitalisation d’ici là.",
        )


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
