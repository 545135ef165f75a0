"""Errands told by a few columns: one query reads those of every stage together.

def letters(user: User) -> QuerySet | None:
    rows = DecisionLetter.objects.filter(…)
    return told(rows, kicker=F("mission__reference"), title=F("mission__title"),
                key=F("mission__reference"), says=Value("Relisez la lettre."), since="drafted_at")

register_lines("letters", letters, lambda key: reverse("mission_letter", args=[key]))
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from explor.accounts.models import User

#: No stage gives more lines than this.
MOST = 25

#: None for a person that the stage cannot concern.
Lines = QuerySet[Any, Any] | None
_COLUMNS = ("kicker", "title", "key", "says")
_LINE = ("line_stage", "line_since", *(f"line_{name}" for name in _COLUMNS))
_STAGES: dict[str, tuple[Callable[[User], Lines], Callable[[str], str]]] = {}


def register_lines(
    stage: str, lines: Callable[[User], Lines], address: Callable[[str], str]
) -> None:
    """`address` makes of a line's `key` the page where it is done; `stage` names it once."""
    _STAGES[stage] = (lines, address)


def told(rows: QuerySet[Any], *, since: str, **columns: Any) -> Lines:
    """`kicker`, `title`, `key` and `says` as expressions; the oldest `since` comes first."""
    drawn = {f"line_{name}": Cast(columns[name], CharField()) for name in _COLUMNS}
    drawn["line_since"] = Cast(F(since), DateTimeField())
    ordered = rows.order_by(F(since).asc(nulls_first=True), "pk")
    lines: QuerySet[Any, Any] = ordered.annotate(**drawn).values_list(*drawn)
    return lines


def read_lines(user: User) -> Iterator[tuple[str, str, str, str]]:
    """`(kicker, title, address, says)`, the stages in their order."""
    parts = [
        lines.annotate(line_stage=Value(place)).values_list(*_LINE)[:MOST]
        for place, (read, _) in enumerate(_STAGES.values())
        if (lines := read(user)) is not None
    ]
    if not parts:
        return
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    addresses = [address for _, address in _STAGES.values()]
    for place, _, kicker, title, key, says in sorted(found, key=_order):
        yield kicker, title, addresses[place](key), says


def _order(line: tuple[Any, ...]) -> tuple[int, str]:
    place, since = line[:2]
    return place, since.isoformat() if since else ""
