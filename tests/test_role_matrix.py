"""Every address × every role. An address without its row here fails.

A row says which roles get something; every other signed-in person meets « not found » (or
« forbidden » where the thing is known to them), and a stranger to the site the sign-in page.
"""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.ground import Ground, make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import EVERYONE, ROLES, SIGNED_IN, Row

LOGIN = "/compte/login/"
REFUSED = {403, 404}


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def names(resolver: URLResolver | None = None, prefix: str = "") -> list[str]:
    """The name of every route; one without a name counts under its pattern."""
    found: list[str] = []
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += names(pattern, path)
        elif isinstance(pattern, URLPattern):
            found.append(pattern.name or path)
    return found


def test_every_address_has_its_row() -> None:
    known = {row.name for row in ROWS}
    assert sorted(set(names()) - known) == []
    assert sorted(known - set(names())) == []


def answer(ground: Ground, row: Row, role: str) -> tuple[int, str]:
    """Status and page of the address for the role; 401 stands for the way to the sign-in page."""
    client = Client()
    if role != "anonymous":
        client.force_login(
            ground.world.person(role), backend="django.contrib.auth.backends.ModelBackend"
        )
    path = row.path(ground)
    data = {**row.data, "coding": str(ground.coding().pk)} if "coding" in row.data else row.data
    sent = client.post(path, data) if row.method == "POST" else client.get(path)
    if sent.status_code == 302 and sent.headers["Location"].startswith(LOGIN):
        return 401, ""
    # read to the end: a file that is served is closed then
    page = b"".join(sent) if sent.streaming else sent.content
    return sent.status_code, page.decode("utf-8", "replace")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_address_opens_to_just_its_roles(ground: Ground, row: Row) -> None:
    wrong: dict[str, int | str] = {}
    # the refused first: what an allowed POST changes must not explain a refusal
    for role in ROLES:
        if role not in row.roles:
            status, _ = answer(ground, row, role)
            # a file that may be public says « not found » rather than « sign in »
            expected = {401, 404} if role == "anonymous" else REFUSED
            if status not in expected:
                wrong[role] = status
    for role in ROLES:
        if role in row.roles:
            status, page = answer(ground, row, role)
            if status in {401, *REFUSED} or (status >= 500 and row.name != "healthz"):
                wrong[role] = status
            if row.secret and (row.secret in page) != (role in row.readers):
                wrong[role] = (
                    f"{status}, mots réservés {'vus' if row.secret in page else 'absents'}"
                )
            if row.method == "POST":
                break  # one allowed act is enough: a second would meet what the first left
    assert wrong == {}, wrong


def test_rows_name_known_roles_only() -> None:
    assert {role for row in ROWS for role in row.roles} <= set(ROLES)
    assert set(SIGNED_IN) | {"anonymous"} == set(EVERYONE)
