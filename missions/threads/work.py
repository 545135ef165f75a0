"""What is said in a conversation and not read yet, on the home page."""

from explor.accounts.models import User
from explor.notifications.events import Event
from explor.notifications.models import Notice
from missions.dossier.work import SHOWN, Errand, register


def unread_messages(user: User) -> list[Errand]:
    """One errand a conversation, from the notices that opening it marks as read."""
    notices = (
        Notice.objects.visible_to(user)
        .unread()
        .filter(event=Event.MESSAGE, key__startswith="fil:")
        .order_by("-created_at", "-pk")
        .values_list("key", "subject", "url")[: SHOWN * 5]
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for key, subject, url in notices:
        found.setdefault(key.rsplit(":", 1)[0], []).append((subject, url))
    return [_errand(rows) for rows in list(found.values())[:SHOWN]]


def _errand(rows: list[tuple[str, str]]) -> Errand:
    """`rows` are the newest first; the oldest unread is where to begin reading."""
    reference, _, rest = rows[0][0].partition(" · ")
    many = f"{len(rows)} nouveaux messages à lire." if len(rows) > 1 else "Un message à lire."
    return Errand(reference, f"Conversation « {rest.partition(' : ')[0]} »", rows[-1][1], many)


register("messages", unread_messages)
