"""`/healthz`: whether every part the site needs answers. No session, no secret, no sign-in."""

import errno
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from explor.celery import WORKER_HEARTBEAT, heartbeat_of


class Down(Exception):
    """Why a part is not there, in one word a monitor can read."""


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when every part is up, 503 otherwise, with which."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    healthy = set(parts.values()) == {"ok"}
    return JsonResponse(
        {"status": "ok" if healthy else "down", "parts": parts},
        status=200 if healthy else 503,
    )


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Down as reason:
        return str(reason)
    except (DatabaseError, redis.RedisError, OSError):
        return "unreachable"
    return "ok"


def _database() -> None:
    """A transaction number is written to its log: a server that only reads cannot give one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"
            " THEN NULL ELSE pg_current_xact_id() END"
        )
        if cursor.fetchone() == (None,):
            raise Down("read-only")


@lru_cache(maxsize=1)
def _migrations() -> None:
    """Asked until it is true, then remembered: only new code brings new migrations."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Down("pending")


def _broker() -> None:
    """It must take a word, not only answer: full or read-only, it loses the work given to it."""
    with redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
    ) as connection_to_redis:
        try:
            connection_to_redis.set("explor:healthz", "1", ex=60)
        except redis.OutOfMemoryError:
            raise Down("full") from None
        except redis.ConnectionError:
            raise
        except redis.ResponseError:
            # a replica, or a server that can no longer save to its disk
            raise Down("read-only") from None


def _worker() -> None:
    queues = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    known = cache.get_many([WORKER_HEARTBEAT, *map(heartbeat_of, queues)])
    silent = [queue for queue in queues if heartbeat_of(queue) not in known]
    if WORKER_HEARTBEAT not in known or silent == queues:
        raise Down("silent")
    if silent:
        raise Down(f"silent: {', '.join(silent)}")


def _storage() -> None:
    """A file is really written. In a bucket once a minute: each one is paid for."""
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        _take_a_file(folder)
    else:
        _take_an_object(int(time.monotonic() // 60))


def _temporary() -> None:
    """Where what arrives is put down first."""
    _take_a_file(Path(tempfile.gettempdir()))


def _take_a_file(folder: Path) -> None:
    """Raises Down when `folder` refuses a file, or has less than MIN_FREE_BYTES left."""
    room = os.statvfs(folder)
    if room.f_bavail * room.f_frsize < settings.MIN_FREE_BYTES or (
        room.f_files and not room.f_favail
    ):
        raise Down("full")
    path = folder / f".healthz-{uuid.uuid4().hex}"
    try:
        with path.open("wb") as file:
            file.write(WEIGHT)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in FULL:
            raise Down("full") from None
        if error.errno in READ_ONLY:
            raise Down("read-only") from None
        raise
    finally:
        path.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def _take_an_object(minute: int) -> None:
    """Only a success is remembered: a bucket that refuses is asked again at once."""
    try:
        name = default_storage.save(f"healthz/{uuid.uuid4().hex}", ContentFile(b"healthz"))
        default_storage.delete(name)
    except Exception as error:
        # each storage library has errors of its own
        raise Down("unreachable") from error


WEIGHT = b"0" * 65536
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "storage": _storage,
    "temporary": _temporary,
}
