from typing import Any

from explor import clock
from explor.accounts.models import User
from explor.journal.models import Entry
from explor.journal.verbs import Verb


def record(
    stream: str,
    verb: Verb,
    text: str,
    *,
    actor: User | None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one act into the journal, in the caller's transaction.

    `actor=None` is the system (periodic task, demo loading). Raises `TypeError` for a verb that
    was not declared with its audience.
    """
    if not isinstance(verb, Verb):
        raise TypeError(f"declare who reads « {verb} »: Verb({verb!r}, audience)")
    return Entry.objects.create(
        stream=stream,
        verb=str(verb),
        text=text[:400],
        actor=actor,
        reason=reason,
        data=data or {},
        at=clock.now(),
    )
