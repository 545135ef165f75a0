"""Tell people, once; mails are written with what they tell and sent after the commit."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from explor import clock
from explor.accounts.models import User
from explor.handing import hand_over
from explor.notifications.events import Event
from explor.notifications.models import MailState, MutedEvent, Notice, OutboxMail

BUTTON = "Ouvrir dans Explor"
CLAIM_LASTS = timedelta(minutes=10)


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
) -> list[Notice]:
    """Put a notice in each inbox and, with `mail`, a copy into the outbox.

    The actor is not told of their own act; inactive people are told nothing. Who was already
    told (same event, same key) is not told again. Returns the notices really written.
    """
    people = {person.pk: person for person in recipients if person.is_active}
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
    drafts = [Notice(recipient=person, **words) for person in people.values()]
    Notice.objects.bulk_create(drafts, ignore_conflicts=True)
    # rows refused by the constraint have another uuid: they were told before
    notices = list(Notice.objects.filter(uuid__in=[draft.uuid for draft in drafts]))
    if mail and notices:
        _write_mails(notices, people, words)
    return notices


def _write_mails(notices: list[Notice], people: dict[int, User], words: dict[str, Any]) -> None:
    event: Event = words["event"]
    muted: set[int] = set()
    if event.can_be_stopped:
        rows = MutedEvent.objects.filter(user__in=people, event=event)
        muted = set(rows.values_list("user_id", flat=True))
    _queue(
        [
            OutboxMail(
                notice=notice,
                to_email=people[notice.recipient_id].email,
                to_name=str(people[notice.recipient_id])[:200],
                not_before=words["created_at"],
                **words,
            )
            for notice in notices
            if notice.recipient_id not in muted
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


@transaction.atomic
def read_all_notices(*, actor: User) -> int:
    return Notice.objects.visible_to(actor).unread().update(read_at=clock.now())


@transaction.atomic
def choose_mails(events: Iterable[Event], *, actor: User) -> None:
    """From now on only `events` (and those never stopped) come by mail."""
    wanted = set(events)
    muted = [event for event in Event if event.can_be_stopped and event not in wanted]
    MutedEvent.objects.filter(user=actor).delete()
    MutedEvent.objects.bulk_create(MutedEvent(user=actor, event=event) for event in muted)


@transaction.atomic
def mute_event(event: Event, *, actor: User) -> None:
    """Stop one kind of mail; asking twice changes nothing."""
    if event.can_be_stopped:
        MutedEvent.objects.get_or_create(user=actor, event=event)
