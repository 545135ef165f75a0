from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.documents.actions import retry_export
from explor.documents.exports import label_of
from explor.documents.models import ExportJob, StoredFile
from explor.documents.queries import find_file, jobs_of
from explor.ui.errors import Refusal

POLL_SECONDS = "1500ms"


@login_not_required
@require_safe
def file_download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Streams the file to who may read it; to anyone else it does not exist."""
    stored = find_file(uuid, request.user)
    if stored is None:
        raise Http404
    return stream_file(request, stored)


def stream_file(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    """The bytes, as an attachment no browser runs; the caller has checked who reads."""
    etag = f'"{stored.sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    fresh = unchanged is not None and unchanged.status_code == 304
    response: HttpResponseBase = unchanged if unchanged and fresh else _stream(stored)
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if stored.public:
        patch_cache_control(response, public=True, no_cache=True)
    return response


def _stream(stored: StoredFile) -> FileResponse:
    try:
        source = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        source, as_attachment=True, filename=stored.name, content_type=stored.content_type
    )
    response["Content-Length"] = stored.size
    return response


def file_response(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """The answer of a view that made a file on the spot."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_safe
def export_job(request: PersonRequest, uuid: UUID) -> HttpResponse:
    job = get_object_or_404(jobs_of(request.user), uuid=uuid)
    context = {"job": job, "label": label_of(job.kind), "poll": POLL_SECONDS}
    name = "documents/_progress.html" if request.htmx else "documents/export_job.html"
    return render(request, name, context)


@never_cache
@require_safe
def export_job_list(request: PersonRequest) -> HttpResponse:
    page = Paginator(jobs_of(request.user), 25).get_page(request.GET.get("page"))
    rows = [(job, label_of(job.kind)) for job in page]
    return render(request, "documents/export_job_list.html", {"page": page, "rows": rows})


@require_POST
def export_job_retry(request: PersonRequest, uuid: UUID) -> HttpResponse:
    job: ExportJob = get_object_or_404(jobs_of(request.user), uuid=uuid)
    try:
        retry_export(job, actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    return redirect(job)
