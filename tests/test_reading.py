"""A GET reads: nobody's click, bot or preview writes anything of ours."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from capitalisation.coding.models import Codebook
from explor.documents.models import StoredFile
from tests.factories import World
from tests.ground import Ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import Row

AsRole = Callable[[str], Client]

#: What reading itself leaves, of the reader alone: their session, what they have seen, what
#: their own calendar was last told.
BOOKKEEPING = {
    "django_session",
    "accounts_user",  # its last sign-in
    "account_emailaddress",  # allauth's: an account made without one
    "missions_lastseen",
    "notifications_notice",  # read with the thing itself
    "notifications_calendarentry",
}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
READ = {row.name: row for row in ROWS if row.method == "GET"}


@pytest.fixture
def ground(world: World) -> Ground:
    return Ground(world)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that change rows of ours meanwhile, what reading leaves left out."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    for query in queries:
        table = WRITES.match(query["sql"])
        if table and table.group(1) not in BOOKKEEPING:
            found.append(query["sql"][:200])


def read(ground: Ground, role: str, path: str) -> Any:
    client = Client()
    if role != "anonymous":
        client.force_login(
            ground.world.person(role), backend="django.contrib.auth.backends.ModelBackend"
        )
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer)  # type: ignore[arg-type]
    return answer


@pytest.mark.parametrize("row", READ.values(), ids=lambda row: row.name)
def test_a_get_writes_nothing(ground: Ground, row: Row) -> None:
    path = row.path(ground)
    stored = StoredFile.objects.count()
    readers = sorted(row.roles)
    for role in {*readers[:1], *readers[-1:], "stranger"}:
        with writes() as found:
            read(ground, role, path)
        assert found == [], role
    assert StoredFile.objects.count() == stored


def test_bookkeeping_names_tables_that_exist(db: None) -> None:
    assert set(connection.introspection.table_names()) >= BOOKKEEPING


def test_the_watch_sees_a_write(ground: Ground) -> None:
    """It would catch a row added while it looks."""
    with writes() as found:
        Codebook.objects.create(programme=ground.world.programme)
    assert len(found) == 1
