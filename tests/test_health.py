import resource
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from botocore.config import Config
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from explor import health
from explor.celery import WORKER_HEARTBEAT, heartbeat_of, tell_alive
from explor.embedded.valkey import Valkey

NO_RETRY = {"total_max_attempts": 1}


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
@pytest.mark.parametrize("part", ["storage", "temporary"])
def test_health_tells_a_disk_with_no_room_left(
    client: Client, worker_alive: None, settings: Settings, part: str
) -> None:
    settings.MIN_FREE_BYTES = 1 << 60

    assert parts(client, 503)[part] == "full"


def test_disk_that_takes_no_byte_is_full(tmp_path: Path) -> None:
    """The limit of this process stands for a full disk: the write itself is refused."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(health.Down, match="full"):
            health._take_a_file(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
def test_health_leaves_nothing_behind(
    client: Client, worker_alive: None, settings: Settings
) -> None:
    parts(client, 200)

    assert list(Path(settings.MEDIA_ROOT).iterdir()) == []


@pytest.mark.django_db
def test_health_writes_in_a_bucket_and_tells_one_that_is_away(
    client: Client, worker_alive: None, settings: Settings
) -> None:
    health._take_an_object.cache_clear()
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": memory}
    assert parts(client, 200)["storage"] == "ok"

    health._take_an_object.cache_clear()
    options = {"bucket_name": "x", "endpoint_url": "http://127.0.0.1:9", "access_key": "a"}
    away: dict[str, Any] = {"BACKEND": "storages.backends.s3.S3Storage"}
    away["OPTIONS"] = {**options, "secret_key": "b", "client_config": Config(retries=NO_RETRY)}
    settings.STORAGES = {**settings.STORAGES, "default": away}
    assert parts(client, 503)["storage"] == "unreachable"


@pytest.mark.django_db
def test_health_tells_a_database_that_only_reads(client: Client, worker_alive: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    assert parts(client, 503)["database"] == "read-only"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [("maxmemory", "1", "full"), ("min-replicas-to-write", "9", "read-only")],
)
def test_health_tells_a_broker_that_takes_nothing(
    client: Client, settings: Settings, valkey: Valkey, setting: str, value: str, told: str
) -> None:
    valkey.start()
    settings.REDIS_URL = valkey.url
    with redis.from_url(valkey.url) as line:
        line.config_set(setting, value)

    assert parts(client, 503)["broker"] == told


@pytest.mark.django_db
def test_health_names_the_queue_that_nobody_serves(client: Client, worker_alive: None) -> None:
    cache.delete(heartbeat_of("documents"))

    assert parts(client, 503)["worker"] == "silent: documents"


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    yield server
    server.stop()


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
