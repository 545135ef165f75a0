"""What one sending holds, read from the script's JSON or from a plain form."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from explor.intake.json_text import json_in
from explor.offline.records import digest, plain

#: One sending: more is a mistake or an attack, not a form.
MAX_FIELDS, MAX_SIGNS, MAX_BYTES = 600, 100_000, 1_000_000

EMPTY = digest([])


class Malformed(ValueError):
    """Not a sending of ours: nothing of it can be kept."""


@dataclass(frozen=True)
class Change:
    """The text typed, and the digest of the one it was typed over."""

    value: list[str]
    base: str


@dataclass(frozen=True)
class Picked:
    """A choice between texts: `keep` is `saved` or the text that waited, `over` all that were
    shown, `base` the digest of the saved one as it was shown."""

    field: str
    keep: str
    over: frozenset[str]
    base: str


@dataclass(frozen=True)
class Sending:
    op_id: UUID
    sha256: str
    changes: dict[str, Change]
    picked: list[Picked] = field(default_factory=list)
    device: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of each field of a sending: `applied`, `same`, `unapplied` or `pending`."""

    fields: dict[str, dict[str, Any]]

    @property
    def refused(self) -> dict[str, str]:
        return {
            name: str(told["reason"])
            for name, told in self.fields.items()
            if told["state"] == "unapplied"
        }

    @property
    def pending(self) -> list[str]:
        return [name for name, told in self.fields.items() if told["state"] == "pending"]

    @property
    def settled(self) -> bool:
        return not self.refused and not self.pending


def read_json(body: bytes) -> Sending:
    """Raises `Malformed`."""
    if len(body) > MAX_BYTES:
        raise Malformed("trop long")
    try:
        given = json_in(body)
        changes = {
            _name(name): Change(_texts(change["value"]), _base(change["base"]))
            for name, change in given["changes"].items()
        }
        picked = [_picked(one) for one in given.get("resolves", [])]
        op_id = UUID(given["op_id"])
        device = _short(given.get("device", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    _check(changes)
    return Sending(op_id, hashlib.sha256(body).hexdigest(), changes, picked, device)


def read_form(posted: QueryDict) -> Sending:
    """The fields that differ from what the form showed. Raises `Malformed`."""
    bases = bases_in(posted)
    given = {name: plain(posted.getlist(name)) for name in bases}
    changes = {
        name: Change(value, bases[name])
        for name, value in given.items()
        if digest(value) != bases[name]
    }
    _check(changes)
    try:
        picked = [_picked(json_in(text)) for text in posted.getlist("choice")]
        token = UUID(str(posted["token"])) if posted.get("token") else uuid4()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed(str(error)) from error
    written = json.dumps([sorted(given.items()), sorted(bases.items()), posted.getlist("choice")])
    return Sending(token, hashlib.sha256(written.encode()).hexdigest(), changes, picked)


def bases_in(posted: QueryDict) -> dict[str, str]:
    """Nothing when it is not ours: then no field of the form counts as changed."""
    try:
        found = json_in(posted.get("bases", ""))
        return {_name(name): _base(base) for name, base in found.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise Malformed("une liste de textes est attendue")
    return plain(value)


def _name(name: Any) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= 120 or plain([name]) != [name]:
        raise Malformed("un nom de champ est attendu")
    return name


def _short(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 64 or (text and plain([text]) != [text]):
        raise Malformed("un texte court est attendu")
    return text


def _base(text: Any) -> str:
    """A digest, or nothing for a field the reader had never seen."""
    return _short(text)[:12] or EMPTY


def _picked(given: Mapping[str, Any]) -> Picked:
    over = frozenset(str(UUID(one)) for one in given["over"])
    keep = "saved" if given["keep"] == "saved" else str(UUID(given["keep"]))
    if keep != "saved" and keep not in over:
        raise Malformed("un choix porte sur un texte montré")
    return Picked(_name(given["field"]), keep, over, _base(given["base"]))


def _check(changes: Mapping[str, Change]) -> None:
    if len(changes) > MAX_FIELDS:
        raise Malformed("trop de champs")
    if any(sum(map(len, change.value)) > MAX_SIGNS for change in changes.values()):
        raise Malformed("un texte est trop long")
