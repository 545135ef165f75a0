"""Every field of every address is sent what nobody should send: never an error of ours.

The names are not listed by hand: what a view reads of a request is noted while it reads.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from explor import locking
from tests import role_rows
from tests.ground import Ground, make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import EVERYONE, Row

LONG = "long " * 8_000
HOSTILE = {
    "NUL et marques": "mot\x00caché\x0b\u202e\ufeff\u00ad<b>&",
    "grand nombre": "9" * 5000,
    "entier trop grand": "9" * 19,
    "chiffre d’ailleurs": "²",
    "pas un nombre": "NaN",
    "exposant": "1e999999",
    "négatif": "-1",
    "texte long": LONG,
    "adresse longue": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example.org",
    "date": "0002-13-45",
    "an deux": "0002-01-01",
    "rien": "",
}
#: What gets past a form whose other fields are right.
REACHING = ("NUL et marques", "grand nombre", "entier trop grand", "texte long")
PARTS = [part for part in vars(role_rows).values() if hasattr(part, "ROWS")]
#: Names made of a number: `presence-12`.
NUMBERED = {f"presence-{'9' * 500}": "here", "presence-²": "here", "presence-9\x00": "here"}


@pytest.fixture(autouse=True)
def many_acts_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order in which rows are held is that of one act; here a ground sees many."""
    monkeypatch.setattr(locking, "strict", False)


@contextmanager
def fresh_ground() -> Iterator[Ground]:
    """For one row; nothing of it stays."""
    with transaction.atomic():
        yield make_ground()
        transaction.set_rollback(True)


@contextmanager
def reading(names: set[str]) -> Iterator[None]:
    """Notes every name asked of a query or a form."""
    real = MultiValueDict.__getitem__
    real_list = MultiValueDict._getlist  # type: ignore[attr-defined]
    real_in = QueryDict.__contains__

    def note(self: Any, key: Any) -> None:
        if isinstance(self, QueryDict) and isinstance(key, str):
            names.add(key)

    def getitem(self: Any, key: Any) -> Any:
        note(self, key)
        return real(self, key)

    def getlist(self: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        note(self, key)
        return real_list(self, key, *args, **kwargs)

    def contains(self: Any, key: Any) -> bool:
        note(self, key)
        return bool(real_in(self, key))

    with (
        patch.object(MultiValueDict, "__getitem__", getitem),
        patch.object(MultiValueDict, "_getlist", getlist),
        patch.object(QueryDict, "__contains__", contains, create=True),
    ):
        yield


def client_of(ground: Ground, row: Row) -> Client:
    client = Client(raise_request_exception=False)
    roles = sorted(row.roles - {"anonymous"})
    if roles and row.roles != EVERYONE:
        client.force_login(
            ground.world.person(roles[0]), backend="django.contrib.auth.backends.ModelBackend"
        )
    return client


def send(client: Client, method: str, path: str, data: dict[str, Any]) -> int:
    """The status, with nothing of it kept."""
    with transaction.atomic():
        sent = client.post(path, data) if method == "POST" else client.get(path, data)
        if sent.streaming:
            b"".join(sent)  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return sent.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__.rsplit(".", 1)[-1])
def test_no_field_of_an_address_answers_an_error(part: Any) -> None:
    wrong: dict[str, int] = {}
    for row in part.ROWS:
        if row.name != "healthz":
            with fresh_ground() as ground:
                wrong |= met(client_of(ground, row), row, row.path(ground))
    assert wrong == {}


def met(client: Client, row: Row, path: str) -> dict[str, int]:
    wrong: dict[str, int] = {}
    for method in ("GET", "POST"):
        names: set[str] = set()
        with reading(names):
            if (status := send(client, method, path, row.data)) == 405:
                continue
            if status >= 500:
                wrong[f"{row.name} {method}"] = status
            send(client, method, path, {**row.data, **dict.fromkeys(names, "1")})
        for kind, data in attempts(names - {"csrfmiddlewaretoken"}, row, method):
            if (status := send(client, method, path, data)) >= 500:
                wrong[f"{row.name} {method} {kind}"] = status
    return wrong


def attempts(names: set[str], row: Row, method: str) -> Iterator[tuple[str, dict[str, str]]]:
    """All the fields at once; then each alone, the others being right, so that the act is
    reached."""
    yield "champs numérotés", {**row.data, **NUMBERED}
    for kind, value in HOSTILE.items():
        if names and not (method == "GET" and len(value) > 10_000):
            yield kind, {**row.data, **dict.fromkeys(names, value)}
    for kind in REACHING if row.data else ():
        for name in names:
            yield f"{kind} : {name}", {**row.data, name: HOSTILE[kind]}


@pytest.mark.django_db
def test_no_part_of_an_address_answers_an_error() -> None:
    """Each part of the path in turn is a NUL, a number without end, a sign that is no digit."""
    wrong: dict[str, int] = {}
    for row in ROWS:
        with fresh_ground() as ground:
            client, parts = client_of(ground, row), row.path(ground).split("/")
            method = "GET" if row.method == "GET" or row.name == "healthz" else "POST"
            for place, part in enumerate(parts):
                if not re.search(r"[^a-z\-]", part):
                    continue
                for value in ("a%00", "9" * 30, "9" * 4400, "²%ED%A0%80"):
                    path = "/".join([*parts[:place], value, *parts[place + 1 :]])
                    if (status := send(client, method, path, row.data)) >= 500:
                        wrong[f"{row.name} {path[:60]}"] = status
    assert wrong == {}
