import re
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from explor import clock, handing
from explor.accounts.models import User
from explor.notifications.actions import (
    announce,
    announce_to_address,
    choose_mails,
    claim_mail,
    mute_event,
)
from explor.notifications.delivery import BACK_OFF_MINUTES, deliver
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import MailState, Notice, OutboxMail
from explor.notifications.queries import rhythms_for, unread_count
from explor.notifications.tasks import deliver_mail, hand_over_outbox
from tests.documents.people import someone

pytestmark = pytest.mark.django_db


def tell(*people: User, **changes: Any) -> list[Notice]:
    words: dict[str, Any] = {
        "event": Event.REPORT_DUE,
        "subject": "Votre rapport est attendu",
        "text": "Le rapport de retour est attendu le 3 mars.",
        "url": "/missions/EX-2026-014/",
        "key": "EX-2026-014:report",
    }
    words |= changes
    return announce(words.pop("event"), recipients=people, **words)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


class RefusingServer(EmailBackend):
    """A mail server that answers no."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("refused")


def test_announce_writes_inbox_and_outbox() -> None:
    awa = someone()
    [notice] = tell(awa)
    queued = OutboxMail.objects.get()
    assert notice.recipient == awa
    assert (queued.to_email, queued.state) == (awa.email, MailState.PENDING)
    assert unread_count(awa) == 1


def test_announce_says_a_thing_once() -> None:
    awa = someone()
    tell(awa, awa)
    assert tell(awa) == []
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 1)
    tell(awa, key="EX-2026-014:report:2")
    assert Notice.objects.count() == 2


def test_announce_skips_its_actor_and_inactive_people() -> None:
    awa, binta = someone(), someone("binta")
    binta.is_active = False
    assert tell(awa, binta, actor=awa) == []
    assert OutboxMail.objects.count() == 0


def test_silent_notice_sends_no_mail() -> None:
    tell(someone(), mail=False)
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (1, 0)


def test_announce_costs_the_same_for_any_number(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [someone(f"p{number}") for number in range(40)]
    with django_assert_max_num_queries(7):
        tell(*people)


def test_partner_without_account_gets_a_mail_only() -> None:
    words = {"subject": "Merci de confirmer", "text": "Bonjour", "url": "/p/x/", "key": "x"}
    for _ in range(2):
        announce_to_address(Event.INVITATION, email="p@explor.example", name="Afi", **words)
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (0, 1)
    assert deliver_mail(OutboxMail.objects.get().pk)
    assert "Bonjour Afi" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_no_mail_leaves_a_transaction_that_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[int] = []
    monkeypatch.setattr(
        "explor.notifications.actions.hand_over", lambda task, ids: handed.extend(ids) or []
    )
    with transaction.atomic():
        tell(someone())
        transaction.set_rollback(True)
    assert handed == []
    assert (Notice.objects.count(), OutboxMail.objects.count()) == (0, 0)
    with transaction.atomic():
        tell(someone("binta"))
        assert handed == []
    assert handed == [OutboxMail.objects.get().pk]


def test_mail_is_short_and_says_why() -> None:
    awa = someone()
    tell(awa)
    assert deliver_mail(OutboxMail.objects.get().pk)
    [sent] = mail.outbox
    assert sent.subject == "Votre rapport est attendu"
    assert sent.to == [awa.email]
    html = str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    for body in (str(sent.body), html):
        assert "Le rapport de retour est attendu le 3 mars." in body
        assert "Vous recevez ce message parce que vous êtes volontaire" in body
        assert "http://localhost:8000/missions/EX-2026-014/" in body
        assert "Ne plus recevoir" in body
    assert html.count("<a ") == 4


def test_mail_writes_what_people_typed_as_it_is() -> None:
    tell(someone(), text="Grdr & Lianes : 3 < 4", subject="Sel & mangroves\nici")
    deliver_mail(OutboxMail.objects.get().pk)
    [sent] = mail.outbox
    assert "Grdr & Lianes : 3 < 4" in str(sent.body)
    assert "Grdr &amp; Lianes : 3 &lt; 4" in str(sent.alternatives[0][0])  # type: ignore[attr-defined]
    assert sent.subject == "Sel & mangroves ici"


def test_mail_is_sent_once() -> None:
    tell(someone())
    pk = OutboxMail.objects.get().pk
    assert deliver_mail(pk)
    assert not deliver_mail(pk)
    assert hand_over_outbox() == 0
    assert len(mail.outbox) == 1


def test_mail_in_other_hands_is_left_alone() -> None:
    tell(someone())
    pk = OutboxMail.objects.get().pk
    assert claim_mail(pk) is not None
    assert not deliver(pk)
    assert mail.outbox == []


def test_mail_of_a_dead_worker_is_sent_later() -> None:
    tell(someone())
    pk = OutboxMail.objects.get().pk
    claim_mail(pk)
    assert hand_over_outbox() == 0
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert hand_over_outbox() == 1
        assert deliver(pk)
    identity = mail.outbox[0].extra_headers["Message-ID"]
    assert identity == f"<{OutboxMail.objects.get().uuid}@explor>"


def test_refused_mail_waits_longer_each_time_then_fails(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.test_notifications.RefusingServer"
    tell(someone())
    now, pk = clock.now(), OutboxMail.objects.get().pk
    for minutes in BACK_OFF_MINUTES:
        with clock.at(now):
            assert not deliver(pk)
            assert hand_over_outbox() == 0
        row = OutboxMail.objects.get()
        assert row.state == MailState.PENDING
        assert row.not_before == now + timedelta(minutes=minutes)
        now = row.not_before
    with clock.at(now):
        deliver(pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.FAILED, len(BACK_OFF_MINUTES) + 1)
    assert "refused" in row.error
    assert mail.outbox == []


def test_mail_waits_when_the_broker_is_down(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    nobody_listens = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    nobody_listens.conf.task_publish_retry = False
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        patched.setattr(handing, "current_app", nobody_listens)
        tell(someone(), someone("binta"))
    assert hand_over_outbox() == 2


def test_every_event_says_why() -> None:
    for event in Event:
        assert re.fullmatch(r"Vous recevez ce message parce que .+\.", event.reason)


def test_stopped_event_stays_in_the_inbox() -> None:
    awa = someone()
    choose_mails({Event.REPORT_DUE: Rhythm.NEVER}, actor=awa)
    assert len(tell(awa)) == 1
    assert OutboxMail.objects.count() == 0
    tell(awa, event=Event.MESSAGE)
    assert OutboxMail.objects.count() == 1


def test_decision_is_always_mailed() -> None:
    awa = someone()
    choose_mails({Event.DECISION: Rhythm.NEVER}, actor=awa)
    mute_event(Event.DECISION, actor=awa)
    tell(awa, event=Event.DECISION)
    assert OutboxMail.objects.count() == 1


def test_mail_can_be_stopped_from_the_mail_itself() -> None:
    awa = someone()
    tell(awa)
    deliver_mail(OutboxMail.objects.get().pk)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost:8000")
    visitor = Client(enforce_csrf_checks=True)
    assert "Rapport attendu" in visitor.get(path).content.decode()
    tell(awa, key="still mailed after a mere reading")
    assert OutboxMail.objects.count() == 2
    assert visitor.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    tell(awa, key="no more")
    assert OutboxMail.objects.count() == 2


def test_forged_stop_address_does_not_exist() -> None:
    assert Client().get("/messages/arreter/WzEsInJlcG9ydF9kdWUiXQ:x:y/").status_code == 404


def test_inbox_shows_ones_own_messages_only() -> None:
    awa, binta = someone(), someone("binta")
    tell(awa)
    tell(binta, subject="Pour Binta", key="b")
    page = signed_in(awa).get("/messages/").content.decode()
    assert "Votre rapport est attendu" in page
    assert "Pour Binta" not in page


def test_inbox_needs_a_person() -> None:
    assert Client().get("/messages/").status_code == 302


@pytest.mark.parametrize("count", [1, 30])
def test_inbox_costs_the_same_for_any_number(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    awa = someone()
    for number in range(count):
        tell(awa, key=str(number))
    client = signed_in(awa)
    with django_assert_max_num_queries(8):
        client.get("/messages/")


def test_notice_opens_what_it_is_about_and_is_read() -> None:
    awa = someone()
    [notice] = tell(awa)
    answer = signed_in(awa).get(notice.get_absolute_url())
    assert answer["Location"] == "/missions/EX-2026-014/"
    assert unread_count(awa) == 0
    first = Notice.objects.get().read_at
    signed_in(awa).get(notice.get_absolute_url())
    assert Notice.objects.get().read_at == first


def test_notice_of_another_does_not_exist() -> None:
    [notice] = tell(someone())
    other = signed_in(someone("binta"))
    assert other.get(notice.get_absolute_url()).status_code == 404
    assert other.post(f"/messages/{notice.pk}/lu/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_notice_does_not_lead_outside() -> None:
    awa = someone()
    [notice] = tell(awa, url="https://ailleurs.example/")
    assert signed_in(awa).get(notice.get_absolute_url())["Location"] == "/messages/"


def test_notices_are_marked_as_read() -> None:
    awa, binta = someone(), someone("binta")
    [first] = tell(awa)
    tell(awa, key="2")
    tell(binta)
    client = signed_in(awa)
    fragment = client.post(f"/messages/{first.pk}/lu/", headers={"hx-request": "true"})
    assert "Marquer comme lu" not in fragment.content.decode()
    assert unread_count(awa) == 1
    client.post("/messages/tout-lire/")
    assert (unread_count(awa), unread_count(binta)) == (0, 1)
    assert "Tout est lu" in client.get("/messages/?voir=non-lus").content.decode()


def test_reading_marks_need_a_post() -> None:
    awa = someone()
    [notice] = tell(awa)
    client = signed_in(awa)
    assert client.get(f"/messages/{notice.pk}/lu/").status_code == 405
    assert client.get("/messages/tout-lire/").status_code == 405
    assert unread_count(awa) == 1


def test_mail_choices_are_kept() -> None:
    awa = someone()
    client = signed_in(awa)
    page = client.get("/messages/reglages/").content.decode()
    assert "Décision du comité" not in page
    assert "Ordre du jour du comité" not in page
    kept = {event.value: "now" for event in Event if event.can_be_stopped}
    client.post("/messages/reglages/", kept | {"message": "digest", "published": "never"})
    assert rhythms_for(awa)[Event.MESSAGE] == Rhythm.DIGEST
    assert rhythms_for(awa)[Event.PUBLISHED] == Rhythm.NEVER
    assert rhythms_for(awa)[Event.STATE_CHANGED] == Rhythm.NOW
    refused = client.post("/messages/reglages/", kept | {"message": "x"}).content.decode()
    assert "valide" in refused


def test_what_can_wait_is_kept_for_the_morning() -> None:
    awa, binta = someone(), someone("binta")
    choose_mails({Event.STATE_CHANGED: Rhythm.NOW}, actor=binta)
    tell(awa, binta, event=Event.STATE_CHANGED)
    assert OutboxMail.objects.get().to_email == binta.email
    assert Notice.objects.waiting_for_digest().get().recipient == awa
