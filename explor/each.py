"""Many rows, one after the other: one that fails is told in the log and holds none of the others
back."""

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from django.db import connection, transaction

from explor.again import done_again

Row = TypeVar("Row")
Found = TypeVar("Found")

logger = logging.getLogger(__name__)


def each(what: str, rows: Iterable[Row], act: Callable[[Row], Found]) -> Iterator[Found]:
    """What `act` gives for each row, each in a transaction of its own.

    The log names `what` and the place of the row, never what it holds. When the rows themselves
    cannot be read to the end, those already read stay done.
    """
    for place, row in enumerate(_read(what, rows), start=1):
        try:
            yield done_again(partial(_alone, act, row))
        except Exception:
            if connection.in_atomic_block and connection.needs_rollback:
                raise
            logger.exception("%s: row %s failed, the others go on", what, place)


def _alone(act: Callable[[Row], Found], row: Row) -> Found:
    with transaction.atomic():
        return act(row)


def _read(what: str, rows: Iterable[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except Exception:
        logger.exception("%s: the rows could not be read to the end", what)
