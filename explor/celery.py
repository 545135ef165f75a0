"""Celery, configured from Django's settings; each folder's `tasks.py` is found by name.

The pool is `prefork`. Never render a chart in the worker's main process (at import, in a
signal of the parent): vl-convert hangs in a forked child whose parent has used it.
"""

import logging
import logging.config
import os
import time
from pathlib import Path
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging

from explor.again import done_again

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "explor.settings")

APPS = ("explor", "missions", "capitalisation")
WORKER_HEARTBEAT = "worker-heartbeat"
WORKER_SILENCE = 30  # seconds after which a worker is held to be gone


def _folders_with_tasks() -> list[str]:
    """Read from the tree: a list would forget one, and the worker throws its messages away."""
    root = Path(__file__).parent.parent
    files = [
        path.relative_to(root) for app in APPS for path in sorted((root / app).rglob("tasks.py"))
    ]
    return [".".join(path.parent.parts) for path in files]


class DoneAgain(Task):  # type: ignore[type-arg]
    """A task may run twice: one that met another transaction is done again at once."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return done_again(lambda: super(DoneAgain, self).__call__(*args, **kwargs))


app = Celery("explor", task_cls=DoneAgain)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(_folders_with_tasks)
app.conf.worker_pool = "prefork"
app.conf.worker_max_memory_per_child = 300_000  # kB: a PDF of 500 sheets fits, a leak does not
app.conf.beat_schedule = {
    "deliver-outbox": {
        "task": "explor.notifications.tasks.hand_over_outbox",
        "schedule": 30.0,
        "options": {"expires": 60},
    },
    "hand-over-jobs": {
        "task": "explor.documents.tasks.hand_over_jobs",
        "schedule": 10.0,
        "options": {"expires": 30},
    },
    "hand-over-sheets": {
        "task": "missions.review.tasks.hand_over_sheets",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "hand-over-receipts": {
        "task": "missions.request.tasks.hand_over_receipts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "remind": {
        "task": "explor.notifications.tasks.remind",
        "schedule": crontab(hour="5,6", minute="30"),
    },
    "write-digests": {
        "task": "explor.notifications.tasks.write_digests",
        # again after 7: each person has one a day, what was missed is caught up
        "schedule": crontab(hour="7-9", minute="0,30"),
    },
    "sweep-files": {
        "task": "explor.documents.tasks.sweep_files",
        "schedule": crontab(hour="3", minute="30"),
    },
    "freeze-months": {
        "task": "capitalisation.committee.tasks.freeze_months",
        "schedule": crontab(hour="5", minute="0"),
    },
}


@setup_logging.connect
def log_as_the_site_does(**kwargs: Any) -> None:
    """Celery sets nothing up: its lines take the formatter that hides what people wrote."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@heartbeat_sent.connect
def tell_alive(**kwargs: Any) -> None:
    """Every two seconds, from the worker's main process: busy children do not silence it. Once
    for each of its queues, so that a queue without a worker is seen."""
    from django.core.cache import cache
    from redis.exceptions import RedisError

    keys = [WORKER_HEARTBEAT, *map(heartbeat_of, app.amqp.queues.consume_from)]
    try:
        cache.set_many(dict.fromkeys(keys, time.time()), WORKER_SILENCE)
    except RedisError:
        logging.getLogger(__name__).warning("Heartbeat not written: Redis does not answer.")


def heartbeat_of(queue: str) -> str:
    return f"{WORKER_HEARTBEAT}:{queue}"
