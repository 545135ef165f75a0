"""The minutes of a sitting: read, completed, approved, and what was agreed to do."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.committee.minutes_actions import (
    add_task,
    approve_minutes,
    remove_task,
    save_minutes,
)
from capitalisation.committee.minutes_documents import minutes_context, minutes_pdf
from capitalisation.committee.minutes_models import SessionMinutes
from capitalisation.committee.session_forms import MinutesForm, TaskForm
from capitalisation.committee.session_views import found_session, tried
from explor.accounts.http import PersonRequest
from explor.documents.views import file_response
from explor.intake.numbers import version_in, whole
from explor.ui.errors import Refusal, Stale


def _minutes(request: PersonRequest, uuid: UUID) -> SessionMinutes:
    """Raises `Http404` until the sitting is closed."""
    session = found_session(request, uuid)
    minutes = getattr(session, "minutes", None)
    if not isinstance(minutes, SessionMinutes):
        raise Http404
    minutes.session = session
    return minutes


@require_http_methods(["GET", "HEAD", "POST"])
def session_minutes(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """The minutes as they are; POST saves the secretary's remarks."""
    minutes = _minutes(request, uuid)
    form = MinutesForm(request.POST or None, initial={"remarks": minutes.remarks})
    version, stale = minutes.version, False
    if request.method == "POST" and form.is_valid():
        number = version_in(request.POST.get("version"))
        try:
            save_minutes(minutes, version=number, actor=request.user, **form.cleaned_data)
        except Stale as error:
            version, stale = error.version, True
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Le procès-verbal est enregistré.")
            return redirect(minutes)
    status = 409 if stale else 422 if form.errors else 200
    context = minutes_context(minutes.session, request.user) | {
        "minutes": minutes,
        "form": form,
        "version": version,
        "stale": stale,
        "keeps": request.user.has_perm("capitalisation.keep_session", minutes.session),
        "wrote_it": minutes.drafted_by_id == request.user.pk,
        "task_form": TaskForm(initial={"token": uuid4()}),
    }
    return render(request, "capitalisation/committee/session_minutes.html", context, status=status)


@require_safe
def minutes_preview(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """The frozen document, or a preview; an extract for who stood aside from a mission."""
    minutes = _minutes(request, uuid)
    whole = request.user.has_perm("capitalisation.read_minutes", minutes)
    if whole and minutes.file is not None:
        return redirect(minutes.file)
    content = minutes_pdf(minutes, reader=None if whole else request.user)
    kind = "projet" if minutes.file is None else "extrait"
    name = f"{kind}-proces-verbal-{minutes.number}.pdf"
    return file_response(content, name=name, content_type="application/pdf")


@require_POST
def minutes_approve(request: PersonRequest, uuid: UUID) -> HttpResponse:
    minutes, version = _minutes(request, uuid), version_in(request.POST.get("version"))
    done = "Le procès-verbal est approuvé et envoyé aux membres."
    tried(request, lambda: approve_minutes(minutes, version=version, actor=request.user), done)
    return redirect(minutes)


@require_POST
def session_task(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Add what was agreed, or take a line away (`remove`)."""
    session = found_session(request, uuid)
    back = redirect("session_minutes" if session.is_closed else "session", uuid)
    if "remove" in request.POST:
        task = session.tasks.filter(pk=whole(request.POST["remove"]) or 0).first()
        if task is None:
            raise Http404
        tried(request, lambda: remove_task(task, actor=request.user), "La ligne est retirée.")
        return back
    form = TaskForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Dites ce qui est à faire, et par qui.")
        return back
    add = form.cleaned_data
    tried(request, lambda: add_task(session, actor=request.user, **add), "L’action est notée.")
    return back
