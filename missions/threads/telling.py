"""What the others receive: the message itself, who reads it, and where to answer."""

import re
from collections.abc import Sequence

from explor.accounts.models import User
from explor.notifications.actions import Letterhead, announce
from explor.notifications.events import Event
from explor.ui.html import day
from missions.threads.models import Message, Thread, ThreadKind
from missions.threads.replies import reply_address


def notice_key(thread: Thread) -> str:
    """What the keys of the notices about this conversation begin with."""
    return f"fil:{thread.pk}"


def thread_of(key: str) -> int | None:
    """The number of the conversation that a notice is about; nothing for another key."""
    found = re.fullmatch(r"fil:(\d+):\d+", key)
    return int(found[1]) if found else None


def tell(message: Message, audience: Sequence[User]) -> None:
    """A notice to each of the others, with the text; their mail may be answered."""
    thread, author = message.thread, message.author
    kind = ThreadKind(thread.kind)
    mission = thread.mission
    announce(
        Event.MESSAGE,
        recipients=audience,
        subject=f"{mission.reference} · {kind.label} : message de {author}",
        text=_text(message, audience),
        url=message.get_absolute_url(),
        key=f"{notice_key(thread)}:{message.pk}",
        actor=author,
        button="Ouvrir la conversation",
        letterhead=Letterhead(
            from_name=str(author),
            conversation=f"conversation-{thread.pk}",
            reply_to={
                person.pk: address
                for person in audience
                if (address := reply_address(thread, person))
            },
        ),
    )


def _text(message: Message, audience: Sequence[User]) -> str:
    parts = []
    if message.corrects:
        parts.append(f"Corrige le message du {day(message.corrects.posted_at)}.")
    parts.append(message.text)
    if names := [row.file.name for row in message.attachments.select_related("file")]:
        parts.append(f"Pièces jointes, à ouvrir dans Explor : {', '.join(names)}.")
    who = ", ".join(str(person) for person in audience)
    parts.append(f"Conversation lue par {len(audience)} personnes : {who}.")
    return "\n\n".join(parts)
