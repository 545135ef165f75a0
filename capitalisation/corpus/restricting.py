"""A text is withdrawn, erased, or shown to fewer people: what was made of its passages follows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from capitalisation.corpus.models import Circle, QuoteLevel, Text
from explor.accounts.models import User


class Restriction(NamedTuple):
    """`because` is one French sentence that names nobody. When the text is `erased`, its rows are
    still there, withdrawn; they go right after. `passage`: the only one touched, gone right after.
    """

    text: Text
    because: str
    actor: User | None
    erased: bool = False
    passage: int | None = None

    def lookup(self, name: str) -> dict[str, Any]:
        """What rests on it, `name` being the relation that leads to passages."""
        return {name: self.passage} if self.passage else {f"{name}__version__text": self.text}


#: Later folders add themselves, in the order of the work.
_WATCHERS: list[Callable[[Restriction], None]] = []


def register(watcher: Callable[[Restriction], None]) -> None:
    _WATCHERS.append(watcher)


def restrict(restriction: Restriction) -> None:
    """To be called in the transaction that restricts, its text held."""
    for watcher in _WATCHERS:
        watcher(restriction)


def is_narrower(text: Text, level: str, circle: str) -> bool:
    """Whether quoting at `level` within `circle` takes something away from what holds now."""
    levels, circles = QuoteLevel.values, Circle.values
    return levels.index(level) < levels.index(text.quote_level) or circles.index(
        circle
    ) < circles.index(text.circle)
