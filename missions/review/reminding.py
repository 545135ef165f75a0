"""What a review recalls: opinions due soon, opinions late."""

from collections.abc import Iterator
from datetime import date, timedelta

from explor.each import each
from explor.notifications.events import Event
from explor.notifications.reminders import Reminder, register
from explor.ui.html import day
from missions.dossier.models import OwnerRole
from missions.dossier.queries import people_on
from missions.review.opinion_models import Opinion
from missions.review.opinion_queries import answer_path, opinions_due

AHEAD = timedelta(days=3)
#: What is late for longer was told.
BEHIND = timedelta(days=14)


def opinions_awaited(today: date) -> Iterator[Reminder]:
    """Three days before, to who is asked; once late, to them again and to the coordination."""
    rows = opinions_due(today + AHEAD).filter(due_on__gte=today - BEHIND)
    for told in each("opinions awaited", rows, lambda row: _told(row, row.due_on < today)):
        yield from told


def _told(row: Opinion, late: bool) -> list[Reminder]:
    return [_to_who_is_asked(row, late), *([_to_the_coordination(row)] if late else [])]


def _to_who_is_asked(row: Opinion, late: bool) -> Reminder:
    mission = row.mission
    when = f"était attendu le {day(row.due_on)}" if late else f"est attendu le {day(row.due_on)}"
    return Reminder(
        Event.OPINION_ASKED,
        [row.person] if row.person else [],
        subject=f"{mission.reference} · Votre avis {when}",
        text=f"Votre avis sur la mission {mission.reference} ({mission.title}) {when}. "
        "Si vous ne pouvez pas le donner, dites-le sur la page de l’avis.",
        url=answer_path(row),
        key=f"{'retard' if late else 'rappel'}:{row.token}:{row.due_on}",
        address=None if row.person else (row.name, row.email),
    )


def _to_the_coordination(row: Opinion) -> Reminder:
    mission = row.mission
    return Reminder(
        Event.REMINDER,
        people_on(mission, OwnerRole.COORDINATOR),
        subject=f"{mission.reference} · L’avis de {row.who} est en retard",
        text=f"L’avis de {row.who} sur la mission {mission.reference} était attendu le "
        f"{day(row.due_on)}. Vous pouvez prolonger le délai ou vous en passer.",
        url=f"{mission.get_absolute_url()}instruction/avis/",
        key=f"avis:{row.token}:{row.due_on}",
    )


register("reviews.opinions", opinions_awaited)
