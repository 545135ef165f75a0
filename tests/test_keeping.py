"""Every address, for a stranger and for who may open it: only public pages may be kept."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from pytest_django.fixtures import Settings

from tests.ground import Ground, make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import Row

#: what a browser, or a proxy on the way, may keep when nobody is signed in
PUBLIC = {
    "home",
    "sheet_list",
    "sheet",
    "sheet_pdf",
    "practice_list",
    "practice",
    "publication_list",
    "publication",
    "resources",
    "propose_mission",
    "become_volunteer",
    "accessibility",
    "service_worker",
    "manifest",
}


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def asked(client: Client, row: Row, path: str) -> HttpResponse:
    answer = client.post(path, row.data) if row.method == "POST" else client.get(path)
    if answer.streaming:
        b"".join(answer)
    return answer


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_only_public_pages_drawn_for_strangers_may_be_kept(ground: Ground, row: Row) -> None:
    path = row.path(ground)
    somebody = Client(raise_request_exception=False)
    role = next((role for role in sorted(row.roles) if role != "anonymous"), "administrator")
    somebody.force_login(
        ground.world.person(role), backend="django.contrib.auth.backends.ModelBackend"
    )
    stranger = asked(Client(raise_request_exception=False), row, path)
    if row.name in PUBLIC:
        assert "no-store" not in stranger.headers.get("Cache-Control", "")
        assert "Cookie" in stranger.headers["Vary"]
    else:
        assert "no-store" in stranger.headers["Cache-Control"]
    theirs = asked(somebody, row, path)
    if row.name != "sheet_pdf":  # its paper is the same for everybody
        assert "no-store" in theirs.headers["Cache-Control"]


def test_public_views_are_those_listed() -> None:
    marked = {row.name for row in ROWS if isinstance(row.where, str) and _marked(row.where)}
    assert marked <= PUBLIC


def _marked(path: str) -> bool:
    return bool(getattr(resolve(path.partition("?")[0]).func, "may_be_kept", False))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/inconnue/", "/missions-realisees/EX-1999-001/", "/accueil"])
def test_errors_and_redirections_are_not_kept(path: str) -> None:
    assert "no-store" in Client().get(path).headers["Cache-Control"]


@pytest.mark.django_db
def test_refused_host_and_broken_page_are_not_kept(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    client = Client(raise_request_exception=False)
    refused = client.get("/", headers={"Host": "ailleurs.example"})
    assert (refused.status_code, refused.headers["Cache-Control"]) == (400, "no-store, private")


def test_secret_of_a_path_does_not_leave_by_the_referer(ground: Ground) -> None:
    for row in ROWS:
        if row.name in {"invitation", "confirmation", "opinion_link", "mail_stop", "agenda"}:
            answer = Client().get(row.path(ground))
            assert answer.headers["Referrer-Policy"] == "strict-origin", row.name
