"""Opinions to give, in the diary of who is asked."""

from collections.abc import Iterator
from datetime import date

from explor.accounts.models import User
from explor.notifications.agenda import AgendaEvent, register
from missions.review.opinion_models import Opinion
from missions.review.opinion_queries import OPEN


def opinions(user: User, first: date, last: date) -> Iterator[AgendaEvent]:
    """One query."""
    rows = (
        Opinion.objects.visible_to(user)
        .waiting()
        .filter(due_on__range=(first, last), mission__state__in=OPEN)
        .select_related("mission")
        .defer("mission__search")
        .order_by("due_on", "pk")
    )
    for row in rows:
        yield AgendaEvent(
            f"avis:{row.token}",
            f"Avis à donner · {row.mission.reference}",
            row.due_on,
            url=row.get_absolute_url(),
        )


register("reviews.opinions", opinions)
