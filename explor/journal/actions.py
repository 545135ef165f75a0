from typing import Any

from explor import clock
from explor.accounts.models import User
from explor.journal.models import Entry


def record(
    stream: str,
    verb: str,
    text: str,
    *,
    actor: User | None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Write one act into the journal, in the caller's transaction.

    `actor=None` is the system (periodic task, demo loading).
    """
    return Entry.objects.create(
        stream=stream,
        verb=verb,
        text=text[:400],
        actor=actor,
        reason=reason,
        data=data or {},
        at=clock.now(),
    )
