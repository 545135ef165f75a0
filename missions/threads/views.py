"""The page of a mission's conversations."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from explor.accounts.http import PersonRequest
from explor.intake.numbers import whole
from explor.ui.components import Tab
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.threads.actions import Draft, mark_seen, post_message
from missions.threads.audience import PURPOSE, readable_kinds
from missions.threads.forms import MessageForm
from missions.threads.models import Message, ThreadKind
from missions.threads.queries import Heading, headings, messages_of, readers_of
from missions.threads.reading import lines_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mission_messages(request: PersonRequest, reference: str, kind: str = "") -> HttpResponse:
    """One conversation; without its kind, the first that the person takes part in."""
    mission = find_mission(request.user, reference)
    kinds = readable_kinds(request.user, mission)
    chosen = next((found for found in kinds if kind in {"", found.value}), None)
    if chosen is None:
        raise Http404
    if request.method == "POST":
        return _post(request, mission, chosen)
    corrected = _corrected(request, mission, chosen)
    initial = {"text": corrected.text, "corrects": corrected.pk} if corrected else {}
    return _page(request, mission, chosen, MessageForm(initial=initial), corrected=corrected)


def _post(request: PersonRequest, mission: Mission, kind: ThreadKind) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    corrected = _mine(request, mission, kind, request.POST.get("corrects", ""))
    if not form.is_valid():
        return _page(request, mission, kind, form, corrected=corrected, status=422)
    said = form.cleaned_data
    files = [(upload.name or "", upload) for upload in said["attached"]]
    draft = Draft(said["text"], said["token"], corrects=corrected, files=files)
    try:
        message = post_message(mission, kind, draft, actor=request.user)
    except Refusal as refusal:
        form.add_error(None, refusal)
        return _page(request, mission, kind, form, corrected=corrected, status=422)
    messages.success(request, "Votre message est envoyé.")
    return redirect(message)


def _corrected(request: HttpRequest, mission: Mission, kind: ThreadKind) -> Message | None:
    return _mine(request, mission, kind, request.GET.get("corriger", ""))


def _mine(request: HttpRequest, mission: Mission, kind: ThreadKind, pk: str) -> Message | None:
    """The person's own message of that number, in this conversation."""
    if (number := whole(pk)) is None:
        return None
    own = Message.objects.filter(author=request.user.pk, thread__mission=mission, thread__kind=kind)
    return own.filter(pk=number).first()


def _page(
    request: PersonRequest,
    mission: Mission,
    kind: ThreadKind,
    form: MessageForm,
    *,
    corrected: Message | None,
    status: int = 200,
) -> HttpResponse:
    context = page_context(mission, request.user, "messages")
    known = headings(mission, readable_kinds(request.user, mission), request.user)
    thread, before = known[kind].thread, request.GET.get("avant", "")
    rows, older = messages_of(thread, whole(before))
    if thread and rows and known[kind].unread and not before:
        mark_seen(thread, rows[-1], actor=request.user)
    readers = readers_of(mission, kind)
    context |= {
        "kind": kind,
        "purpose": PURPOSE[kind],
        "thread_tabs": _tabs(mission, known, kind),
        "lines": lines_of(rows, readers, request.user, unread=known[kind].unread),
        "older": rows[0].pk if older else None,
        "is_past": bool(before),
        "readers": readers,
        "form": form,
        "corrected": corrected,
    }
    return render(request, "missions/threads/mission_messages.html", context, status=status)


def _tabs(mission: Mission, known: dict[ThreadKind, Heading], current: ThreadKind) -> list[Tab]:
    return [
        Tab(
            kind.label,
            reverse("mission_messages", args=[mission.reference, kind.value]),
            current=kind == current,
            count=heading.unread if heading.unread and kind != current else None,
        )
        for kind, heading in known.items()
    ]
