"""Two transactions that meet: PostgreSQL undoes one of them, which is done again, a few times.

Only the outermost piece of work is done again, a request or a task, and only when nothing of it
was committed: what leaves the database (mails, messages to the workers) waits for the commit, so
nothing happens twice.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction

TIMES = 3
PAUSE_SECONDS = 0.02

#: `serialization_failure`, `deadlock_detected`, `lock_not_available`.
CLASHES = frozenset({"40001", "40P01", "55P03"})

T = TypeVar("T")


def sqlstates(error: BaseException | None) -> Iterator[str]:
    """What PostgreSQL said, however deep the error was wrapped; nothing when it said nothing."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if state := getattr(error, "sqlstate", None):
            yield str(state)
        error = error.__cause__ or error.__context__


def is_clash(error: BaseException | None) -> bool:
    return any(state in CLASHES for state in sqlstates(error))


def done_again(act: Callable[[], T], times: int = TIMES) -> T:
    """What `act` gives, started anew when it met another transaction. For work that may run
    twice: the caller knows that nothing of it stays when it fails."""
    for attempt in range(1, times + 1):
        try:
            return act()
        except Exception as error:
            if not is_clash(error) or attempt == times or connection.in_atomic_block:
                raise
        pause(attempt)
    raise AssertionError("unreachable")


def pause(attempt: int) -> None:
    """A little, and not the same for everyone: the two that met do not meet again."""
    time.sleep(PAUSE_SECONDS * attempt * (0.5 + random.random()))  # noqa: S311


class Committed:
    """Whether something written while it listens was committed."""

    def __init__(self) -> None:
        self.anything = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        with connection.execute_wrapper(self._hear):
            yield

    def _hear(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        found = execute(sql, params, many, context)
        if str(sql).lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            # runs at once outside a transaction; falls with the savepoint that takes it back
            transaction.on_commit(self._note)
        return found

    def _note(self) -> None:
        self.anything = True
