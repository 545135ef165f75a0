"""« Fiche d’instruction »: the draft made when asked, and the sheets that were frozen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from explor.documents.pdf import print_html
from explor.documents.views import file_response
from missions.review.models import ReviewSheet
from missions.review.page import find_review
from missions.review.sheet_actions import print_sheet, sheet_html


@require_safe
def review_sheet_pdf(request: PersonRequest, reference: str) -> HttpResponse:
    """As things stand; nothing is kept."""
    mission = find_review(request.user, reference)
    return file_response(
        print_html(sheet_html(mission)),
        name=f"fiche-instruction-{reference}-projet.pdf",
        content_type="application/pdf",
    )


@require_safe
def review_sheet_frozen(request: PersonRequest, reference: str, number: int) -> HttpResponse:
    """The file the committee read; printed now when the worker has not done it yet."""
    mission = find_review(request.user, reference)
    sheet = get_object_or_404(ReviewSheet, mission=mission, number=number)
    return redirect(print_sheet(sheet))
