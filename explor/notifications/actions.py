"""Tell people, once; mails are written with what they tell and sent after the commit."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from explor import clock
from explor.accounts.models import User
from explor.handing import hand_over
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.notifications.events import Event, Rhythm
from explor.notifications.models import (
    CalendarAddress,
    CalendarEntry,
    MailPreference,
    MailState,
    Notice,
    OutboxMail,
)
from explor.notifications.queries import rhythms_of

OPEN_CALENDAR = Verb("notifications.open_calendar", MANAGERS)
CLOSE_CALENDAR = Verb("notifications.close_calendar", MANAGERS)

BUTTON = "Ouvrir dans Explor"
CLAIM_LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class Letterhead:
    """How a mail of a conversation presents itself: who wrote, where an answer of each person
    goes (by their id), and which conversation a mail program should file it under."""

    from_name: str = ""
    conversation: str = ""
    reply_to: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def announce(
    event: Event,
    *,
    recipients: Iterable[User],
    subject: str,
    text: str,
    url: str,
    key: str,
    actor: User | None = None,
    mail: bool = True,
    button: str = BUTTON,
    letterhead: Letterhead | None = None,
) -> list[Notice]:
    """Put a notice in each inbox and, with `mail`, a copy into the outbox: at once or with the
    morning's digest, as each person chose.

    The actor is not told of their own act; inactive people are told nothing. Who was already
    told (same event, same key) is not told again. Returns the notices really written.
    """
    # in one order, so that two acts that tell the same people never wait for each other
    active = sorted((one for one in recipients if one.is_active), key=lambda one: one.pk)
    people = {person.pk: person for person in active}
    if actor is not None:
        people.pop(actor.pk, None)
    words: dict[str, Any] = {
        "event": event,
        "key": key,
        "subject": subject[:200],
        "text": text,
        "url": url,
        "button": button,
        "created_at": clock.now(),
    }
    rhythms = rhythms_of(people, event) if mail and people else {}
    drafts = [
        Notice(recipient=person, for_digest=rhythms.get(pk) == Rhythm.DIGEST, **words)
        for pk, person in people.items()
    ]
    Notice.objects.bulk_create(drafts, ignore_conflicts=True)
    # rows refused by the constraint have another uuid: they were told before
    notices = list(Notice.objects.filter(uuid__in=[draft.uuid for draft in drafts]))
    now = [notice for notice in notices if rhythms.get(notice.recipient_id) == Rhythm.NOW]
    if now:
        _write_mails(now, people, words, letterhead or Letterhead())
    return notices


def _write_mails(
    notices: list[Notice], people: dict[int, User], words: dict[str, Any], head: Letterhead
) -> None:
    _queue(
        [
            OutboxMail(
                notice=notice,
                recipient=people[notice.recipient_id],
                to_email=people[notice.recipient_id].email,
                to_name=str(people[notice.recipient_id])[:200],
                from_name=head.from_name[:200],
                reply_to=head.reply_to.get(notice.recipient_id, ""),
                conversation=head.conversation,
                not_before=words["created_at"],
                **words,
            )
            for notice in notices
        ]
    )


@transaction.atomic
def announce_to_address(
    event: Event,
    *,
    email: str,
    name: str,
    subject: str,
    text: str,
    url: str,
    key: str,
    button: str = BUTTON,
) -> None:
    """Write to someone who has no account (a local partner): a mail, no inbox."""
    now = clock.now()
    mail = OutboxMail(
        event=event,
        key=key,
        to_email=email,
        to_name=name[:200],
        subject=subject[:200],
        text=text,
        url=url,
        button=button,
        not_before=now,
        created_at=now,
    )
    _queue([mail])


def queue_mail(
    event: Event,
    *,
    recipient: User,
    subject: str,
    text: str,
    url: str,
    key: str,
    button: str = BUTTON,
    sections: Sequence[dict[str, Any]] = (),
) -> None:
    """A mail that stands for no notice: what it tells is in the inbox already."""
    now = clock.now()
    mail = OutboxMail(
        event=event,
        key=key,
        recipient=recipient,
        to_email=recipient.email,
        to_name=str(recipient)[:200],
        subject=subject[:200],
        text=text,
        sections=list(sections),
        url=url,
        button=button,
        not_before=now,
        created_at=now,
    )
    _queue([mail])


def _queue(mails: list[OutboxMail]) -> None:
    OutboxMail.objects.bulk_create(mails, ignore_conflicts=True)
    uuids = [mail.uuid for mail in mails]

    def send() -> None:
        written = OutboxMail.objects.filter(uuid__in=uuids).order_by("pk")
        hand_over_mails(written.values_list("pk", flat=True))

    transaction.on_commit(send)


def hand_over_mails(mail_ids: Iterable[int]) -> int:
    return len(hand_over("explor.notifications.tasks.deliver_mail", mail_ids))


def hand_over_waiting() -> int:
    """Hand over again every mail due and unsent; returns how many the broker took."""
    due = OutboxMail.objects.filter(_unsent(), not_before__lte=clock.now())
    return hand_over_mails(due.order_by("pk").values_list("pk", flat=True)[:200])


def claim_mail(mail_id: int) -> OutboxMail | None:
    """Take a mail to send it, or None when it is sent or in other hands."""
    now = clock.now()
    due = OutboxMail.objects.filter(_unsent(), pk=mail_id, not_before__lte=now)
    taken = due.update(claimed_at=now)
    return OutboxMail.objects.select_related("notice").get(pk=mail_id) if taken else None


def _unsent() -> Q:
    abandoned = Q(claimed_at__isnull=True) | Q(claimed_at__lt=clock.now() - CLAIM_LASTS)
    return abandoned & Q(state=MailState.PENDING)


@transaction.atomic
def read_notice(notice: Notice, *, actor: User) -> Notice:
    """Mark as read; the first reading keeps its date. Only its recipient comes here (404)."""
    Notice.objects.visible_to(actor).unread().filter(pk=notice.pk).update(read_at=clock.now())
    notice.refresh_from_db()
    return notice


def read_notices_about(event: Event, key: str, *, actor: User) -> int:
    """Read with the thing itself: every notice of `event` whose key is `key`, or goes on from it
    after a colon (« fil:1 » is not « fil:10 »)."""
    same = Q(key=key) | Q(key__startswith=f"{key}:")
    about = Notice.objects.visible_to(actor).unread().filter(same, event=event)
    return about.update(read_at=clock.now())


@transaction.atomic
def read_all_notices(*, actor: User) -> int:
    return Notice.objects.visible_to(actor).unread().update(read_at=clock.now())


@transaction.atomic
def choose_mails(choices: Mapping[Event, Rhythm], *, actor: User) -> None:
    """From now on these kinds of message come by mail when the person says; the others, and
    those never stopped, as before."""
    rows = [
        MailPreference(user=actor, event=event, rhythm=rhythm)
        for event, rhythm in choices.items()
        if event.can_be_stopped
    ]
    MailPreference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "event"], update_fields=["rhythm"]
    )


@transaction.atomic
def mute_event(event: Event, *, actor: User) -> None:
    """Stop one kind of mail; asking twice changes nothing."""
    choose_mails({event: Rhythm.NEVER}, actor=actor)


@transaction.atomic
def open_calendar(*, actor: User) -> CalendarAddress:
    """Give the person a secret address for their calendar; the former one stops at once."""
    row, _ = CalendarAddress.objects.update_or_create(
        user=actor, defaults={"secret": secrets.token_urlsafe(32), "created_at": clock.now()}
    )
    text = "Adresse d’agenda créée ou renouvelée."
    record(f"user:{actor.uuid}", OPEN_CALENDAR, text, actor=actor)
    return row


@transaction.atomic
def close_calendar(*, actor: User) -> None:
    """Take the address away, and what it last said."""
    gone, _ = CalendarAddress.objects.filter(user=actor).delete()
    CalendarEntry.objects.filter(user=actor).delete()
    if gone:
        text = "Adresse d’agenda supprimée."
        record(f"user:{actor.uuid}", CLOSE_CALENDAR, text, actor=actor)
