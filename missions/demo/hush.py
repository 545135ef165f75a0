"""A past that is invented sends no mail, and fills no inbox with months of unread notices."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db.models import F, Max

from explor.notifications.models import Notice, OutboxMail

#: Days during which a notice of the demonstration is still news.
FRESH = timedelta(days=14)


@contextmanager
def hushed(today: date) -> Iterator[None]:
    """Inside a transaction: what is announced here keeps its notice, and loses its mail,
    that of the next morning included."""
    last = OutboxMail.objects.aggregate(last=Max("pk"))["last"] or 0
    last_notice = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    yield
    OutboxMail.objects.filter(pk__gt=last).delete()
    Notice.objects.filter(pk__gt=last_notice).update(for_digest=False)
    old = Notice.objects.filter(pk__gt=last_notice, created_at__date__lt=today - FRESH)
    old.update(read_at=F("created_at"))
