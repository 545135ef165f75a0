"""The one clock of the application.

`with at(moment):` sets it back or forward for the demo data and for tests; everything that
dates an action reads it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("explor_clock", default=None)


def now() -> datetime:
    """The present moment, aware, or the one set by `at()`."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The date of `now()` in the local time zone."""
    return timezone.localdate(now())


def local_day(value: date | datetime) -> date:
    """The day it is here at that moment; a bare date is its own day.

    `.date()` of a moment read from the database is the day in Greenwich, the day before from
    midnight to two o’clock: nothing else takes a day out of a moment.
    """
    if not isinstance(value, datetime):
        return value
    return timezone.localdate(value) if timezone.is_aware(value) else value.date()


@contextmanager
def at(moment: datetime | date) -> Iterator[None]:
    """Everything inside happens at `moment` (a bare date means that day at noon)."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
