"""Asking for a right where things are written."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from explor.accounts.models import User

Step = TypeVar("Step", bound=Callable[..., Any])


def step(function: Step) -> Step:
    """Marks a part of an act: it asks nothing, since its callers hold the rows and have asked.

    Only acts, steps and effects call one, never a view, a form or a task; `tests/test_acts_ask.py`
    reads it in the code.
    """
    return function


def require(actor: User | None, permission: str, thing: Model | None = None) -> None:
    """Raise `PermissionDenied` unless `actor` holds `permission` on `thing`.

    `None` is the system itself (a periodic task, the demonstration): it may do everything.
    """
    if actor is not None and not actor.has_perm(permission, thing):
        raise PermissionDenied
