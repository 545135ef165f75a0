"""The sittings of the committee: list, planning, agenda, one sitting."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capitalisation.committee.session_forms import SessionForm, TaskForm, session_initial
from capitalisation.committee.session_models import (
    AgendaItem,
    CommitteeSession,
    Presence,
    QuorumKind,
)
from capitalisation.committee.session_planning import (
    add_to_agenda,
    cancel_session,
    change_session,
    convene,
    move_item,
    plan_session,
    take_off_agenda,
)
from capitalisation.committee.session_queries import (
    Sitting,
    agenda_for,
    find_session,
    presence_counts,
    roll_of,
    sessions_for,
    waiting_missions,
)
from capitalisation.committee.session_sitting import close_session, note_presence, open_session
from capitalisation.corpus.queries import programme_for
from explor.accounts.http import PersonRequest
from explor.intake.numbers import version_in, whole
from explor.intake.typed import reason_in
from explor.ui.errors import Refusal, Stale
from explor.ui.tokens import token_in
from missions.dossier.models import Programme

PAGE = 20


def _programme(request: PersonRequest, permission: str) -> Programme:
    programme = programme_for(request.user)
    if programme is None or not request.user.has_perm(permission, programme):
        raise Http404
    return programme


def found_session(request: PersonRequest, uuid: UUID) -> CommitteeSession:
    """The sitting, for who reads it. Raises `Http404`."""
    session = find_session(request.user, uuid)
    if session is None:
        raise Http404
    return session


def tried(request: PersonRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.reason)
        return False
    if done:
        messages.success(request, done)
    return True


@require_safe
def session_list(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, "capitalisation.read_session")
    rows = presence_counts(sessions_for(request.user)).select_related("minutes")
    context = {
        "programme": programme,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_organise": request.user.has_perm("capitalisation.organise_session", programme),
    }
    return render(request, "capitalisation/committee/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: PersonRequest) -> HttpResponse:
    programme = _programme(request, "capitalisation.organise_session")
    start = {"quorum_kind": QuorumKind.SHARE, "quorum_value": 50, "secretary": request.user.pk}
    form = SessionForm(request.POST or None, programme=programme, initial=start)
    token = token_in(request.POST.get("token", ""))
    if request.method == "POST" and form.is_valid():
        try:
            session = plan_session(programme, token=token, actor=request.user, **form.words)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "La séance est prévue. Vérifiez l’ordre du jour.")
            return redirect(session)
    context = {"form": form, "token": token, "programme": programme}
    status = 422 if form.errors else 200
    return render(request, "capitalisation/committee/session_new.html", context, status=status)


@require_safe
def session(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Who is called, what is on the agenda, and where the sitting is."""
    found = found_session(request, uuid)
    sitting = Sitting(found, roll_of(found), agenda_for(found, request.user))
    organises = request.user.has_perm("capitalisation.organise_session", found)
    context = {
        "session": found,
        "sitting": sitting,
        "mine": sitting.row_of(request.user),
        "presences": Presence.choices,
        "organises": organises,
        "keeps": request.user.has_perm("capitalisation.keep_session", found),
        "waiting": list(waiting_missions(found.programme, request.user)[:30])
        if organises and (found.is_planned or found.is_open)
        else [],
        "task_form": TaskForm(initial={"token": uuid4()}),
        "tasks": list(found.tasks.all()) if not found.is_planned else [],
    }
    return render(request, "capitalisation/committee/session.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = found_session(request, uuid)
    if not request.user.has_perm("capitalisation.organise_session", found):
        raise Http404
    initial, version = session_initial(found), found.version
    form = SessionForm(request.POST or None, programme=found.programme, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        number = version_in(request.POST.get("version"))
        try:
            change_session(found, version=number, actor=request.user, **form.words)
        except Stale as stale:
            version, status = stale.version, 409
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "La séance est modifiée.")
            return redirect(found)
    if form.errors:
        status = 422
    context = {"session": found, "form": form, "version": version, "stale": status == 409}
    context["saved"] = SessionForm(programme=found.programme, initial=initial, prefix="saved")
    return render(request, "capitalisation/committee/session_edit.html", context, status=status)


@require_POST
def session_agenda(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """`act`: `add` a mission by its reference; `off`, `up` or `down` an item."""
    found = found_session(request, uuid)
    if not request.user.has_perm("capitalisation.organise_session", found):
        raise PermissionDenied
    act, posted = request.POST.get("act"), request.POST.get("item", "")
    if act == "add":
        reference = request.POST.get("mission", "")
        waiting = waiting_missions(found.programme, request.user)
        mission = waiting.filter(reference=reference).first()
        if mission is None:
            messages.error(request, "Cette mission n’attend pas une séance.")
        else:
            tried(request, lambda: add_to_agenda(found, mission, actor=request.user))
        return redirect(found)
    item = found_item(found, whole(posted) or 0)
    if act == "off":
        tried(request, lambda: take_off_agenda(item, actor=request.user))
    elif act in {"up", "down"}:
        tried(request, lambda: move_item(item, up=act == "up", actor=request.user))
    return redirect(found)


def found_item(session: CommitteeSession, pk: int) -> AgendaItem:
    item = AgendaItem.objects.filter(session=session, pk=pk).first()
    if item is None:
        raise Http404
    item.session = session
    return item


@require_POST
def session_convene(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = found_session(request, uuid)
    done = "La convocation est partie, avec l’ordre du jour."
    tried(request, lambda: convene(found, actor=request.user), done)
    return redirect(found)


@require_POST
def session_cancel(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = found_session(request, uuid)
    reason = reason_in(request)
    tried(request, lambda: cancel_session(found, reason=reason, actor=request.user), "Annulée.")
    return redirect(found)


@require_POST
def session_open(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = found_session(request, uuid)
    done = "La séance est ouverte. Notez qui est là."
    tried(request, lambda: open_session(found, actor=request.user), done)
    return redirect(found)


@require_POST
def session_presence(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Fields `presence-<person>`; a member posts their own alone."""
    found = found_session(request, uuid)
    presence = {
        person: value
        for name, value in request.POST.items()
        if isinstance(value, str) and (person := whole(name.removeprefix("presence-")))
    }
    done = "La feuille de présence est enregistrée."
    tried(request, lambda: note_presence(found, presence, actor=request.user), done)
    return redirect(found)


@require_POST
def session_close(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = found_session(request, uuid)
    done = "La séance est close. Complétez le procès-verbal."
    if tried(request, lambda: close_session(found, actor=request.user), done):
        return redirect("session_minutes", uuid)
    return redirect(found)
