"""Two requests that meet are both served; what cannot be done again is told, with its text."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings

from explor.accounts.models import Organisation
from explor.again import done_again
from explor.celery import app
from explor.journal.models import Entry
from tests.factories import OrganisationFactory
from tests.together import meeting_views
from tests.together.acts import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.together.meeting_views"
    meeting_views.attempts.clear()
    meeting_views.meeting.reset()
    for name in ("A", "B"):
        OrganisationFactory.create(acronym=name)


def send(path: str) -> Any:
    client = Client(raise_request_exception=False)
    piece = SimpleUploadedFile("piece.txt", b"la piece")
    return client.post(path, {"texte": "Mon texte assez long", "piece": piece})


def cities() -> list[str]:
    rows = Organisation.objects.filter(acronym__in=["A", "B"]).order_by("acronym")
    return list(rows.values_list("city", flat=True))


def test_two_requests_that_meet_are_both_served_and_write_once() -> None:
    answers = at_once(lambda: send("/essai/deux/A/B/"), lambda: send("/essai/deux/B/A/"))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert cities() == ["xx", "xx"]
    assert len(meeting_views.attempts) == 3
    # the file was read from its start, and what the first attempt said is not said twice
    assert {answer.text for answer in answers} == {"Mon texte assez long la piece 1"}


def test_what_was_committed_before_is_not_done_again() -> None:
    answers = at_once(lambda: send("/essai/apres/A/B/"), lambda: send("/essai/apres/B/A/"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert cities() == ["x", "x"]
    assert Entry.objects.filter(stream="essai").count() == 2
    told = next(answer.text for answer in answers if answer.status_code == 409)
    assert "Quelqu’un enregistrait au même moment" in told
    assert "Mon texte assez long" in told
    assert "machine" not in told and "à l’arrêt" not in told


def test_one_that_meets_every_time_is_told_after_three() -> None:
    answer = send("/essai/toujours/")
    assert answer.status_code == 409
    assert len(meeting_views.attempts) == 3


def test_a_refusal_of_postgresql_is_no_outage() -> None:
    answer = send("/essai/limite/")
    assert answer.status_code == 500
    assert "Mon texte assez long" in answer.text


def test_a_task_that_met_another_transaction_runs_again() -> None:
    runs: list[int] = []

    @app.task(name="essai.rencontre")
    def meet() -> int:
        runs.append(1)
        if len(runs) < 3:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'e' USING ERRCODE = '40001'; END $$")
        return len(runs)

    try:
        assert meet.apply().get() == 3
    finally:
        app.tasks.pop("essai.rencontre")


def test_other_faults_are_raised_at_once() -> None:
    runs: list[int] = []

    def fail() -> None:
        runs.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'e' USING ERRCODE = '54000'; END $$")

    with pytest.raises(OperationalError):
        done_again(fail)
    assert runs == [1]
