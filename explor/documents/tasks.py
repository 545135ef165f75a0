import logging

from celery import shared_task
from django.core.exceptions import ValidationError

from explor.documents import jobs, sweeping
from explor.documents.exports import find_kind

logger = logging.getLogger(__name__)


@shared_task
def run_export(job_id: int) -> None:
    """Do one job. May be delivered twice: the second delivery finds it taken and leaves."""
    job = jobs.claim(job_id)
    if job is None:
        return
    try:
        with jobs.heartbeat(job):
            produced = find_kind(job.kind).make(
                job, lambda percent, step: jobs.beat(job, percent, step)
            )
        jobs.finish(job, produced)
    except jobs.LeaseLost:
        logger.warning("job %s was taken over by another worker", job_id)
    except ValidationError as refusal:
        jobs.fail(job, " ".join(refusal.messages), again=False)
    except Exception:
        logger.exception("job %s (%s) failed, attempt %s", job_id, job.kind, job.attempts)
        jobs.fail(job, jobs.GAVE_UP, again=True)
    jobs.hand_over_next(job)


@shared_task
def hand_over_jobs() -> int:
    """Every 10 s: what was queued without a worker, or lost its worker, is handed over again."""
    return jobs.hand_over_waiting()


@shared_task
def sweep_files() -> int:
    """Every night: files that nobody holds any more; the journal says which."""
    return sweeping.sweep().count
