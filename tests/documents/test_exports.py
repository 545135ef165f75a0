import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import Celery
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from explor import clock, handing
from explor.accounts.models import User
from explor.documents import exports, jobs
from explor.documents.actions import request_export, retry_export
from explor.documents.models import ExportJob, JobState, StoredFile
from explor.documents.tasks import hand_over_jobs, run_export
from explor.notifications.models import Notice
from tests.documents.people import someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def test_kinds(settings: Settings) -> Iterator[None]:
    settings.EXPORT_MODULES = ["tests.documents.kinds"]
    exports._load.cache_clear()
    yield
    exports._load.cache_clear()


def ask(kind: str, actor: User | None = None) -> ExportJob:
    return request_export(kind, {}, actor=actor or someone(), token=uuid.uuid4())


def grow_old(job: ExportJob) -> None:
    """As if its worker had been dead for half a minute."""
    ExportJob.objects.filter(pk=job.pk).update(heartbeat_at=clock.now() - timedelta(seconds=30))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_export_is_done_once() -> None:
    job = ask("test.quick")
    run_export(job.pk)
    run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.percent, job.attempts) == (JobState.DONE, 100, 1)
    assert job.result is not None
    assert job.result.owner == job.requested_by
    assert StoredFile.objects.count() == 1


def test_request_export_with_the_same_token_is_the_same_job() -> None:
    actor, token = someone(), uuid.uuid4()
    first = request_export("test.quick", {}, actor=actor, token=token)
    assert request_export("test.quick", {}, actor=actor, token=token) == first
    with pytest.raises(PermissionDenied):
        request_export("test.quick", {}, actor=someone("binta"), token=token)


def test_request_export_asks_the_permission_of_its_kind() -> None:
    with pytest.raises(PermissionDenied):
        ask("test.guarded")
    assert ExportJob.objects.count() == 0


def test_request_export_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(LookupError):
        ask("test.unknown")


def test_export_is_handed_over_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = ask("test.quick")
        job.refresh_from_db()
        assert job.handed_at is None
    job.refresh_from_db()
    assert job.handed_at is not None


def test_export_waits_when_the_broker_is_down(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody_listens = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    nobody_listens.conf.task_publish_retry = False
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(handing, "current_app", nobody_listens)
        job = ask("test.quick")
    job.refresh_from_db()
    assert job.awaits_service
    page = signed_in(job.requested_by).get(job.get_absolute_url()).content.decode()
    assert "le service de calcul ne répond pas, votre demande est gardée" in page
    assert hand_over_jobs() == 1
    job.refresh_from_db()
    assert not job.awaits_service


def test_export_of_a_dead_worker_is_taken_over_and_finished_once() -> None:
    job = ask("test.quick")
    dead = jobs.claim(job.pk)
    assert dead is not None
    assert jobs.claim(job.pk) is None
    grow_old(job)
    alive = jobs.claim(job.pk)
    assert alive is not None
    produced = exports.Produced("a.txt", b"a", "text/plain")
    with pytest.raises(jobs.LeaseLost):
        jobs.beat(dead, 60, "Mise en page")
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(dead, produced)
    jobs.fail(dead, "trop tard", again=False)
    done = jobs.finish(alive, produced)
    assert done.state == JobState.DONE
    assert StoredFile.objects.count() == 1


def test_export_of_a_living_worker_is_not_handed_over_again() -> None:
    jobs.claim(ask("test.quick").pk)
    assert hand_over_jobs() == 0


def test_export_already_handed_over_is_left_in_its_queue() -> None:
    job = ask("test.quick")
    assert hand_over_jobs() == 1
    assert hand_over_jobs() == 0
    ExportJob.objects.filter(pk=job.pk).update(handed_at=clock.now() - timedelta(minutes=2))
    assert hand_over_jobs() == 1


def test_broken_export_is_tried_three_times_then_says_so() -> None:
    job, now = ask("test.broken"), clock.now()
    for attempt in range(1, 4):
        with clock.at(now + timedelta(minutes=attempt)):
            run_export(job.pk)
        job.refresh_from_db()
        assert job.attempts == attempt
        assert job.state == (JobState.FAILED if attempt == 3 else JobState.QUEUED)
    assert "après trois essais" in job.error
    assert "technique" not in job.error
    assert Notice.objects.get().recipient == job.requested_by


def test_broken_export_is_not_tried_again_at_once() -> None:
    job = ask("test.broken")
    run_export(job.pk)
    run_export(job.pk)
    job.refresh_from_db()
    assert job.attempts == 1


def test_refused_export_gives_its_reason_and_is_not_tried_again() -> None:
    job = ask("test.refused")
    run_export(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert job.error == "Il manque : la date de départ."


def test_export_that_kills_its_workers_is_given_up() -> None:
    job = ask("test.quick")
    for _ in range(3):
        assert jobs.claim(job.pk) is not None
        grow_old(job)
    assert jobs.claim(job.pk) is None
    hand_over_jobs()
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_retry_starts_a_failed_export_again() -> None:
    job = ask("test.refused")
    run_export(job.pk)
    client = signed_in(job.requested_by)
    assert "Réessayer" in client.get(job.get_absolute_url()).content.decode()
    answer = client.post(f"{job.get_absolute_url()}reessayer/")
    assert answer["Location"] == job.get_absolute_url()
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 0, "")


def test_retry_leaves_a_finished_export_alone() -> None:
    job = ask("test.quick")
    run_export(job.pk)
    assert retry_export(job, actor=job.requested_by).state == JobState.DONE


def test_retry_is_refused_to_another() -> None:
    job = ask("test.refused")
    run_export(job.pk)
    with pytest.raises(PermissionDenied):
        retry_export(job, actor=someone("binta"))
    client = signed_in(someone("coumba"))
    assert client.post(f"{job.get_absolute_url()}reessayer/").status_code == 404


def test_long_export_tells_when_it_is_ready() -> None:
    with clock.at(clock.now() - timedelta(minutes=1)):
        job = ask("test.quick")
    run_export(job.pk)
    notice = Notice.objects.get()
    assert notice.url == job.get_absolute_url()
    assert "Essai rapide" in notice.subject


def test_quick_export_tells_nothing() -> None:
    run_export(ask("test.quick").pk)
    assert Notice.objects.count() == 0


def test_export_page_leads_to_its_file() -> None:
    job = ask("test.quick")
    client = signed_in(job.requested_by)
    waiting = client.get(job.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert "hx-trigger" in waiting
    assert "<html" not in waiting
    run_export(job.pk)
    job.refresh_from_db()
    assert job.result is not None
    page = client.get(job.get_absolute_url(), headers={"hx-request": "true"}).content.decode()
    assert job.result.get_absolute_url() in page
    assert "hx-trigger" not in page


def test_export_page_is_its_requesters_alone() -> None:
    job = ask("test.quick")
    assert signed_in(someone("binta")).get(job.get_absolute_url()).status_code == 404
    assert Client().get(job.get_absolute_url()).status_code == 302


@pytest.mark.parametrize("count", [1, 30])
def test_export_list_costs_the_same_for_any_number(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries, settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 100
    actor = someone()
    for _ in range(count):
        ask("test.quick", actor)
    ask("test.quick", someone("binta"))
    client = signed_in(actor)
    with django_assert_max_num_queries(6):
        page = client.get("/documents/travaux/").content.decode()
    assert page.count("Essai rapide") == min(count, 25)
