"""The row history: one decorator, the same events everywhere."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[M], M]:
    """Every insert, update and delete of the model is copied by PostgreSQL, append-only.

    `exclude` names the columns that PostgreSQL generates: their history is that of their source.
    """
    decorator: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=list(exclude),
    )
    return decorator
