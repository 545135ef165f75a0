"""The diary's events of the dossier: departures, returns, deadlines. Reference and country only:
a title may name somebody."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from explor.accounts.models import User
from explor.notifications.agenda import AgendaEvent, register
from missions.dossier.models import Milestone, Mission
from missions.dossier.querysets import untold_to
from missions.dossier.turns import NOTHING, expected, involving, roles_held
from missions.lifecycle import State

#: Events of one kind in one diary, at most.
SHOWN = 300
GONE = (State.DECLINED, State.UNFOLLOWED, State.WITHDRAWN, State.CANCELLED)


def _gone(user: User, prefix: str = "") -> Q:
    """Over without a journey; outside the team, as far as a letter told it."""
    gone = Q(**{f"{prefix}state__in": GONE})
    return gone & ~untold_to(user, prefix)


def journeys(user: User, first: date, last: date) -> Iterator[AgendaEvent]:
    """Departure and return of the missions in which the person has a part; one query."""
    missions = (
        Mission.objects.visible_to(user)
        .filter(involving(user))
        .exclude(_gone(user))
        .filter(Q(departs_on__range=(first, last)) | Q(returns_on__range=(first, last)))
        .only("reference", "country", "departs_on", "returns_on")
        .order_by("departs_on", "pk")[:SHOWN]
    )
    for mission in missions:
        name, url = f"{mission.reference}, {mission.country.name}", mission.get_absolute_url()
        if mission.departs_on:
            yield AgendaEvent(
                f"{mission.reference}:depart", f"Départ · {name}", mission.departs_on, url=url
            )
        if mission.returns_on:
            yield AgendaEvent(
                f"{mission.reference}:retour", f"Retour · {name}", mission.returns_on, url=url
            )


def deadlines(user: User, first: date, last: date) -> Iterator[AgendaEvent]:
    """Milestones that are the person's job, with those done, said so; one query."""
    mine = NOTHING
    for role, held in roles_held(user, "mission__"):
        mine |= Q(owner_role=role) & held
    done = Milestone.objects.filter(done_on__isnull=False).exclude(_gone(user, "mission__"))
    rows = (
        (expected(Milestone.objects.open(), user) | done)
        .filter(mine, due_on__range=(first, last))
        .filter(mission__in=Mission.objects.visible_to(user).order_by().values("pk"))
        .select_related("mission")
        .only("kind", "label", "due_on", "done_on", "mission__reference", "mission__country")
        .order_by("due_on", "pk")[:SHOWN]
    )
    for row in rows:
        assert row.due_on is not None
        yield AgendaEvent(
            f"{row.mission.reference}:{row.kind}",
            f"{'Fait' if row.done_on else 'Échéance'} · {row.label} · {row.mission.reference}",
            row.due_on,
            url=row.mission.get_absolute_url(),
        )


register("missions.journeys", journeys)
register("missions.deadlines", deadlines)
