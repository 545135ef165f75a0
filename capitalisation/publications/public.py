"""What has come out, for anyone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from capitalisation.practices.queries import published
from capitalisation.publications.printed_queries import printed_keys, printing_of
from capitalisation.publications.queries import published_booklets, sections_of
from capitalisation.publications.scope import Scope
from explor.search.fields import in_order
from explor.ui.keeping import may_be_kept
from missions.dossier.sheets import public_missions
from missions.dossier.shown import as_shown


@may_be_kept
@login_not_required
@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    user = request.user
    context = {
        "booklets": published_booklets(),
        "may_see_drafts": user.is_authenticated and user.has_perm("capitalisation.view_booklets"),
    }
    return render(request, "capitalisation/publications/publication_list.html", context)


@may_be_kept
@login_not_required
@require_safe
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """A booklet that has come out: its PDF, what it says, the missions and practices in it."""
    booklet = get_object_or_404(published_booklets(), slug=slug)
    missions = Scope.of(booklet).missions().filter(joint_with__isnull=True)
    practices = published(booklet.programme)
    if (printing := printing_of(booklet.file)) is not None:
        references, slugs = printed_keys(printing)
        missions, practices = (
            missions.filter(reference__in=references),
            practices.filter(slug__in=slugs),
        )
    context = {
        "booklet": booklet,
        "sections": [section for section in sections_of(booklet) if section.included],
        "missions": as_shown(
            public_missions()
            .filter(pk__in=missions.values("pk"))
            .defer("search")
            .order_by("departs_on", in_order())
        ),
        "practices": practices,
    }
    return render(request, "capitalisation/publications/publication.html", context)
