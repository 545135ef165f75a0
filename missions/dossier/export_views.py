"""The list of missions as a spreadsheet, at once or by a job."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from explor.accounts.http import PersonRequest
from explor.documents.models import ExportJob
from explor.documents.views import file_response
from missions.dossier.exporting import export_missions


@require_POST
def mission_export(request: PersonRequest) -> HttpResponse:
    """The filters are those of the address; the same token gives the same job."""
    made = export_missions(
        request.GET.dict(), actor=request.user, token=token_of(request.POST.get("token", ""))
    )
    if isinstance(made, ExportJob):
        return redirect(made)
    return file_response(made.content, name=made.name, content_type=made.content_type)


def token_of(text: str) -> UUID:
    """The token of the form; a new one when it is not a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
