"""Post a message, mark what is seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.sending import claim
from explor.documents.actions import store_file
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.notifications.actions import read_notices_about
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.audiences import EVERYONE, TEAM
from missions.dossier.models import Mission
from missions.threads.audience import reads
from missions.threads.models import Attachment, Channel, LastSeen, Message, Thread, ThreadKind
from missions.threads.queries import audience_of
from missions.threads.telling import notice_key, tell

POST_MESSAGE = Verb("missions.post_message", EVERYONE)
POST_TEAM_MESSAGE = Verb("missions.post_team_message", TEAM)

MAX_LENGTH = 10_000
MAX_FILES = 10


@dataclass(frozen=True)
class Draft:
    """What a person wants to say; `token` is the same for the same attempt."""

    text: str
    token: UUID
    corrects: Message | None = None
    channel: str = Channel.PAGE
    files: Sequence[tuple[str, "UploadedFile[bytes] | bytes"]] = field(default=())


@transaction.atomic
def post_message(mission: Mission, kind: ThreadKind, draft: Draft, *, actor: User) -> Message:
    """Add a message for good, tell the others; the same token gives the same message.

    Raises `PermissionDenied` to who does not take part, `Refusal` for an empty or too long
    text, too many files, a file that is not accepted, the correction of another's message.
    """
    if not reads(actor, mission, kind):
        raise PermissionDenied
    text = _accepted(draft)
    thread, _ = Thread.objects.get_or_create(
        mission=mission, kind=kind, defaults={"created_at": clock.now()}
    )
    _check_correction(thread, draft.corrects, actor)
    audience = audience_of(mission, kind)
    claim(Message, draft.token, actor)
    message, created = Message.objects.get_or_create(
        token=draft.token,
        defaults={
            "thread": thread,
            "author": actor,
            "text": text,
            "corrects": draft.corrects,
            "channel": draft.channel,
            "audience": [person.pk for person in audience],
            "posted_at": clock.now(),
        },
    )
    if not created:
        if message.author_id != actor.pk or message.thread_id != thread.pk:
            raise PermissionDenied
        return message
    message.thread = thread
    thread.mission = mission
    for name, content in draft.files:
        # nobody owns it: who leaves the conversation, or meets a conflict, loses their own too
        stored = store_file(
            content, name=name, actor=None, target=thread, permission="missions.read_thread"
        )
        Attachment.objects.create(message=message, file=stored)
    _see(thread, message, actor)
    _record(message, kind, actor)
    tell(message, audience)
    return message


def _accepted(draft: Draft) -> str:
    text = draft.text.strip().replace("\x00", "")
    if not text:
        raise Refusal("Écrivez votre message.")
    if len(text) > MAX_LENGTH:
        raise Refusal(
            f"Ce message est trop long ({len(text)} signes ; {MAX_LENGTH} au plus). "
            "Joignez plutôt un document."
        )
    if len(draft.files) > MAX_FILES:
        raise Refusal(f"Joignez {MAX_FILES} fichiers au plus.")
    return text


def _check_correction(thread: Thread, corrects: Message | None, actor: User) -> None:
    if corrects is None:
        return
    if corrects.thread_id != thread.pk or corrects.author_id != actor.pk:
        raise Refusal("Vous ne pouvez corriger que vos propres messages de cette conversation.")


def _record(message: Message, kind: ThreadKind, actor: User) -> None:
    """The history says that something was said, never what; between staff, to staff only."""
    verb = POST_MESSAGE if kind == ThreadKind.MISSION else POST_TEAM_MESSAGE
    how = ", par e-mail" if message.channel == Channel.MAIL else ""
    record(
        message.thread.mission.stream,
        verb,
        f"Message dans la conversation « {kind.label} »{how}.",
        actor=actor,
        data={"message": message.pk, "audience": message.audience},
    )


@transaction.atomic(savepoint=False)
def mark_seen(thread: Thread, message: Message, *, actor: User) -> None:
    """Everything up to `message` is seen; the notices that told of it are read with it."""
    _see(thread, message, actor)
    read_notices_about(Event.MESSAGE, notice_key(thread), actor=actor)


def _see(thread: Thread, message: Message, actor: User) -> None:
    """Never backwards: an old page opened late does not undo what was seen."""
    mine = LastSeen.objects.filter(thread=thread, person=actor)
    row = {"message": message, "seen_at": clock.now()}
    if not mine.filter(message__lt=message).update(**row):
        LastSeen.objects.bulk_create(
            [LastSeen(thread=thread, person=actor, **row)], ignore_conflicts=True
        )
