"""The papers of a request: join one by one, read, take away."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.documents.sniffing import ACCEPTED
from explor.documents.views import stream_file
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.request.annexing import (
    add_annex,
    find_annex,
    kinds_open_to,
    may_read,
    remove_annex,
)
from missions.request.models import Annex, AnnexKind
from missions.request.queries import annexes_of
from missions.request.reading import papers_in


@require_http_methods(["GET", "HEAD", "POST"])
def request_annexes(request: PersonRequest, reference: str) -> HttpResponse:
    """All the papers, and the form to join one; a script posts here one file at a time."""
    mission = find_mission(request.user, reference)
    kinds = kinds_open_to(request.user, mission)
    if not kinds and not request.user.has_perm("missions.view_annexes", mission):
        raise Http404
    if request.method == "POST":
        if not kinds:
            raise PermissionDenied
        return _join(request, mission)
    return _page(request, mission)


@require_safe
def annex(request: PersonRequest, reference: str, uuid: UUID) -> HttpResponseBase:
    """The paper itself, to who may read it; to anyone else it does not exist."""
    mission = find_mission(request.user, reference)
    row = find_annex(mission, uuid, request.user)
    if row is None:
        raise Http404
    return stream_file(request, row.file)


@require_POST
def annex_remove(request: PersonRequest, reference: str, uuid: UUID) -> HttpResponse:
    mission = find_mission(request.user, reference)
    row = find_annex(mission, uuid, request.user)
    if row is None:
        raise Http404
    try:
        remove_annex(row, actor=request.user)
        messages.success(request, f"{row.get_kind_display()}\u00a0: pièce retirée.")
    except Refusal as refused:
        messages.error(request, refused.reason)
    return redirect("request_annexes", reference)


def _join(request: PersonRequest, mission: Mission) -> HttpResponse:
    """A script gets the row of the paper, or 422 and the reason; a plain form its page again."""
    upload = request.FILES.get("file")
    try:
        kind = AnnexKind(request.POST.get("kind", ""))
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return _refused(request, mission, "Choisissez la pièce dans la liste.")
    if upload is None:
        return _refused(request, mission, "Choisissez un fichier.")
    name = upload.name or "document"
    try:
        row = add_annex(mission, kind, upload, name=name, actor=request.user, token=token)
    except Refusal as refused:
        return _refused(request, mission, refused.reason)
    if request.headers.get("X-Upload"):
        context = {"row": row, "mission": mission}
        return render(request, "missions/request/_annex.html", context)
    messages.success(request, f"{row.get_kind_display()}\u00a0: pièce jointe.")
    return redirect("request_annexes", mission.reference)


def _refused(request: PersonRequest, mission: Mission, reason: str) -> HttpResponse:
    if request.headers.get("X-Upload"):
        return HttpResponse(reason, status=422, content_type="text/plain; charset=utf-8")
    return _page(request, mission, reason, status=422)


def _page(
    request: PersonRequest, mission: Mission, reason: str = "", status: int = 200
) -> HttpResponse:
    kinds = kinds_open_to(request.user, mission)
    rows: list[Annex] = [row for row in annexes_of(mission) if may_read(row, mission, request.user)]
    context = page_context(mission, request.user, "request")
    context |= {
        "papers": [paper for paper in papers_in(rows) if paper.joined],
        "kinds": kinds,
        "chosen": request.POST.get("kind", ""),
        "reason": reason,
        "accepted": ",".join(ACCEPTED),
        "limit": settings.MAX_UPLOAD_BYTES,
    }
    return render(request, "missions/request/request_annexes.html", context, status=status)
