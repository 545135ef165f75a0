"""The worker's side of a job: take it, stay alive, finish it once.

A job belongs to whoever holds its `lease`. A worker killed in the middle stops beating; its
job can be taken again 20 s later, and what the dead one might still write is ignored.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from explor import clock
from explor.accounts.models import User
from explor.documents.actions import hand_over_jobs, keep_bytes
from explor.documents.exports import Produced, label_of
from explor.documents.models import ExportJob, ExportJobQuerySet, JobState
from explor.each import each
from explor.locking import lock_rows
from explor.notifications.actions import announce
from explor.notifications.events import Event as Told

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=20)
BEAT_SECONDS = 5.0
HAND_AGAIN_AFTER = timedelta(seconds=60)
MAX_ATTEMPTS = 3
BACK_OFF_SECONDS = 5
TELL_WHEN_LONGER_THAN = timedelta(seconds=15)

GAVE_UP = (
    "Le document n’a pas pu être fabriqué après trois essais. Votre demande est gardée : "
    "réessayez, et prévenez la coordination si cela se répète."
)


class LeaseLost(Exception):
    """Another worker took the job over; this one has to stop without writing anything."""


def hand_over_waiting() -> int:
    """Hand over again what was never taken, waits too long, or lost its worker."""
    now = clock.now()
    _give_up_on_killers()
    queued = Q(state=JobState.QUEUED) & (
        Q(handed_at__isnull=True) | Q(handed_at__lt=now - HAND_AGAIN_AFTER)
    )
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    waiting = ExportJob.objects.filter((queued & ready) | _stale())
    return hand_over_jobs(waiting.order_by("pk").values_list("pk", flat=True)[:100])


@transaction.atomic
def claim(job_id: int) -> ExportJob | None:
    """Take a job, or None when someone else holds it, it is over, or its turn has not come: one
    person's documents are made one after the other, whatever the number of workers."""
    now, lease = clock.now(), uuid.uuid4()
    person = next(iter(lock_rows(User.objects.filter(export_jobs=job_id))), None)
    running = ExportJob.objects.filter(requested_by=person, state=JobState.RUNNING)
    if running.exclude(pk=job_id).exclude(_stale()).exists():
        ExportJob.objects.filter(pk=job_id).update(handed_at=None)
        return None
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    free = (Q(state=JobState.QUEUED) & ready) | _stale()
    taken = ExportJob.objects.filter(free, pk=job_id, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING,
        lease=lease,
        heartbeat_at=now,
        started_at=now,
        attempts=F("attempts") + 1,
        percent=0,
        step="Préparation",
    )
    return ExportJob.objects.select_related("requested_by").get(pk=job_id) if taken else None


def beat(job: ExportJob, percent: int | None = None, step: str = "") -> None:
    """Say that the worker lives and how far it is. Raises LeaseLost."""
    values: dict[str, Any] = {"heartbeat_at": clock.now()}
    if percent is not None:
        values |= {"percent": min(max(percent, 0), 99), "step": step[:200]}
    if not _held(job).update(**values):
        raise LeaseLost


@contextmanager
def heartbeat(job: ExportJob) -> Iterator[None]:
    """Beats beside the work, so that a long silent computation keeps its job."""
    stop = Event()

    def run() -> None:
        try:
            while not stop.wait(BEAT_SECONDS):
                _held(job).update(heartbeat_at=clock.now())
        except Exception:
            logger.exception("heartbeat of job %s stopped", job.pk)
        finally:
            connection.close()

    thread = Thread(target=run, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@transaction.atomic
def finish(job: ExportJob, produced: Produced) -> ExportJob:
    """Keep the one result. Raises LeaseLost when the job was taken over meanwhile."""
    if produced.hold:
        produced.hold()
    held = next(iter(lock_rows(_held(job).select_related("requested_by"))), None)
    if held is None:
        raise LeaseLost
    held.result = keep_bytes(
        produced.content,
        name=produced.name,
        content_type=produced.content_type,
        actor=held.requested_by,
        target=produced.target,
        permission=produced.permission,
        public=produced.public,
    )
    held.state, held.percent, held.step = JobState.DONE, 100, "Prêt"
    held.finished_at, held.lease, held.error = clock.now(), None, ""
    held.save(update_fields=["result", "state", "percent", "step", "finished_at", "lease", "error"])
    if produced.keep:
        produced.keep(held.result)
    if held.finished_at - held.created_at > TELL_WHEN_LONGER_THAN:
        _tell(held, Told.EXPORT_READY, "est prêt", "Vous pouvez le télécharger.")
    return held


def hand_over_next(job: ExportJob) -> None:
    """What the person asked for besides, and had to wait for this one."""
    waiting = ExportJob.objects.filter(
        requested_by=job.requested_by_id, state=JobState.QUEUED, handed_at__isnull=True
    ).exclude(not_before__gt=clock.now())
    hand_over_jobs(waiting.order_by("pk").values_list("pk", flat=True)[:1])


@transaction.atomic
def fail(job: ExportJob, message: str, *, again: bool) -> None:
    """Put the job back for a later attempt (`again`, three at most), or close it as failed."""
    if again and job.attempts < MAX_ATTEMPTS:
        pause = timedelta(seconds=BACK_OFF_SECONDS * 2 ** (job.attempts - 1))
        _held(job).update(
            state=JobState.QUEUED,
            lease=None,
            handed_at=None,
            not_before=clock.now() + pause,
            step="Nouvel essai dans quelques secondes",
        )
        return
    _close(job, message)


def _close(job: ExportJob, message: str) -> None:
    closed = _held(job).update(
        state=JobState.FAILED, lease=None, error=message, finished_at=clock.now()
    )
    if closed:
        _tell(job, Told.EXPORT_FAILED, "n’a pas pu être fabriqué", message)


def _give_up_on_killers() -> None:
    """A job that took its worker down three times is closed, not tried for ever."""
    killers = ExportJob.objects.filter(_stale(), attempts__gte=MAX_ATTEMPTS)
    list(each("jobs given up", killers, lambda job: _close(job, GAVE_UP)))


def _held(job: ExportJob) -> ExportJobQuerySet:
    return ExportJob.objects.filter(pk=job.pk, lease=job.lease, state=JobState.RUNNING)


def _stale() -> Q:
    return Q(state=JobState.RUNNING, heartbeat_at__lt=clock.now() - STALE_AFTER)


def _tell(job: ExportJob, event: Told, verb: str, text: str) -> None:
    announce(
        event,
        recipients=[job.requested_by],
        subject=f"« {label_of(job.kind)} » {verb}",
        text=text,
        url=job.get_absolute_url(),
        key=f"job:{job.uuid}:{job.attempts}",
        mail=False,
    )
