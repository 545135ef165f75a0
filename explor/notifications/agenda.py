"""A person's diary, read by their own calendar program at a secret address.

Every stage registers where it finds its events (see `reminders` for how). An event carries
neither the name of a person nor that of a beneficiary: calendars are shared, shown on screens,
kept by third parties.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from icalendar import Calendar
from icalendar import Event as Entry

from explor import clock
from explor.accounts.models import User
from explor.notifications.models import CalendarEntry

logger = logging.getLogger(__name__)

BEFORE, AFTER = timedelta(days=90), timedelta(days=400)
#: How long a cancelled event is still told, so that every calendar has taken it away.
TOLD = timedelta(days=60)


@dataclass(frozen=True)
class AgendaEvent:
    """`uid` never changes for the same thing (`EX-2026-014:depart`). A bare date is a whole day;
    without `ends`, that day, or one hour."""

    uid: str
    summary: str
    starts: date | datetime
    ends: date | datetime | None = None
    place: str = ""
    url: str = ""


Source = Callable[[User, date, date], Iterable[AgendaEvent]]
_SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """`source(user, first, last)` gives what this person may know of, between two days."""
    _SOURCES[name] = source


def feed_of(user: User) -> tuple[bytes, str]:
    """The calendar and the mark of its content, the same as long as nothing changed."""
    calendar = Calendar()
    calendar.add("prodid", "-//Explor//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Explor")
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    first, last = clock.today() - BEFORE, clock.today() + AFTER
    for row in _refreshed(user, *_events(user, first, last)):
        calendar.add_component(_entry(row))
    content = calendar.to_ical()
    return content, hashlib.sha256(content).hexdigest()


@transaction.atomic
def _refreshed(user: User, events: dict[str, AgendaEvent], whole: bool) -> list[CalendarEntry]:
    """What the diary says now: changed events with a higher number, those gone as cancelled."""
    now, first = clock.now(), clock.today() - BEFORE
    known = {row.uid: row for row in CalendarEntry.objects.filter(user=user).order_by("pk")}
    new = [
        CalendarEntry(user=user, uid=uid, changed_at=now, **_words(event))
        for uid, event in events.items()
        if uid not in known
    ]
    told = {uid: row for uid, row in known.items() if whole or uid in events}
    changed = [row for uid, row in told.items() if _changes(row, events.get(uid), first, now)]
    for row in changed:
        row.sequence, row.changed_at = row.sequence + 1, now
    if new:
        CalendarEntry.objects.bulk_create(new, ignore_conflicts=True)
    if changed:
        CalendarEntry.objects.bulk_update(changed, [*_WORDS, "cancelled", "sequence", "changed_at"])
    over = [row.pk for row in known.values() if _is_over(row, first, now)]
    if over:
        CalendarEntry.objects.filter(pk__in=over).delete()
    kept = [row for row in [*known.values(), *new] if row.pk not in over]
    return sorted(kept, key=lambda row: (row.starts, row.uid))


def _events(user: User, first: date, last: date) -> tuple[dict[str, AgendaEvent], bool]:
    """By their uid, and whether every source was read: one that fails cancels nothing."""
    found: dict[str, AgendaEvent] = {}
    whole = True
    for name, source in _SOURCES.items():
        try:
            found |= {event.uid: event for event in source(user, first, last)}
        except Exception:
            logger.exception("agenda « %s » failed, the others go on", name)
            whole = False
    return found, whole


_WORDS = ("summary", "starts", "ends", "place", "url")


def _words(event: AgendaEvent) -> dict[str, str]:
    return {
        "summary": event.summary[:200],
        "starts": event.starts.isoformat(),
        "ends": event.ends.isoformat() if event.ends else "",
        "place": event.place[:200],
        "url": event.url,
    }


def _changes(row: CalendarEntry, event: AgendaEvent | None, first: date, now: datetime) -> bool:
    """Bring `row` up to date; whether something of it changed. The past is left as it was."""
    if event is None:
        if row.cancelled or _is_over(row, first, now):
            return False
        row.cancelled = True
        return True
    words = _words(event)
    if not row.cancelled and all(getattr(row, name) == words[name] for name in _WORDS):
        return False
    row.cancelled = False
    for name, value in words.items():
        setattr(row, name, value)
    return True


def _is_over(row: CalendarEntry, first: date, now: datetime) -> bool:
    """Out of the window, or cancelled long enough ago."""
    if row.cancelled:
        return row.changed_at < now - TOLD
    return row.starts[:10] < first.isoformat()


def _entry(row: CalendarEntry) -> Entry:
    entry = Entry()
    starts = _moment(row.starts)
    ends = _moment(row.ends) if row.ends else None
    length = timedelta(hours=1) if isinstance(starts, datetime) else timedelta(days=1)
    entry.add("uid", f"{row.uid}@explor")
    entry.add("dtstamp", row.changed_at)
    entry.add("last-modified", row.changed_at)
    entry.add("sequence", row.sequence)
    entry.add("status", "CANCELLED" if row.cancelled else "CONFIRMED")
    entry.add("summary", row.summary)
    entry.add("dtstart", starts)
    entry.add("dtend", ends or starts + length)
    entry.add("transp", "OPAQUE" if isinstance(starts, datetime) else "TRANSPARENT")
    if row.place:
        entry.add("location", row.place)
    if row.url:
        entry.add("url", urljoin(settings.SITE_URL, row.url))
    return entry


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
