from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from explor.notifications import digest, reminders
from explor.notifications.actions import announce, choose_mails, read_all_notices
from explor.notifications.delivery import deliver
from explor.notifications.digest import Line, Section
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import Digest, Notice, OutboxMail
from explor.notifications.reminders import Reminder
from explor.notifications.tasks import remind, write_digests
from tests.documents.people import someone

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 9)
SEVEN = timezone.make_aware(datetime(2026, 3, 9, 7, 0))


def told(person: User, key: str = "a", event: Event = Event.STATE_CHANGED) -> None:
    announce(
        event,
        recipients=[person],
        subject=f"Nouvelle {key}",
        text="Texte.",
        url="/missions/",
        key=key,
    )


@pytest.fixture
def only_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what the stages add."""
    monkeypatch.setattr(digest, "_SOURCES", {})


@pytest.mark.usefixtures("only_here")
def test_digest_gathers_what_could_wait() -> None:
    awa = someone()
    with clock.at(SEVEN - timedelta(hours=10)):
        told(awa, "un")
        told(awa, "deux")
    assert OutboxMail.objects.count() == 0
    with clock.at(SEVEN):
        assert write_digests() == 1
    row = OutboxMail.objects.get()
    assert deliver(row.pk)
    [sent] = mail.outbox
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    for body in (str(sent.body), html):
        assert "Nouvelle un" in body and "Nouvelle deux" in body
        assert f"http://localhost:8000/messages/{Notice.objects.first().pk}/" in body  # type: ignore[union-attr]
    assert "2 nouveaux messages" in sent.subject
    assert "List-Unsubscribe" in sent.extra_headers


@pytest.mark.usefixtures("only_here")
def test_digest_is_one_a_person_and_a_day() -> None:
    awa = someone()
    with clock.at(SEVEN - timedelta(hours=1)):
        told(awa)
    with clock.at(SEVEN):
        assert write_digests() == 1
    with clock.at(SEVEN + timedelta(hours=1)):
        told(awa, "later")
        assert write_digests() == 0
    with clock.at(SEVEN + timedelta(days=1)):
        assert write_digests() == 1
    assert (OutboxMail.objects.count(), Digest.objects.count()) == (2, 2)


@pytest.mark.usefixtures("only_here")
def test_nothing_new_is_no_digest() -> None:
    awa = someone()
    with clock.at(SEVEN - timedelta(hours=1)):
        told(awa)
        read_all_notices(actor=awa)
    with clock.at(SEVEN):
        assert write_digests() == 0
        assert digest.write_digest(awa, DAY) is None
    assert (OutboxMail.objects.count(), Digest.objects.count()) == (0, 0)


def test_digest_waits_for_seven() -> None:
    awa = someone()
    with clock.at(SEVEN - timedelta(minutes=1)):
        told(awa)
        assert write_digests() == 0


def test_stopped_digest_is_not_sent_and_leaves_the_inbox() -> None:
    awa = someone()
    choose_mails({Event.DIGEST: Rhythm.NEVER}, actor=awa)
    with clock.at(SEVEN - timedelta(hours=1)):
        told(awa)
    with clock.at(SEVEN):
        write_digests()
    assert OutboxMail.objects.count() == 0
    assert Notice.objects.unread().count() == 1


def test_mail_that_was_sent_at_once_is_not_told_again() -> None:
    awa = someone()
    choose_mails({Event.STATE_CHANGED: Rhythm.NOW, Event.MINUTES: Rhythm.NEVER}, actor=awa)
    with clock.at(SEVEN - timedelta(hours=1)):
        told(awa)
        told(awa, event=Event.MINUTES)
    with clock.at(SEVEN):
        assert write_digests() == 0


def test_digest_lists_what_the_stages_add(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Section("En retard", [Line("EX-2026-001 · Convention", "/missions/EX-2026-001/")])
    monkeypatch.setattr(
        digest, "_SOURCES", {"essai": lambda user, today: [late, Section("Vide", [])]}
    )
    awa = someone()
    with clock.at(SEVEN - timedelta(hours=1)):
        told(awa)
    with clock.at(SEVEN):
        write_digests()
    titles = [row["title"] for row in OutboxMail.objects.get().sections]
    assert titles == ["Nouveau", "En retard"]


@pytest.mark.usefixtures("only_here")
def test_long_digest_says_how_many_more() -> None:
    awa = someone()
    with clock.at(SEVEN - timedelta(hours=1)):
        for number in range(23):
            told(awa, str(number))
    with clock.at(SEVEN):
        write_digests()
    [section] = OutboxMail.objects.get().sections
    assert len(section["lines"]) == 21
    assert section["lines"][-1]["text"] == "… et 3 autres messages"


def test_reminder_is_told_once_and_a_broken_source_holds_nobody_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    awa = someone()

    def good(today: date) -> Iterator[Reminder]:
        words = {"subject": "Rappel", "text": "Texte.", "url": "/"}
        yield Reminder(Event.REMINDER, [awa], key="x:2026-03-09", **words)
        yield Reminder(
            Event.OPINION_ASKED, [], key="y", address=("Afi", "afi@explor.example"), **words
        )

    def broken(today: date) -> Iterator[Reminder]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(reminders, "_SOURCES", {"broken": broken, "good": good})
    assert (remind(), remind()) == (1, 0)
    assert Notice.objects.get().recipient == awa
    assert OutboxMail.objects.get().to_email == "afi@explor.example"


def test_settings_page_shows_each_choice_and_the_agenda() -> None:
    awa = someone()
    client = Client()
    client.force_login(awa, "django.contrib.auth.backends.ModelBackend")
    page = client.get("/messages/reglages/").content.decode()
    assert "Récapitulatif du matin" in page
    assert "Créer mon adresse d’agenda" in page
