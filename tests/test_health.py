import socket
import uuid
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from explor import health
from explor.celery import WORKER_HEARTBEAT, tell_alive


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    """The tests that run beside these ones speak to the same server."""
    default = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {**settings.CACHES, "default": default}


@pytest.fixture
def worker_alive() -> None:
    tell_alive()


def parts(client: Client, status: int) -> dict[str, str]:
    answer = client.get("/healthz")
    assert answer.status_code == status
    assert answer.json()["status"] == ("ok" if status == 200 else "down")
    return dict(answer.json()["parts"])


@pytest.mark.django_db
def test_health_is_ok_when_every_part_answers(client: Client, worker_alive: None) -> None:
    assert set(parts(client, 200).items()) == {(name, "ok") for name in health.CHECKS}


@pytest.mark.django_db
def test_health_opens_no_session_and_is_never_kept(
    client: Client, worker_alive: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts(client, 200)

    with django_assert_num_queries(1):
        answer = client.get("/healthz")

    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_refuses_a_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_health_tells_a_silent_worker(client: Client) -> None:
    cache.delete(WORKER_HEARTBEAT)

    assert parts(client, 503)["worker"] == "silent"


@pytest.mark.django_db
def test_health_tells_a_missing_broker(
    client: Client, worker_alive: None, settings: Settings
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"

        assert parts(client, 503)["broker"] == "unreachable"


@pytest.mark.django_db
def test_health_tells_a_storage_that_takes_nothing(
    client: Client, worker_alive: None, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file" / "media"

    assert parts(client, 503)["storage"] == "unreachable"


@pytest.mark.django_db
def test_health_tells_a_migration_to_come(client: Client, worker_alive: None) -> None:
    health._migrations.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'capitalisation'")

    assert parts(client, 503)["migrations"] == "pending"


@pytest.mark.django_db(transaction=True)
def test_health_tells_a_missing_database(client: Client, worker_alive: None) -> None:
    address = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        assert parts(client, 503)["database"] == "unreachable"
    finally:
        connection.close()
        connection.settings_dict["HOST"] = address
