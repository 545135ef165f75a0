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
