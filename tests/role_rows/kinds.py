"""A row of the role matrix: an address, who gets something there, how it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.ground import Ground

ROLES = (
    "anonymous",
    "osim",
    "other_osim",
    "volunteer",
    "other_volunteer",
    "coordinator",
    "other_coordinator",
    "researcher",
    "committee",
    "administrator",
    "stranger",
)
EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {"anonymous"}
STAFF = frozenset({"coordinator", "other_coordinator", "researcher", "committee", "administrator"})
DOSSIER = STAFF | {"osim", "volunteer"}
WRITERS = frozenset({"coordinator", "other_coordinator", "researcher"})


@dataclass(frozen=True)
class Row:
    """`where` builds the path from the ground; `roles` are those who get something.

    `secret` is in the page for `readers` and for nobody else.
    """

    name: str
    where: str | Callable[[Ground], str]
    roles: frozenset[str]
    method: str = "GET"
    data: dict[str, str] = field(default_factory=dict)
    #: words that, of those roles, only `readers` are shown
    secret: str = ""
    readers: frozenset[str] = frozenset()

    def path(self, ground: Ground) -> str:
        return self.where if isinstance(self.where, str) else self.where(ground)


def get(name: str, where: str | Callable[[Ground], str], *roles: str) -> Row:
    return Row(name, where, frozenset(roles))


def kept(row: Row, secret: str, *readers: str) -> Row:
    """The page is for `row.roles`, the words in it for `readers` only."""
    return replace(row, secret=secret, readers=frozenset(readers))


def post(name: str, where: str | Callable[[Ground], str], *roles: str, **data: str) -> Row:
    return Row(name, where, frozenset(roles), "POST", data)


def of(state: str, tail: str = "") -> Callable[[Ground], str]:
    """A page of the ground's mission in `state`."""
    return lambda ground: f"/missions/{ground.mission(state).reference}/{tail}"
