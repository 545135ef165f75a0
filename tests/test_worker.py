"""The real worker knows every task that the code can send, and does each message it sends."""

import ast
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from explor.celery import APPS, app
from explor.notifications.models import MailState, OutboxMail
from missions.request.models import Receipt
from missions.review.models import ReviewSheet
from tests.factories import make_world
from tests.ground import Ground
from tests.ground_request import received
from tests.missions.review.test_sheet import sent

SENDERS = {"send_task", "delay", "apply_async", "signature"}
#: Messages with a row's number: a number of nobody is left alone, whatever comes twice.
OF_NOBODY = 0


def sources() -> Iterator[tuple[str, ast.Module]]:
    root = Path(settings.BASE_DIR)
    for folder in APPS:
        for path in sorted((root / folder).rglob("*.py")):
            module = ".".join(path.relative_to(root).with_suffix("").parts)
            yield module, ast.parse(path.read_text(encoding="utf-8"))


def sendable() -> set[str]:
    """The names of tasks in the calls that send them, and in the timetable."""
    found = {row["task"] for row in app.conf.beat_schedule.values()}
    for module, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _name(node.func) == "hand_over":
                first = node.args[0]
                if isinstance(first, ast.Name):
                    found.add(getattr(import_module(module), first.id))
                else:
                    found.add(ast.literal_eval(first))
    return found


def _name(node: ast.expr) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def test_messages_leave_by_one_door_only() -> None:
    """So that `sendable` sees them all."""
    senders = {
        module
        for module, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in SENDERS
    }
    assert senders == {"explor.handing"}


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Celery, str, Path]]:
    """A worker on the tests' Redis and database, with a queue of its own."""
    queue, log = f"test-{uuid.uuid4().hex}", tmp_path / "worker.log"
    base, mark, options = os.environ["DATABASE_URL"].partition("?")
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.documents.worker_settings",
        "DATABASE_URL": f"{base.rsplit('/', 1)[0]}/{name}{mark}{options}",
        "MEDIA_ROOT": str(tmp_path),
        "TEST_QUEUE": queue,
        "EMAIL_URL": "dummymail://",
    }
    command = [sys.executable, "-m", "celery", "-A", "explor", "worker", "-Q", queue]
    command += ["-n", f"{queue}@test", "--concurrency", "1", "--loglevel", "INFO"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    asking = Celery("asking", broker=settings.REDIS_URL, set_as_current=False)
    asking.conf.task_default_queue = queue
    yield asking, f"{queue}@test", log
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    asking.close()


def wait_for(true: Callable[[], Any], log: Path, seconds: float = 90) -> Any:
    limit = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < limit, log.read_text()
        time.sleep(0.1)
    return found


@pytest.mark.slow
def test_worker_does_every_message_that_the_code_sends(
    worker: tuple[Celery, str, Path],
) -> None:
    asking, host, log = worker
    ground = Ground(make_world())
    with patch("explor.handing.current_app") as broker:
        sent(ground.world)
        received(ground)
    messages = {(call.args[0], call.kwargs["args"][0]) for call in broker.send_task.mock_calls}
    assert {"missions.review.tasks.print_review_sheet", "missions.request.tasks.print_receipt"} < {
        name for name, _ in messages
    }
    inspect = asking.control.inspect(destination=[host], timeout=2)
    known = wait_for(inspect.registered, log)[host]
    assert sendable() - set(known) == set()

    named = {name for name, _ in messages}
    timed = {row["task"] for row in app.conf.beat_schedule.values()}
    others = sendable() - named - timed
    for name, pk in sorted(messages):
        asking.send_task(name, args=[pk])
    for name in sorted(others):
        asking.send_task(name, args=[OF_NOBODY])
    for name in sorted(timed):
        asking.send_task(name)
    wanted = len(messages) + len(others) + len(timed)
    wait_for(lambda: log.read_text().count(" succeeded in ") >= wanted, log)
    assert "unregistered" not in log.read_text() and "Traceback" not in log.read_text()
    assert ReviewSheet.objects.get().file is not None
    assert Receipt.objects.get().file is not None
    mails = OutboxMail.objects.filter(pk__in=[pk for name, pk in messages if "mail" in name])
    assert mails.exists() and set(mails.values_list("state", flat=True)) == {MailState.SENT}


def test_every_folder_with_tasks_is_read_by_the_worker() -> None:
    app.loader.import_default_modules()
    named = {
        f"{module}.{node.name}"
        for module, tree in sources()
        if module.endswith(".tasks")
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.decorator_list
    }
    assert named <= set(app.tasks) and named == sendable()
