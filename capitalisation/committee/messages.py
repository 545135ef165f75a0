"""The figure of the month about conversations: messages the coordination has not answered."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from capitalisation.committee.figures import Figure, Period, count
from explor.accounts.models import Membership, Role
from missions.dossier.models import Programme
from missions.threads.models import Message, ThreadKind

#: A message waits for an answer when it is older than this many days of work.
WORKING_DAYS = 5
LABEL = "Messages sans réponse depuis plus de 5 jours ouvrés"


def message_figures(programme: Programme, period: Period) -> list[Figure]:
    """Missions whose conversation ended, at the end of the period, on a message of the
    association or of the volunteer older than five working days; one query."""
    before = working_days_before(period.as_of, WORKING_DAYS)
    waiting = [
        reference
        for reference, from_team, posted in _last_messages(programme, period)
        if not from_team and timezone.localdate(posted) < before
    ]
    return [count("unanswered", LABEL, waiting)]


def _last_messages(programme: Programme, period: Period) -> QuerySet[Message, tuple[Any, ...]]:
    """`(reference, written by the coordination, when)` of the last message of each mission."""
    team = Membership.objects.filter(
        user=OuterRef("author"),
        role=Role.COORDINATOR,
        organisation__programme_rows__programme=programme,
    )
    rows = Message.objects.filter(
        thread__kind=ThreadKind.MISSION,
        thread__mission__programme=programme,
        posted_at__lt=period.ends,
    )
    return (
        rows.order_by("thread", "-pk")
        .distinct("thread")
        .annotate(from_team=Exists(team))
        .values_list("thread__mission__reference", "from_team", "posted_at")
    )


def working_days_before(day: date, number: int) -> date:
    """The day that many days of work before; Saturdays and Sundays do not count, public
    holidays do."""
    while number:
        day -= timedelta(days=1)
        number -= day.weekday() < 5
    return day
