"""« Fiche d’instruction »: the draft made when asked, and the sheets that were frozen."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from explor.documents.pdf import print_html
from explor.documents.views import file_response
from missions.review.models import ReviewSheet
from missions.review.page import find_review
from missions.review.sheet_actions import sheet_html, sheet_name


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
    """The file the committee read; laid out to be read, not kept, until the worker has kept it."""
    mission = find_review(request.user, reference)
    sheet = get_object_or_404(
        ReviewSheet.objects.select_related("file"), mission=mission, number=number
    )
    if sheet.file is not None:
        return redirect(sheet.file)
    return file_response(
        print_html(sheet.html),
        name=sheet_name(mission, number),
        content_type="application/pdf",
    )
