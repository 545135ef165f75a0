"""The `rules` library, with the types it lacks."""

from collections.abc import Callable, Mapping
from typing import Any

from rules.permissions import set_perm
from rules.predicates import predicate as _predicate


def predicate(function: Callable[..., bool]) -> Any:
    """A question about a person and a thing; answers combine with `&`, `|` and `~`."""
    return _predicate(function)


def named_predicate(name: str) -> Callable[[Callable[..., bool]], Any]:
    """The same, shown as `name` when a rule is printed."""
    made: Callable[[Callable[..., bool]], Any] = _predicate(name)
    return made


def register(table: Mapping[str, Any]) -> None:
    """Make every row of a table of permissions answer `user.has_perm(name, thing)`."""
    for name, rule in table.items():
        set_perm(name, rule)
