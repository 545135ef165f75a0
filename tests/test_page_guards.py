"""What holds for every page at once: the content security policy, the sign-in, plain errors."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django.fixtures import Settings

from tests.ground import Ground, make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import Row

#: Everything that opens without signing in; a new one is added here on purpose.
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
    "demo",
    "demo_mail",
    "healthz",
    # they answer 401 themselves: a script must never follow a redirection
    "offline_session",
    "offline_sync",
    "service_worker",
    "manifest",
    "file_download",
    "confirmation",
    "mail_stop",
    "opinion_link",
    "inbound_mail",
    "agenda",
    "invitation",
}
#: The sign-in pages themselves come with their own way in.
SIGN_IN = ("account_", "mfa_", "socialaccount_")
MACHINERY = re.compile(r"Traceback \(most recent|Exception Type|psycopg\.|DoesNotExist at|File \"/")
STRICT = ("script-src 'self'", "style-src 'self'", "default-src 'none'", "object-src 'none'")


def open_routes(resolver: URLResolver | None = None) -> set[str]:
    """The routes whose view asks for no sign-in."""
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            found |= open_routes(pattern)
        elif isinstance(pattern, URLPattern) and not getattr(
            pattern.callback, "login_required", True
        ):
            found.add(pattern.name or str(pattern.pattern))
    return found


def test_routes_open_to_strangers_are_those_listed() -> None:
    opened = {name for name in open_routes() if not name.startswith(SIGN_IN)}
    assert opened - PUBLIC == set()
    assert {name for name in PUBLIC if name not in open_routes()} == set()


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def sent(ground: Ground, row: Row, role: str) -> tuple[int, dict[str, str], str]:
    client = Client(raise_request_exception=False)
    if role != "anonymous":
        client.force_login(
            ground.world.person(role), backend="django.contrib.auth.backends.ModelBackend"
        )
    path = row.path(ground)
    answer = client.post(path, row.data) if row.method == "POST" else client.get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    text = content.decode("utf-8", "replace")
    return answer.status_code, dict(answer.items()), text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_page_carries_the_strict_policy_and_no_machinery(ground: Ground, row: Row) -> None:
    allowed = next((role for role in sorted(row.roles) if role != "anonymous"), "administrator")
    for role in ("anonymous", allowed, "stranger"):
        status, headers, text = sent(ground, row, role)
        assert not MACHINERY.search(text), f"{role} : {status}"
        if "text/html" not in headers.get("Content-Type", ""):
            continue
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for directive in STRICT:
            assert directive in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text), role


@pytest.mark.parametrize("path", ["/inconnue/", "/missions/EX-1999-999/", "/missions/../etc/"])
@pytest.mark.parametrize("role", ["anonymous", "coordinator"])
def test_unknown_address_is_a_plain_page(ground: Ground, path: str, role: str) -> None:
    row = Row("inconnue", path, frozenset())
    status, headers, text = sent(ground, row, role)
    assert status in {302, 404}
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert not MACHINERY.search(text)


def test_form_without_its_token_is_refused_in_french(ground: Ground) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ground.world.osim, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/missions/nouvelle/", {"title": "Un titre écrit longtemps"})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Un titre écrit longtemps" in text
    assert not MACHINERY.search(text)


def test_demo_door_is_shut_outside_the_demonstration(db: None, settings: Settings) -> None:
    settings.DEMO_MODE = False
    assert Client().get("/demo/").status_code == 404


def test_templates_hold_no_inline_script_nor_style() -> None:
    wrong = []
    for path in sorted(Path(settings.BASE_DIR, "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        if path.parts[-2] in {"mail", "pdf"}:
            continue
        if re.search(r"<style|\sstyle=\"|\shx-on|\sjs:|<script(?![^>]*\ssrc=)", text):
            wrong.append(path.name)
    assert wrong == []
