"""The list of missions as a spreadsheet, at once or by a job."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from explor.accounts.http import PersonRequest
from explor.documents.models import ExportJob
from explor.documents.views import file_response
from explor.ui.errors import Refusal
from explor.ui.tokens import token_in
from missions.dossier.exporting import export_missions


@require_POST
def mission_export(request: PersonRequest) -> HttpResponse:
    """The filters are those of the address; the same token gives the same job."""
    token = token_in(request.POST.get("token", ""))
    try:
        made = export_missions(request.GET.dict(), actor=request.user, token=token)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return redirect(f"{reverse('mission_list')}?{request.GET.urlencode()}")
    if isinstance(made, ExportJob):
        return redirect(made)
    return file_response(made.content, name=made.name, content_type=made.content_type)
