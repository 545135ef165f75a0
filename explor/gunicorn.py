"""gunicorn's settings; WEB_CONCURRENCY, WEB_THREADS, BIND_ADDRESS and PORT change them."""

import os
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('BIND_ADDRESS', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "explor.gunicorn_worker.PatientWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
# the code is loaded once and shared; no chart is drawn before the fork (see celery.py)
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 5
accesslog = "-"
# the route of a path and no query string: a path may hold a secret, a search a name
logger_class = "explor.gunicorn_logs.PrivateLogger"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)sms"
# heartbeat files, kept in memory: never wait for a disk
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Load every view before the workers are forked: shared memory, quick first page."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018
