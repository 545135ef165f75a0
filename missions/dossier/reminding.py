"""What the dossier recalls: milestones due or late, departures at risk; and what it adds to the
morning's digest."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from explor.accounts.models import User
from explor.each import each
from explor.notifications import digest, reminders
from explor.notifications.digest import Line, Section
from explor.notifications.events import Event
from explor.notifications.reminders import Reminder
from explor.ui.html import day
from missions import lifecycle
from missions.dossier.models import Milestone, Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.dossier.turns import expected, on_hold
from missions.dossier.work import work_of
from missions.lifecycle import Kind, State

AHEAD = timedelta(days=7)
#: What is late for longer was told, or belongs to a time before this site.
BEHIND = timedelta(days=14)
#: Days before a departure at which what is lacking is told.
RISK_DAYS = (7, 15, 30)
#: Reports have their own reminders.
REPORTS = (Kind.FLASH_REPORT, Kind.FULL_REPORT)
LEAVING = (State.MATCHING, State.SUPPORT, State.PREPARATION)


def milestones_between(first: date, last: date) -> list[Milestone]:
    """Expected of somebody, due between these days, both included."""
    rows = expected(Milestone.objects.open()).filter(due_on__range=(first, last))
    return list(
        rows.select_related("mission__project").defer("mission__search").order_by("due_on", "pk")
    )


def milestones_due(today: date) -> Iterator[Reminder]:
    """A week before, to whose job it is."""
    rows = milestones_between(today, today + AHEAD)
    yield from each("milestones due", (row for row in rows if row.kind not in REPORTS), _due)


def milestones_late(today: date) -> Iterator[Reminder]:
    """Once past, to whose job it is and to the coordination."""
    rows = milestones_between(today - BEHIND, today - timedelta(days=1))
    yield from each("milestones late", (row for row in rows if row.kind not in REPORTS), _late)


def _due(row: Milestone) -> Reminder:
    owners = people_on(row.mission, row.owner_role)
    return _about(Event.MILESTONE_DUE, row, owners, f"{row.label}, avant le {_on(row)}")


def _late(row: Milestone) -> Reminder:
    people = people_on(row.mission, row.owner_role, OwnerRole.COORDINATOR)
    return _about(Event.MILESTONE_LATE, row, people, f"{row.label}, prévu le {_on(row)}")


def _on(row: Milestone) -> str:
    return day(row.due_on)


def _about(event: Event, row: Milestone, people: list[User], what: str) -> Reminder:
    mission = row.mission
    late = "En retard : " if event == Event.MILESTONE_LATE else ""
    return Reminder(
        event,
        people,
        subject=f"{mission.reference} · {late}{what}",
        text=f"{late}{what}. À la charge de {row.get_owner_role_display()}.\n\n"
        f"Mission {mission.reference} : {mission.title}.",
        url=mission.get_absolute_url(),
        key=f"{mission.reference}:{row.kind}:{row.due_on}",
    )


def departures_at_risk(today: date) -> Iterator[Reminder]:
    """30, 15 and 7 days before a departure for which something required is not done."""
    leaving = (
        Mission.objects.filter(state__in=LEAVING)
        .exclude(on_hold(today))
        .filter(departs_on__range=(today, today + timedelta(days=max(RISK_DAYS))))
        .select_related("project")
        .defer("search")
        .prefetch_related("milestones")
        .order_by("departs_on", "pk")
    )
    found = each("departures at risk", leaving, lambda mission: _at_risk(mission, today))
    yield from (reminder for reminder in found if reminder is not None)


def _at_risk(mission: Mission, today: date) -> Reminder | None:
    lacking = [
        row.label[:1].lower() + row.label[1:]
        for row in mission.milestones.all()
        if row.required_for == "depart" and not lifecycle.settled(row)
    ]
    if not lacking:
        return None
    assert mission.departs_on is not None
    left = (mission.departs_on - today).days
    step = next(days for days in RISK_DAYS if left <= days)
    return Reminder(
        Event.DEPARTURE_RISK,
        people_on(mission, OwnerRole.COORDINATOR),
        subject=f"{mission.reference} · Départ le {day(mission.departs_on)} : "
        f"il manque {len(lacking)} élément{'s' if len(lacking) > 1 else ''}",
        text=f"Il manque : {', '.join(lacking)}.\n\nMission {mission.reference} : {mission.title}.",
        url=f"{mission.get_absolute_url()}preparation/",
        key=f"{mission.reference}:{mission.departs_on}:{step}",
    )


def work_lines(user: User, today: date) -> Iterable[Section]:
    """« En retard » and « Dans les sept jours » of « Mon travail »."""
    work = work_of(user)
    late: list[Line] = []
    soon: list[Line] = []
    for item in [*work.late, *work.to_do]:
        for row in item.milestones:
            if row.due_on and row.due_on <= today + AHEAD:
                where = late if row.due_on < today else soon
                where.append(_line(item.mission.reference, row.label, row.due_on, item.mission))
    for errand in [*work.errands.late, *work.errands.to_do]:
        if errand.due_on and errand.due_on <= today + AHEAD:
            words = f"{errand.kicker} · {errand.says} Pour le {day(errand.due_on)}."
            (late if errand.due_on < today else soon).append(Line(words, errand.url))
    return [
        Section("En retard", late[: digest.SHOWN]),
        Section("À faire dans les sept jours", soon[: digest.SHOWN]),
    ]


def _line(reference: str, label: str, due_on: date, mission: Mission) -> Line:
    return Line(f"{reference} · {label}, pour le {day(due_on)}", mission.get_absolute_url())


reminders.register("missions.due", milestones_due)
reminders.register("missions.late", milestones_late)
reminders.register("missions.departures", departures_at_risk)
digest.register("missions.work", work_lines)
