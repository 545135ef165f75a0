"""`/healthz`: whether every part the site needs answers. No session, no secret, no sign-in."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
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
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@lru_cache(maxsize=1)
def _migrations() -> None:
    """Asked until it is true, then remembered: only new code brings new migrations."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Down("pending")


def _broker() -> None:
    with redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
    ) as connection_to_redis:
        connection_to_redis.ping()


def _worker() -> None:
    queues = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    known = cache.get_many([WORKER_HEARTBEAT, *map(heartbeat_of, queues)])
    silent = [queue for queue in queues if heartbeat_of(queue) not in known]
    if WORKER_HEARTBEAT not in known or silent == queues:
        raise Down("silent")
    if silent:
        raise Down(f"silent: {', '.join(silent)}")


def _storage() -> None:
    """A local folder must accept a file; a bucket must answer."""
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise Down("read-only")
        return
    try:
        default_storage.exists("healthz")
    except Exception as error:
        # each storage library has errors of its own
        raise Down("unreachable") from error


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "storage": _storage,
}
