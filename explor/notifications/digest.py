"""The morning's summary: what is new since the last one, then what is late or due soon.

At 7 o'clock, because people then have the day before them to answer, and because nothing that
can wait ought to ring in the evening. Nothing new: no mail.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from explor.each import each
from explor.locking import lock_rows
from explor.notifications.actions import queue_mail
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import Digest, Notice
from explor.notifications.queries import rhythms_of
from explor.ui.html import day

HOUR = 7
#: Beyond this many lines a list says how many it leaves to the page.
SHOWN = 20


@dataclass(frozen=True)
class Line:
    text: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    lines: Sequence[Line]


Source = Callable[[User, date], Iterable[Section]]
_SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """What the digest of a person also lists under what is new; see `reminders` for where."""
    _SOURCES[name] = source


def readers_waiting(today: date) -> list[int]:
    """Who has something new to read this morning, and no digest yet."""
    waiting = Notice.objects.waiting_for_digest().filter(
        created_at__lt=opening(today), recipient__is_active=True
    )
    done = Digest.objects.filter(day=today).values("user")
    rows = waiting.exclude(recipient__in=done).order_by("recipient").distinct("recipient")
    return list(rows.values_list("recipient", flat=True))


def opening(today: date) -> datetime:
    """Notices written after this moment wait for the next morning, however late the task runs."""
    return timezone.make_aware(datetime.combine(today, time(HOUR)))


@transaction.atomic
def write_digest(user: User, today: date) -> Digest | None:
    """Write the digest of that day and its mail; None when there is nothing new, or already one.

    The row of the day is the lock: two workers at once write one mail.
    """
    digest, created = Digest.objects.get_or_create(
        user=user, day=today, defaults={"written_at": clock.now()}
    )
    if not created:
        return None
    waiting = Notice.objects.waiting_for_digest().filter(
        recipient=user, created_at__lt=opening(today)
    )
    notices = lock_rows(waiting.order_by("created_at", "pk"))
    if not notices:
        digest.delete()
        return None
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(digest=digest)
    if rhythms_of([user.pk], Event.DIGEST)[user.pk] == Rhythm.NEVER:
        return digest
    sections = [_news(notices)]
    for name, source in _SOURCES.items():
        found = each(f"digest « {name} »", [source], lambda read: list(read(user, today)))
        sections += chain.from_iterable(found)
    _send(user, today, len(notices), [section for section in sections if section.lines])
    return digest


def _news(notices: Sequence[Notice]) -> Section:
    lines = [Line(notice.subject, notice.get_absolute_url()) for notice in notices[:SHOWN]]
    if len(notices) > SHOWN:
        lines.append(Line(f"… et {len(notices) - SHOWN} autres messages", reverse("inbox")))
    return Section("Nouveau", lines)


def _send(user: User, today: date, count: int, sections: Sequence[Section]) -> None:
    many = f"{count} nouveaux messages" if count > 1 else "1 nouveau message"
    queue_mail(
        Event.DIGEST,
        recipient=user,
        subject=f"Explor : {many}, {day(today)}",
        text="Voici ce qui est nouveau, en retard ou attendu pour vos missions.",
        sections=[
            {"title": row.title, "lines": [{"text": x.text, "url": x.url} for x in row.lines]}
            for row in sections
        ],
        url=reverse("accueil"),
        key=f"digest:{today}",
        button="Ouvrir mon travail",
    )
