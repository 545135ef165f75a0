"""What is said in a conversation and not read yet, on the home page."""

from explor.accounts.models import User
from explor.notifications.events import Event
from explor.notifications.models import Notice
from missions.dossier.work import SHOWN, Errand, register
from missions.threads.models import Thread
from missions.threads.telling import thread_of


def unread_messages(user: User) -> list[Errand]:
    """One errand a conversation, from the notices that opening it marks as read."""
    notices = (
        Notice.objects.visible_to(user)
        .unread()
        .filter(event=Event.MESSAGE)
        .order_by("-created_at", "-pk")
        .values_list("key", "url")[: SHOWN * 5]
    )
    found: dict[int, list[str]] = {}
    for key, url in notices:
        if (thread_id := thread_of(key)) is not None:
            found.setdefault(thread_id, []).append(url)
    threads = Thread.objects.select_related("mission").defer("mission__search").in_bulk(found)
    shown = [(threads[pk], urls) for pk, urls in found.items() if pk in threads]
    return [_errand(thread, urls) for thread, urls in shown[:SHOWN]]


def _errand(thread: Thread, urls: list[str]) -> Errand:
    """`urls` are the newest first; the oldest unread is where to begin reading."""
    many = f"{len(urls)} nouveaux messages à lire." if len(urls) > 1 else "Un message à lire."
    title = f"Conversation «\u00a0{thread.get_kind_display()}\u00a0»"
    return Errand(thread.mission.reference, title, urls[-1], many)


register("messages", unread_messages)
