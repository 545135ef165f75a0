"""What has to be recalled, each day: every stage registers where it finds its own.

In the folder of a stage, a function takes the day and gives its reminders, each made on its own
(`each("…", rows, _reminder)`): a row that cannot be told does not silence the next ones. An index
module that the app's `ready()` imports calls `register`. A reminder is told once for its key: the
same day again, or the next, changes nothing. So a key names the thing and the date that is
recalled (`EX-2026-014:agreement:2026-03-01`), and a date that moves is recalled again.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from explor.accounts.models import User
from explor.each import each
from explor.notifications.actions import announce, announce_to_address
from explor.notifications.events import Event

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """`address` is a name and an e-mail, for somebody without an account."""

    event: Event
    recipients: Sequence[User]
    subject: str
    text: str
    url: str
    key: str
    address: tuple[str, str] | None = None


Source = Callable[[date], Iterable[Reminder]]
_SOURCES: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    _SOURCES[name] = source


def send_reminders(today: date) -> int:
    """Every reminder of the day that was not told yet; returns how many notices were written.

    Each is told on its own: a row or a source that fails is logged, the others go on.
    """
    return sum(_send(name, source, today) for name, source in _SOURCES.items())


def _send(name: str, source: Source, today: date) -> int:
    try:
        rows = source(today)
    except Exception:
        logger.exception("reminders « %s » failed", name)
        return 0
    return sum(each(f"reminders « {name} »", rows, _tell))


def _tell(reminder: Reminder) -> int:
    words: dict[str, Any] = {
        "subject": reminder.subject,
        "text": reminder.text,
        "url": reminder.url,
        "key": reminder.key,
    }
    if reminder.address:
        name, email = reminder.address
        announce_to_address(reminder.event, email=email, name=name, **words)
    return len(announce(reminder.event, recipients=reminder.recipients, **words))
