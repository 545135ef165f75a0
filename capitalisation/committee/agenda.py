"""The sittings of the committee in the diaries of who may read them."""

from collections.abc import Iterator
from datetime import date, timedelta

from capitalisation.committee.session_models import CommitteeSession, SessionState
from explor.accounts.models import User
from explor.notifications.agenda import AgendaEvent, register

LENGTH = timedelta(hours=2)


def sittings(user: User, first: date, last: date) -> Iterator[AgendaEvent]:
    """One query; a cancelled sitting is left out, and diaries then tell it as cancelled."""
    rows = (
        CommitteeSession.objects.visible_to(user)
        .exclude(state=SessionState.CANCELLED)
        .filter(starts_at__date__range=(first, last))
        .order_by("starts_at", "pk")
    )
    for row in rows:
        yield AgendaEvent(
            f"seance:{row.uuid}",
            f"Comité de pilotage · {row}",
            row.starts_at,
            row.starts_at + LENGTH,
            row.place,
            row.get_absolute_url(),
        )


register("committee.sittings", sittings)
