"""The menu of each role, the pages of what goes wrong, sign-in in French."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from explor.accounts.models import Role
from explor.accounts.standing import Standing
from explor.ui.nav import entries_for


def routes(standing: Standing | None) -> list[str]:
    return [entry.route for entry in entries_for(standing)]


def test_a_visitor_sees_the_library() -> None:
    assert "sheet_list" in routes(None)
    assert "mission_list" not in routes(None)


def test_a_member_sees_no_team_menu() -> None:
    assert routes(Standing({Role.MEMBER: frozenset({1})})) == [
        "accueil",
        "mission_list",
        "publication_list",
    ]


def test_a_coordinator_sees_the_team_menu() -> None:
    menu = routes(Standing({Role.COORDINATOR: frozenset({1})}))
    assert {"actor_list", "corpus", "committee"} <= set(menu)


def test_the_frame_costs_a_visitor_no_query(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/accessibilite/")
    assert response.status_code == 200


def test_the_frame_costs_a_person_four_queries_at_most(
    as_role: Callable[[str], Client], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_role("coordinator")
    with django_assert_max_num_queries(4):  # session, person, roles, unread messages
        response = client.get("/accessibilite/")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/compte/login/", "/compte/signup/", "/compte/login/code/", "/compte/password/reset/"],
)
def test_sign_in_pages_speak_french_inside_the_frame(client: Client, db: None, path: str) -> None:
    html = client.get(path).content.decode()
    assert '<html lang="fr">' in html
    assert html.count("<h1") == 1
    assert "Sign" not in html
    assert "placeholder" not in html or "Adresse e-mail" in html


def test_a_wrong_password_is_told_beside_the_form(client: Client, db: None) -> None:
    html = client.post(
        "/compte/login/", {"login": "a@example.org", "password": "x"}
    ).content.decode()
    assert "Rien n’est perdu, mais il reste à corriger" in html
    assert 'value="a@example.org"' in html


@pytest.mark.parametrize(
    "path", ["/compte/", "/compte/email/", "/compte/password/change/", "/compte/2fa/"]
)
def test_account_pages_open_to_who_is_signed_in(
    as_role: Callable[[str], Client], path: str
) -> None:
    response = as_role("osim").get(path, follow=True)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


def test_account_pages_are_closed_to_visitors(client: Client, db: None) -> None:
    assert client.get("/compte/").status_code == 302


def test_a_missing_page_says_what_to_do(client: Client, db: None) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page est introuvable" in response.content.decode()


def test_a_refused_token_gives_the_text_back_but_not_the_password(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"summary": "Trois semaines de notes", "password": "secret-long", "code": "123456"}
    response = client.post("/compte/login/", typed)
    html = response.content.decode()
    assert response.status_code == 403
    assert "Trois semaines de notes" in html
    assert "secret-long" not in html
    assert "123456" not in html
    assert "<form" not in html  # a forged POST is never sent on from here
