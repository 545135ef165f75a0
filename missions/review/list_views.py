"""The requests that a territory has to review, and who follows each."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from explor.ui.components import Tab
from missions import lifecycle
from missions.review.list_queries import PRESETS, for_review_list, to_review, with_preset

PAGE = 25


@require_safe
def review_list(request: PersonRequest) -> HttpResponse:
    if not request.user.has_perm("missions.view_reviews"):
        raise PermissionDenied
    preset = request.GET.get("voir", "")
    rows = for_review_list(with_preset(to_review(request.user), preset, request.user))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    address = reverse("review_list")
    presets = [
        Tab(label, f"{address}?voir={key}", current=key == (preset or "toutes"))
        for key, label in PRESETS.items()
    ]
    lines = [(row, lifecycle.label(row.state), lifecycle.tone(row.state)) for row in page]
    context = {"page": page, "lines": lines, "presets": presets, "preset": preset}
    return render(request, "missions/review/review_list.html", context)
