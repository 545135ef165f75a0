"""Queues by urgency, and what one person may have waiting."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings as site_settings
from django.db import connection
from kombu import Connection
from pytest_django.fixtures import Settings

from explor import clock
from explor.accounts.models import User
from explor.celery import app
from explor.documents import exports, jobs
from explor.documents.actions import request_export, retry_export, store_file
from explor.documents.models import ExportJob, JobState
from explor.documents.tasks import run_export
from explor.embedded.site import QUICK, SLOW, WORKER
from explor.notifications.events import Event
from explor.notifications.models import MailState, OutboxMail
from explor.ui.errors import Refusal
from tests.documents.people import someone
from tests.documents.test_worker_killed import _address, kill, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
QUEUES = {queue.name for queue in site_settings.CELERY_TASK_QUEUES}


@pytest.fixture(autouse=True)
def test_kinds(settings: Settings) -> Iterator[None]:
    settings.EXPORT_MODULES = ["tests.documents.kinds"]
    exports._load.cache_clear()
    yield
    exports._load.cache_clear()


def ask(person: User) -> ExportJob:
    return request_export("test.patient", {"folder": "/nowhere"}, actor=person, token=uuid.uuid4())


def consumed(commands: list[str]) -> set[str]:
    return {
        queue
        for word in commands
        if word.startswith("--queues=")
        for queue in word.removeprefix("--queues=").split(",")
    }


def test_every_queue_has_its_worker_wherever_the_site_runs() -> None:
    assert consumed([*QUICK, *SLOW]) == QUEUES
    compose = (ROOT / "docker-compose.yml").read_text().replace("- ", "").split()
    assert consumed(compose) == QUEUES
    guide = (ROOT / "docs/exploitation.md").read_text().split()
    assert consumed(guide) == QUEUES


def test_mails_share_their_queue_with_no_long_work() -> None:
    app.loader.import_default_modules()
    found: dict[str, set[str]] = {queue: set() for queue in QUEUES}
    for task in app.tasks:
        if not task.startswith("celery."):
            queue = app.amqp.router.route({}, task)["queue"].name
            found[queue].add(task.rpartition(".")[2])
    assert found["mail"] == {"deliver_mail", "hand_over_outbox"}
    assert found["documents"] == {"run_export", "print_receipt", "print_review_sheet"}


@pytest.mark.django_db
def test_one_person_has_three_documents_waiting_at_most(settings: Settings) -> None:
    person, other = someone(), someone("bakary")
    first = ask(person)
    for _ in range(settings.MAX_OPEN_JOBS - 1):
        ask(person)
    with pytest.raises(Refusal, match="3 documents se fabriquent déjà pour vous"):
        ask(person)
    again = request_export("test.patient", {}, actor=person, token=first.token)
    assert again == first
    assert ask(other).state == JobState.QUEUED
    ExportJob.objects.filter(pk=first.pk).update(state=JobState.FAILED)
    assert ask(person).state == JobState.QUEUED
    with pytest.raises(Refusal):
        retry_export(first, actor=person)


@pytest.mark.django_db
def test_documents_of_one_person_are_made_one_after_the_other() -> None:
    person, other = someone(), someone("bakary")
    first, second, theirs = ask(person), ask(person), ask(other)
    assert jobs.claim(first.pk)
    assert jobs.claim(second.pk) is None
    assert jobs.claim(theirs.pk)
    # its worker is dead: what it held is no reason to wait
    ExportJob.objects.filter(pk=first.pk).update(heartbeat_at=clock.now() - timedelta(minutes=1))
    assert jobs.claim(second.pk)


@pytest.mark.django_db
def test_next_document_of_the_person_follows_at_once(settings: Settings) -> None:
    person = someone()
    done = request_export("test.quick", {}, actor=person, token=uuid.uuid4())
    after = request_export("test.quick", {}, actor=person, token=uuid.uuid4())
    run_export(done.pk)
    after.refresh_from_db()
    assert after.handed_at is not None


@pytest.mark.django_db
def test_files_sent_in_an_hour_are_bounded(settings: Settings) -> None:
    settings.MAX_FILES_AN_HOUR = 2
    person, other = someone(), someone("bakary")
    for number in range(2):
        store_file(b"%PDF-1.4 un", name=f"{number}.pdf", actor=person)
    with pytest.raises(Refusal, match="Vous avez envoyé 2 fichiers en une heure"):
        store_file(b"%PDF-1.4 un", name="3.pdf", actor=person)
    store_file(b"%PDF-1.4 un", name="4.pdf", actor=other)
    settings.MAX_FILES_AN_HOUR, settings.MAX_BYTES_AN_HOUR = 60, 20
    with pytest.raises(Refusal, match="en une heure"):
        store_file(b"%PDF-1.4 un", name="5.pdf", actor=person)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[str]:
    """Both workers of the site, on a broker of their own; answers its address."""
    broker = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/8"
    given = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.documents.queue_settings",
        "DATABASE_URL": _address(str(connection.settings_dict["NAME"])),
        "REDIS_URL": broker,
        "MEDIA_ROOT": str(tmp_path),
    }
    started = []
    for own in (QUICK, SLOW):
        with (tmp_path / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "celery", "-A", "explor", *own, *WORKER]
            started.append(
                subprocess.Popen(command, env=given, stdout=log, stderr=log, start_new_session=True)
            )
    yield broker
    for process in started:
        kill(process)
    with redis.from_url(broker) as line:
        line.flushdb()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_mail_does_not_wait_behind_documents(workers: str, tmp_path: Path) -> None:
    people = [someone(name) for name in ("awa", "bakary", "chloe", "dior")]
    asked = [
        request_export("test.patient", {"folder": str(tmp_path)}, actor=one, token=uuid.uuid4())
        for one in people
    ]
    mail = OutboxMail.objects.create(
        to_email="awa@explor.example",
        event=Event.MESSAGE,
        key="essai",
        subject="Essai",
        text="Bonjour",
        url="/",
        button="Lire",
        created_at=clock.now(),
        not_before=clock.now(),
    )
    log = tmp_path / "worker.log"
    with Connection(workers) as line:
        for job in asked:
            app.send_task("explor.documents.tasks.run_export", args=[job.pk], connection=line)
        wait_until((tmp_path / "starts").exists, 60, log)
        task = "explor.notifications.tasks.deliver_mail"
        app.send_task(task, args=[mail.pk], connection=line)
    sent = OutboxMail.objects.filter(pk=mail.pk, state=MailState.SENT)
    wait_until(sent.exists, 60, log)
    # nobody has let the documents end
    assert {job.state for job in ExportJob.objects.all()} == {JobState.RUNNING, JobState.QUEUED}
    assert ExportJob.objects.filter(state=JobState.RUNNING).count() == 1
