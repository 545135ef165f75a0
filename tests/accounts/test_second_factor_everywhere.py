"""Every address, for a team session whose second factor is not proved: it is nobody there.

What such a session is answered is the way to the proof, or exactly what a stranger is answered.
"""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from explor.accounts.second_factor import SET_UP, WAY_IN
from tests.ground import Ground, make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import Row

TEAM = ("coordinator", "researcher", "committee", "administrator")
#: what differs from one drawing of the same page to the next
DRAWN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|name="token" value="[\w-]+"')


@pytest.fixture(autouse=True)
def proven_sessions(settings: Settings) -> None:
    """Nobody has passed anything yet."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


@pytest.fixture
def as_person() -> Callable[[str, Ground], Client]:
    def signed_in(role: str, ground: Ground) -> Client:
        client = Client()
        person = ground.world.person(role)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def asked(client: Client, method: str, path: str, row: Row) -> tuple[HttpResponse, str]:
    answer = client.post(path, row.data) if method == "POST" else client.get(path)
    page = b"".join(answer) if answer.streaming else answer.content
    return answer, DRAWN.sub("", page.decode("utf-8", "replace"))


def leads_to_the_proof(answer: HttpResponse) -> bool:
    where = answer.headers.get("Location", "")
    return answer.status_code == 302 and where.startswith("/compte/2fa/")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_unproven_team_session_is_a_stranger(
    ground: Ground, as_person: Callable[[str, Ground], Client], row: Row
) -> None:
    if row.name in WAY_IN | SET_UP:
        assert row.path(ground).startswith(("/compte/", "/demo/"))
        return
    path = row.path(ground)
    for method in ("GET", "POST"):
        stranger, page = asked(Client(), method, path, row)
        for role in TEAM:
            answer, seen = asked(as_person(role, ground), method, path, row)
            if not leads_to_the_proof(answer):
                assert (role, answer.status_code) == (role, stranger.status_code)
                assert seen == page, role


def test_listed_routes_exist_and_are_those_of_the_way_in() -> None:
    known = {row.name for row in ROWS}
    unknown = {name for name in WAY_IN | SET_UP if name not in known}
    assert unknown == set()
