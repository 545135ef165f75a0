"""« Récépissé de dépôt »: its page and its PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from explor.documents.views import file_response
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.request.models import Receipt
from missions.request.submitting import receipt_name, receipt_pdf


@require_safe
def request_receipt(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    receipt = _receipt(request, mission)
    context = page_context(mission, request.user, "request")
    context |= {"receipt": receipt, "content": receipt.content}
    return render(request, "missions/request/request_receipt.html", context)


@require_safe
def request_receipt_pdf(request: PersonRequest, reference: str) -> HttpResponse:
    """To the file itself; laid out to be read, not kept, until the worker has kept it."""
    receipt = _receipt(request, find_mission(request.user, reference))
    if receipt.file is not None:
        return redirect(receipt.file)
    return file_response(
        receipt_pdf(receipt), name=receipt_name(receipt), content_type="application/pdf"
    )


def _receipt(request: PersonRequest, mission: Mission) -> Receipt:
    rows = Receipt.objects.select_related("file", "issued_to")
    found = rows.filter(mission=mission).first()
    if found is None or not request.user.has_perm("missions.view_receipt", mission):
        raise Http404
    return found
