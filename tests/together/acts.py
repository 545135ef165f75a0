"""Two people at once, each on a connection of their own, put in a row by facts and not by sleeps.

The first act is done and kept open until the second one waits for it, or has passed without
waiting; only then is the first committed. What the second does after that rests on what it read
before: exactly the moment at which a text is lost.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from django.db import connection, transaction

from explor.ui.errors import Refusal

Act = Callable[[], Any]
PATIENCE = 30

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))"


def one_after_the_other(first: Act, second: Act) -> list[Any]:
    """What each act gave, or the refusal or the fault it met."""
    written, over = Event(), Event()

    def begin() -> Any:
        try:
            with transaction.atomic():
                found = first()
                written.set()
                _wait_for_the_second(over)
            return found
        finally:
            written.set()

    def follow() -> Any:
        try:
            assert written.wait(PATIENCE)
            return second()
        finally:
            over.set()

    return at_once(begin, follow)


def _wait_for_the_second(over: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
        for _ in range(PATIENCE * 100):
            cursor.execute(WAITS, [own])
            if cursor.fetchone()[0] or over.wait(0.01):
                return
    raise AssertionError("the second act neither waits nor ends")


def at_once(*acts: Act) -> list[Any]:
    """Every act on its own connection; what it gave, its refusal, or its fault."""

    def run(act: Act) -> Any:
        try:
            return act()
        except Refusal as refusal:
            return refusal
        except Exception as fault:  # told by the test that looks at what came back
            return fault
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
