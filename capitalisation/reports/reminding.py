"""What reports recall: soon due, late."""

from collections.abc import Iterator
from datetime import date, timedelta

from explor.each import each
from explor.notifications.events import Event
from explor.notifications.reminders import Reminder, register
from explor.ui.html import day
from missions.dossier.models import Milestone, OwnerRole
from missions.dossier.queries import people_on
from missions.dossier.reminding import AHEAD, REPORTS, milestones_between
from missions.lifecycle import RETURNED, Kind

#: A late report is recalled again at these days, then it is for people to talk.
AGAIN = (1, 15, 30)
#: The milestone says what is reached; the reminder, what is awaited.
AWAITED: dict[str, str] = {
    Kind.FLASH_REPORT: "Rapport flash",
    Kind.FULL_REPORT: "Rapport complet",
}


def reports_awaited(today: date) -> Iterator[Reminder]:
    """A week before, to the volunteer; late, to them and the coordination, three times."""
    rows = milestones_between(today - timedelta(days=max(AGAIN) + 14), today + AHEAD)
    owed = (row for row in rows if row.kind in REPORTS and row.mission.state in RETURNED)
    yield from each("reports awaited", owed, lambda row: _reminder(row, today))


def _reminder(row: Milestone, today: date) -> Reminder:
    assert row.due_on is not None
    mission, late = row.mission, (today - row.due_on).days
    step = max((days for days in AGAIN if days <= late), default=0)
    when = (
        f"était attendu le {day(row.due_on)}" if late > 0 else f"est attendu le {day(row.due_on)}"
    )
    who = [OwnerRole.VOLUNTEER, *([OwnerRole.COORDINATOR] if late > 0 else [])]
    return Reminder(
        Event.REPORT_DUE,
        people_on(mission, *who),
        subject=f"{mission.reference} · Le rapport {when}",
        text=f"{AWAITED.get(row.kind, row.label)} : il {when}.\n\n"
        f"Mission {mission.reference} : {mission.title}.",
        url=f"{mission.get_absolute_url()}rapport/",
        key=f"{mission.reference}:{row.kind}:{row.due_on}:{step}",
    )


register("reports.awaited", reports_awaited)
