"""A consent withdrawn at the very moment, in real transactions."""

from collections.abc import Callable
from threading import Thread
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction

from capitalisation.interviews.actions import withdraw_consent
from capitalisation.practices import actions as practices
from capitalisation.practices.models import GoodPractice, PracticeState
from capitalisation.publications import actions
from capitalisation.publications.models import Booklet, BookletState
from capitalisation.publications.printed_models import Printing
from capitalisation.publications.printed_queries import out_and_unfit
from explor.documents import jobs
from explor.documents.actions import request_export
from explor.documents.exports import find_kind
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from tests.capitalisation.publications.test_actions import draft, proposed
from tests.capitalisation.story import Story, tell_story
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(transactional_db: None) -> Story:
    story = tell_story(make_world())
    story.hear("Une parole.")
    story.practise(*story.excerpts)
    return story


class Beside:
    """An act in another connection; `error` is what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.error: Exception | None = None
        self._act = act
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def end(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()

    def wait_for_a_lock(self) -> None:
        """Until PostgreSQL says that somebody waits for this transaction."""
        with connection.cursor() as cursor:
            for _ in range(600):
                # not pg_stat_activity: a transaction sees it as it first was
                cursor.execute(
                    "SELECT 1 FROM pg_locks WHERE NOT granted "
                    "AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                )
                if cursor.fetchone():
                    return
                assert self._thread.is_alive(), f"nothing waited: {self.error}"
                sleep(0.02)
        raise AssertionError("nobody waits")


def fresh(booklet: Booklet) -> Booklet:
    return Booklet.objects.select_related("file").get(pk=booklet.pk)


def test_consent_withdrawn_while_approving_is_told_of_what_came_out(told: Story) -> None:
    booklet = proposed(told)
    with transaction.atomic():
        actions.approve_booklet(booklet, actor=told.world.administrator)
        beside = Beside(lambda: withdraw_consent(told.interviews[0], actor=None))
        beside.wait_for_a_lock()
    beside.end()
    assert beside.error is None
    assert list(out_and_unfit()) == [booklet]
    assert Notice.objects.filter(url=booklet.get_absolute_url(), event="consent_withdrawn").exists()


def test_approving_while_a_consent_is_being_withdrawn_is_refused(told: Story) -> None:
    booklet = proposed(told)
    with transaction.atomic():
        withdraw_consent(told.interviews[0], actor=None)
        beside = Beside(lambda: actions.approve_booklet(booklet, actor=told.world.administrator))
        beside.wait_for_a_lock()
    beside.end()
    assert isinstance(beside.error, Refusal)
    assert fresh(booklet).state == BookletState.PROPOSED
    file = fresh(booklet).file
    assert file is not None and file.is_closed


def test_practice_approved_while_its_last_passage_is_withdrawn_does_not_stay_out(
    told: Story,
) -> None:
    practice = told.world.programme.practices.get()
    practices.return_practice(practice, because="À revoir.", actor=told.world.coordinator)
    practices.propose_practice(practice, actor=told.world.researcher)
    with transaction.atomic():
        practices.approve_practice(practice, actor=told.world.coordinator)
        beside = Beside(lambda: withdraw_consent(told.interviews[0], actor=None))
        beside.wait_for_a_lock()
    beside.end()
    assert beside.error is None
    assert GoodPractice.objects.get().state == PracticeState.PROPOSED


@pytest.mark.slow
@pytest.mark.parametrize("when", ["Lecture des fiches de mission", "Mise en pages"])
def test_consent_withdrawn_while_the_worker_composes(told: Story, when: str) -> None:
    booklet = draft(told)
    job = request_export(
        "booklet",
        {"booklet": booklet.pk, "version": booklet.version},
        actor=told.world.researcher,
        token=uuid4(),
    )
    taken = jobs.claim(job.pk)
    assert taken is not None

    def progress(percent: int, step: str) -> None:
        if step == when:
            beside = Beside(lambda: withdraw_consent(told.interviews[0], actor=None))
            beside.end()
            assert beside.error is None

    done = jobs.finish(taken, find_kind("booklet").make(taken, progress))
    assert done.result is not None
    printing = Printing.objects.get(file=done.result)
    if when == "Mise en pages":
        assert done.result.is_closed
        assert printing.withheld_because
        with pytest.raises(Refusal, match="Fabriquez d’abord"):
            actions.propose_booklet(booklet, actor=told.world.researcher)
    else:
        actions.propose_booklet(booklet, actor=told.world.researcher)
        with pytest.raises(Refusal, match="consentement a été retiré"):
            actions.approve_booklet(booklet, actor=told.world.administrator)
