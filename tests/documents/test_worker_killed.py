"""The real thing: a Celery worker, a broker, a database, and kill -9 in the middle."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from explor import clock
from explor.documents.models import ExportJob, JobState, StoredFile
from tests.documents.people import someone

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(tmp_path: Path) -> Iterator[Start]:
    """Starts worker and beat in a process group of their own; the test's end kills them all."""
    queue = f"test-{uuid.uuid4().hex}"
    started: list[subprocess.Popen[bytes]] = []
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.documents.worker_settings",
        "DATABASE_URL": _address(str(connection.settings_dict["NAME"])),
        "MEDIA_ROOT": str(tmp_path),
        "TEST_QUEUE": queue,
    }
    command = [sys.executable, "-m", "celery", "-A", "explor", "worker", "-B", "-Q", queue]
    command += ["--concurrency", "1", "--loglevel", "WARNING", "--without-mingle"]

    def start() -> subprocess.Popen[bytes]:
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)
    with redis.from_url(settings.REDIS_URL) as broker:
        broker.delete(queue)


def _address(name: str) -> str:
    base, mark, options = os.environ["DATABASE_URL"].partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}{mark}{options}"


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the worker, its children and its beat."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(true: Callable[[], bool], seconds: float, log: Path) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.1)


def test_export_survives_kill_9_of_its_worker(start_worker: Start, tmp_path: Path) -> None:
    # written in the table only, as when the broker was down at the request
    job = ExportJob.objects.create(
        kind="test.patient",
        params={"folder": str(tmp_path)},
        requested_by=someone(),
        token=uuid.uuid4(),
        created_at=clock.now(),
    )
    starts, log = tmp_path / "starts", tmp_path / "worker.log"

    worker = start_worker()
    wait_until(starts.exists, 60, log)
    kill(worker)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    # the dead send no sign of life: half a minute passes
    ExportJob.objects.update(heartbeat_at=clock.now() - timedelta(seconds=30))

    (tmp_path / "go").touch()
    start_worker()
    wait_until(lambda: ExportJob.objects.filter(state=JobState.DONE).exists(), 60, log)
    job.refresh_from_db()
    assert job.attempts == 2
    assert starts.read_text() == "start\n" * 2
    assert StoredFile.objects.count() == 1
    assert job.result is not None
    assert (tmp_path / job.result.file.name).read_bytes() == b"fait"
