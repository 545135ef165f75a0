"""« Récépissé de dépôt »: its page and its PDF."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from explor.accounts.http import PersonRequest
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.request.models import Receipt
from missions.request.submitting import keep_receipt_file


@require_safe
def request_receipt(request: PersonRequest, reference: str) -> HttpResponse:
    mission = find_mission(request.user, reference)
    receipt = _receipt(request, mission)
    context = page_context(mission, request.user, "request")
    context |= {"receipt": receipt, "content": receipt.content}
    return render(request, "missions/request/request_receipt.html", context)


@require_safe
def request_receipt_pdf(request: PersonRequest, reference: str) -> HttpResponse:
    """To the file itself, made now when the demonstration or a task submitted."""
    receipt = keep_receipt_file(_receipt(request, find_mission(request.user, reference)))
    assert receipt.file is not None
    return redirect(receipt.file)


def _receipt(request: PersonRequest, mission: Mission) -> Receipt:
    rows = Receipt.objects.select_related("file", "issued_to")
    found = rows.filter(mission=mission).first()
    if found is None or not request.user.has_perm("missions.view_receipt", mission):
        raise Http404
    return found
