"""Who looks after people: administrators, wherever they hold that role."""

from typing import Any

from explor.accounts.models import Role, User
from explor.accounts.predicates import predicate, register


@predicate
def is_administrator(user: User, _object: Any = None) -> bool:
    return user.is_authenticated and user.standing.holds(Role.ADMINISTRATOR)


TABLE: dict[str, Any] = {"accounts.manage_people": is_administrator}


def register_all() -> None:
    register(TABLE)
