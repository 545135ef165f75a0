"""The database or Valkey away: a page in French, what was typed, no traceback."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories import World, make_world


@contextmanager
def database_away() -> Iterator[None]:
    """A real refusal: the socket folder does not exist."""
    host = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nonexistent"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["HOST"] = host


@pytest.fixture
def member(transactional_db: None) -> Client:
    world: World = make_world()
    client = Client(raise_request_exception=False)
    client.force_login(world.person("osim"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_page_without_database_says_so_and_when_to_come_back(member: Client) -> None:
    with database_away():
        response = member.get("/accueil/")
    html = response.content.decode()
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "Explor ne répond pas en ce moment" in html
    assert "Traceback" not in html
    assert "OperationalError" not in html


def test_a_post_without_database_gives_back_what_was_typed(member: Client) -> None:
    typed = {"summary": "Le débit <mesuré>", "password": "secret-long", "token": "abc"}
    with database_away():
        html = member.post("/accueil/", typed).content.decode()
    assert "Le débit &lt;mesuré&gt;" in html
    assert "secret-long" not in html
    assert '<input type="hidden" name="token" value="abc">' in html
    assert "Envoyer de nouveau" in html


def test_a_public_page_stands_without_database(transactional_db: None) -> None:
    with database_away():
        assert Client().get("/accessibilite/").status_code == 200


def test_the_site_comes_back_by_itself(member: Client) -> None:
    with database_away():
        member.get("/compte/")
    assert member.get("/compte/").status_code == 200


def test_without_valkey_signing_in_is_told_to_wait(
    settings: Settings, db: None, as_role: Callable[[str], Client]
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert caches["default"]._class.__name__ == "RedisCacheClient"  # type: ignore[attr-defined]
    client = Client(raise_request_exception=False)
    typed = {"login": "awa@example.org", "password": "secret-long"}
    response = client.post("/compte/login/", typed)
    html = response.content.decode()
    assert response.status_code == 503
    assert "awa@example.org" in html
    assert "secret-long" not in html


@pytest.mark.parametrize(
    ("path", "name", "label"),
    [
        ("/missions/nouvelle/", "title", "Titre de la mission"),
        ("/reglages/programmes/nouveau/", "starts_on", "Début"),
        ("/organisations/inscrire/", "siret", "Numéro SIRET ou SIREN"),
        ("/accueil/", "champ_inconnu", "Réponse 1"),
    ],
)
def test_what_was_typed_is_told_by_its_french_label(
    db: None, as_role: Callable[[str], Client], path: str, name: str, label: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = as_role("administrator").cookies
    html = client.post(path, {name: "Un texte assez long"}).content.decode()
    assert f'for="typed-1">{label}</label>' in html
    assert f'name="{name}"' in html and "Un texte assez long" in html
