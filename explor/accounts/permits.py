"""Asking for a right where things are written."""

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from explor.accounts.models import User


def require(actor: User | None, permission: str, thing: Model | None = None) -> None:
    """Raise `PermissionDenied` unless `actor` holds `permission` on `thing`.

    `None` is the system itself (a periodic task, the demonstration): it may do everything.
    """
    if actor is not None and not actor.has_perm(permission, thing):
        raise PermissionDenied
