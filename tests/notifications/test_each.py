"""One row that cannot be told silences none of the others: reminders, digests, diaries, months."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from capitalisation.committee.actions import freeze_last_months
from capitalisation.committee.models import CommitteeMonth
from explor import clock
from explor.each import each
from explor.notifications import agenda, digest, reminders
from explor.notifications.actions import announce, read_notices_about
from explor.notifications.agenda import AgendaEvent, feed_of
from explor.notifications.digest import Line, Section, write_digest
from explor.notifications.events import Event
from explor.notifications.models import Notice, OutboxMail
from explor.notifications.reminders import Reminder, send_reminders
from missions.dossier.models import Milestone, Mission
from tests.factories import ProgrammeFactory, World

DAY = date(2026, 3, 9)


def fall(*args: object) -> Any:
    raise KeyError("secret de la ligne")


def refused_by_the_database(*args: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def reminder(world: World, key: str) -> Reminder:
    return Reminder(
        Event.REMINDER, [world.osim], subject=key, text="Texte.", url="/missions/", key=key
    )


def keys() -> list[str]:
    return list(Notice.objects.order_by("key").values_list("key", flat=True))


@pytest.mark.parametrize("bad", [fall, refused_by_the_database])
def test_a_row_that_falls_is_logged_and_the_next_ones_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, bad: Any
) -> None:
    def source(today: date) -> Iterator[Any]:
        yield from each("rows", ["a", "", "b"], lambda key: reminder(world, key) if key else bad())

    def broken(today: date) -> Iterator[Reminder]:
        yield reminder(world, "c")
        fall()

    sources = {"une": source, "deux": broken, "trois": lambda today: [reminder(world, "d")]}
    monkeypatch.setattr(reminders, "_SOURCES", sources)
    with caplog.at_level(logging.ERROR):
        assert send_reminders(DAY) == 4
    assert keys() == ["a", "b", "c", "d"]
    assert "rows: row 2 failed" in caplog.text
    assert "« deux »" in caplog.text.replace("\u00a0", " ")


def test_a_mission_that_cannot_be_told_silences_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    missions = [world.mission("review", title=f"Mission {n}") for n in range(3)]
    Milestone.objects.filter(mission__in=missions, kind="grid").update(
        due_on=clock.today() + timedelta(days=2)
    )
    whole = Mission.get_absolute_url

    def address(mission: Mission) -> str:
        return fall() if mission.pk == missions[0].pk else whole(mission)  # type: ignore[no-any-return]

    monkeypatch.setattr(Mission, "get_absolute_url", address)
    assert send_reminders(clock.today()) == 2


def test_a_person_whose_digest_falls_keeps_nobody_elses(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from explor.notifications import tasks

    for person in (world.osim, world.volunteer):
        words = {"subject": "Nouveau", "text": "T", "url": "/missions/", "key": "a"}
        announce(Event.STATE_CHANGED, recipients=[person], **words)
    whole = digest.write_digest

    def write(person: Any, today: date) -> Any:
        return fall() if person == world.osim else whole(person, today)

    monkeypatch.setattr(digest, "write_digest", write)
    with clock.at(digest.opening(clock.today() + timedelta(days=1))):
        tasks.write_digests()
    assert OutboxMail.objects.filter(event=Event.DIGEST).count() == 1


def test_a_source_of_the_digest_that_falls_leaves_the_rest_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"subject": "Nouveau", "text": "T", "url": "/missions/", "key": "a"}
    announce(Event.STATE_CHANGED, recipients=[world.osim], **words)
    late = Section("En retard", [Line("Convention", "/missions/")])
    sources = {"mauvaise": refused_by_the_database, "bonne": lambda user, today: [late]}
    monkeypatch.setattr(digest, "_SOURCES", sources)
    write_digest(world.osim, clock.today() + timedelta(days=1))
    mail = OutboxMail.objects.get(event=Event.DIGEST)
    assert [row["title"] for row in mail.sections] == ["Nouveau", "En retard"]


def test_a_source_of_the_diary_that_falls_cancels_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = clock.today() + timedelta(days=3)
    good = {name: [AgendaEvent(f"{name}:1", name, day)] for name in ("une", "deux")}
    sources = {name: lambda *args, name=name: good[name] for name in good}
    monkeypatch.setattr(agenda, "_SOURCES", sources)
    assert feed_of(world.osim)[0].count(b"CONFIRMED") == 2
    sources["une"] = fall
    content = feed_of(world.osim)[0]
    assert (content.count(b"CONFIRMED"), content.count(b"CANCELLED")) == (2, 0)
    sources["une"] = lambda *args: []
    assert feed_of(world.osim)[0].count(b"CANCELLED") == 1


def test_a_programme_whose_month_falls_keeps_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capitalisation.committee import actions

    other = ProgrammeFactory.create(slug="autre", name="Autre")
    whole = actions.indicators_of

    def counted(month: CommitteeMonth) -> Any:
        return fall() if month.programme_id == world.programme.pk else whole(month)

    monkeypatch.setattr(actions, "indicators_of", counted)
    assert freeze_last_months(today=clock.today()) == 1
    assert [row.programme for row in CommitteeMonth.objects.all()] == [other]


def test_the_log_never_holds_what_the_row_holds(caplog: pytest.LogCaptureFixture, db: None) -> None:
    assert list(each("essai", ["mot de passe", "b"], lambda row: {"b": 1}[row])) == [1]
    assert "essai: row 1 failed" in caplog.messages[0]
    assert not any("mot de passe" in message for message in caplog.messages)


def test_notices_of_ten_are_not_those_of_one(world: World) -> None:
    for key in ("fil:1:5", "fil:10:6", "fil:1"):
        words = {"subject": key, "text": "T", "url": "/", "key": key}
        announce(Event.MESSAGE, recipients=[world.osim], **words)
    assert read_notices_about(Event.MESSAGE, "fil:1", actor=world.osim) == 2
    unread = Notice.objects.filter(read_at__isnull=True)
    assert [row.key for row in unread] == ["fil:10:6"]
