"""Two people write the same request: what each changed is kept, what both changed is asked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from missions.dossier.models import MissionType
from missions.funding.actions import NewLine
from missions.funding.models import Heading, Side
from missions.funding.queries import Budget, euros
from missions.request.queries import Volet


@dataclass(frozen=True)
class Clash:
    """One answer that two people changed: the saved text and the one just typed."""

    key: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Merge:
    """`data` is what the person really changed; `clashes` what somebody else changed too."""

    data: dict[str, Any]
    clashes: list[Clash]


def digest(value: Any) -> str:
    return hashlib.sha256(readable(value).encode()).hexdigest()[:10]


def digests(found: Mapping[str, Any]) -> str:
    """What the form shows, as a short hidden text that comes back with it."""
    return json.dumps({key: digest(value) for key, value in found.items()})


def seen_in(text: str) -> dict[str, str]:
    """The same, read again; nothing when it is not ours."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def seen_after(seen: Mapping[str, str], stored: Mapping[str, Any], keys: Iterable[str]) -> str:
    """What the form shows once `keys` are settled; the other answers are still the old ones.

    So an answer that somebody else changed meanwhile is not taken for this person's change.
    """
    return json.dumps({**seen, **{key: digest(stored[key]) for key in keys}})


def merge(mine: Mapping[str, Any], stored: Mapping[str, Any], seen: Mapping[str, str]) -> Merge:
    """Compare what was typed with what the form showed (`seen`) and what is saved now."""
    data = {key: value for key, value in mine.items() if digest(value) != seen.get(key)}
    clashes = [
        Clash(key, readable(stored[key]), readable(value))
        for key, value in data.items()
        if digest(stored[key]) not in (seen.get(key), digest(value))
    ]
    return Merge(data, clashes)


def readable(value: Any) -> str:
    """An answer as a text two people can compare; the same whether typed or stored."""
    if value is None or value is False:
        return ""
    if value is True:
        return "oui"
    if isinstance(value, Budget):
        value = [*value.expenses, *value.incomes, *value.valorised]
    if isinstance(value, Decimal):
        return euros(value)
    if isinstance(value, Volet):
        kind = MissionType(value.type).label
        return "\n".join([f"{kind} : {value.title}".rstrip(" :"), *value.objectives])
    if isinstance(value, list | tuple):
        if value and hasattr(value[0], "heading"):
            return "\n".join(sorted(_line(row) for row in value))
        return "\n".join(readable(row) for row in value)
    return str(value).replace("\r\n", "\n").strip()


def _line(line: NewLine | Any) -> str:
    secured = " (acquis)" if line.secured else ""
    name = f"{Side(line.side).label}, {Heading(line.heading).label}"
    return f"{name} : {euros(line.amount)}{secured} {line.how}".strip()
