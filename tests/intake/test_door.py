"""The same cleaning for forms, addresses and JSON; a text too long comes back whole."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from explor.accounts.models import User
from explor.journal.models import Entry
from missions.lifecycle import State
from missions.review.forms import LONG
from missions.review.models import ReviewNote
from tests.factories import World

SOURCES = [
    path
    for folder in ("explor", "missions", "capitalisation")
    for path in Path(folder).rglob("*.py")
    if not {"migrations", "demo", "embedded", "intake"} & set(path.parts)
]
ONE_PLACE = {
    r"\bis(digit|decimal|numeric)\(": "explor.intake.numbers.whole",
    r"forms\.EmailField\(": "explor.intake.fields.EmailField",
    r"POST(\.get\(|\[)\"reason\"": "explor.intake.typed.reason_in",
    r"json\.loads\((request|posted|body)": "explor.intake.json_text.json_in",
}
#: They read digits of a text that they have already cleaned.
READ_DIGITS = {
    "capitalisation/corpus/wording.py",
    "explor/accounts/numbers.py",
    "explor/notifications/incoming.py",
    "missions/request/forms.py",
}


@pytest.mark.parametrize("pattern", ONE_PLACE)
def test_what_comes_in_is_read_in_one_place(pattern: str) -> None:
    found = [
        f"{path}: {ONE_PLACE[pattern]}"
        for path in SOURCES
        if str(path) not in READ_DIGITS and re.search(pattern, path.read_text("utf-8"))
    ]
    assert found == []


def resume(client: Client, world: World, reason: str) -> tuple[int, str]:
    mission = world.mission(State.PREPARATION)
    url = f"/missions/{mission.reference}/etape/cancel/"
    sent = client.post(url, {"reason": reason})
    return sent.status_code, sent.content.decode()


def test_a_reason_is_kept_cleaned(as_role: Callable[[str], Client], world: World) -> None:
    status, _ = resume(as_role("coordinator"), world, "Trop\x00 tard\x0bet\r\ntrop\xad loin")
    assert status == 302
    assert Entry.objects.filter(reason="Trop tard\net\ntrop loin").exists()


def test_a_reason_too_long_comes_back_to_be_shortened(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, reason = as_role("coordinator"), "mot " * 600
    status, page = resume(client, world, reason)
    assert status == 422
    assert "2399 signes, 2000 au plus" in page
    assert reason.strip() in page
    assert 'action="/missions/' in page and "csrfmiddlewaretoken" in page
    assert not Entry.objects.filter(reason__startswith="mot").exists()
    # the limit is a count of signs as they are kept: line ends count once, NUL not at all
    status, _ = resume(client, world, "a\r\n" * 1000 + "\x00")
    assert status == 302


@pytest.mark.parametrize(
    "path", ["/missions/%00/", "/publications/a%00b/", "/agenda/%00.ics", "/avis/lien/%00/"]
)
def test_a_control_sign_in_an_address_is_not_found(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_cookie_with_a_control_sign_is_no_session(client: Client, db: None) -> None:
    client.cookies.load('sessionid="\\000abc"')
    assert client.get("/").status_code == 200


def test_a_password_is_taken_as_typed(client: Client, db: None) -> None:
    password = "une phrase assez longue e\u0301\xad"
    user = User.objects.create_user(email="awa@example.org", password=password)
    client.post("/compte/login/", {"login": user.email, "password": password})
    assert client.session.get("_auth_user_id") or client.session.get("account_login")


@pytest.mark.parametrize("length", [255, 300, 320, 5000])
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/compte/signup/", "email"),
        ("/compte/login/", "login"),
        ("/compte/password/reset/", "email"),
        ("/compte/login/code/", "email"),
        ("/compte/email/", "email"),
    ],
)
def test_an_address_that_no_column_holds_is_refused(
    as_role: Callable[[str], Client], path: str, name: str, length: int
) -> None:
    client = as_role("osim" if path == "/compte/email/" else "anonymous")
    labels = ".".join("b" * 60 for _ in range(length // 61 + 1))
    address = f"a@{labels}"[: length - 4] + ".org"
    words = {"first_name": "Awa", "last_name": "Exemple", "action_add": "1"}
    sent = client.post(path, {name: address, **words})
    assert sent.status_code in {200, 422}
    assert address in sent.content.decode()
    assert not User.objects.filter(email=address).exists()


def note(client: Client, world: World, text: str) -> int:
    mission = world.mission(State.REVIEW)
    url = f"/missions/{mission.reference}/instruction/suivi/note/"
    return client.post(url, {"text": text, "token": str(uuid4())}).status_code


def test_line_ends_count_once_on_the_server_as_on_the_screen(
    as_role: Callable[[str], Client], world: World
) -> None:
    client, lines = as_role("coordinator"), LONG // 100
    assert note(client, world, "\r\n".join(["x" * 99] * lines)) == 302
    assert note(client, world, "\r\n".join(["x" * 99] * lines) + "yy") == 422
    assert ReviewNote.objects.get().text.count("\n") == lines - 1


def test_words_soft_return_and_page_break_end_a_line(
    as_role: Callable[[str], Client], world: World
) -> None:
    assert note(as_role("coordinator"), world, "mot\x0bmot fin de page\x0cdébut") == 302
    assert ReviewNote.objects.get().text == "mot\nmot fin de page\ndébut"
