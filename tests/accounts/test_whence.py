"""Whose tries are counted, behind one front server, two, or none."""

import uuid

import pytest
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from explor.accounts.whence import client_address
from tests.factories import World

PROXY = "127.0.0.1"


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    default = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, "203.0.113.9", PROXY),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1,203.0.113.9:4430", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "2001:db8::1"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", PROXY),
        (1, "", PROXY),
        (1, "n’importe quoi", PROXY),
    ],
)
def test_address_is_the_one_our_own_proxies_saw(
    settings: Settings, proxies: int, header: str, found: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": header} if header else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers)) == found


def fail(address: str, forged: str = "") -> str:
    seen = f"{forged}, {address}" if forged else address
    answer = Client().post(
        "/compte/login/",
        {"login": f"{uuid.uuid4().hex}@essai.example", "password": "ce n’est pas le bon"},
        REMOTE_ADDR=PROXY,
        HTTP_X_FORWARDED_FOR=seen,
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.django_db
def test_tries_of_one_visitor_lock_nobody_else_out(settings: Settings, world: World) -> None:
    settings.TRUSTED_PROXIES = 1
    for _ in range(10):
        assert "ne va pas" in fail("203.0.113.9")
    assert "attendez" in fail("203.0.113.9")
    assert "ne va pas" in fail("203.0.113.10")


@pytest.mark.django_db
def test_forged_header_brings_no_further_tries(settings: Settings, world: World) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(10):
        fail("203.0.113.9", forged=f"198.51.100.{number}")
    assert "attendez" in fail("203.0.113.9", forged="198.51.100.77")


@pytest.mark.django_db
def test_without_a_proxy_the_header_is_not_read(settings: Settings, world: World) -> None:
    settings.TRUSTED_PROXIES = 0
    for number in range(10):
        fail(f"198.51.100.{number}")
    assert "attendez" in fail("198.51.100.77")
