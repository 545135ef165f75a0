"""What a request recalls: a draft left asleep, a correction without answer."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from explor.each import each
from explor.notifications.events import Event
from explor.notifications.reminders import Reminder, register
from explor.ui.html import day
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.lifecycle import State
from missions.request.corrections import silent_since

ASLEEP = timedelta(days=14)
#: A draft asleep for longer is another matter: it is kept three months after its last use.
FORGOTTEN = timedelta(days=60)
SILENT = timedelta(days=7)


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def drafts_asleep(today: date) -> Iterator[Reminder]:
    """Fourteen days after the draft was last saved, once for that date."""
    drafts: Any = (
        Mission.objects.filter(state=State.DRAFT)
        .annotate(touched=Greatest("created_at", Coalesce("request__saved_at", "created_at")))
        .filter(touched__range=(_midnight(today - FORGOTTEN), _midnight(today - ASLEEP)))
        .select_related("project")
        .defer("search")
        .order_by("touched", "pk")
    )
    yield from each("drafts asleep", drafts, _asleep)


def _asleep(mission: Any) -> Reminder:
    touched = timezone.localdate(mission.touched)
    return Reminder(
        Event.REMINDER,
        people_on(mission, OwnerRole.OSIM),
        subject=f"{mission.reference} · Votre demande vous attend",
        text=f"Vous avez commencé la demande « {mission.title} » ; rien n’y a été écrit depuis "
        f"le {day(touched)}. Tout est gardé : reprenez quand vous voulez, ou retirez-la si "
        "elle n’a plus lieu d’être.",
        url=f"{mission.get_absolute_url()}demande/",
        key=f"brouillon:{mission.reference}:{touched}",
    )


def corrections_silent(today: date) -> Iterator[Reminder]:
    """After seven days without « J’ai corrigé », to the association."""
    silent = silent_since(_midnight(today - SILENT))
    yield from each("corrections silent", silent, lambda found: _silent(*found))


def _silent(mission: Mission, since: datetime) -> Reminder:
    asked = timezone.localdate(since)
    return Reminder(
        Event.REQUEST_CORRECTION,
        people_on(mission, OwnerRole.OSIM),
        subject=f"{mission.reference} · Une correction vous est toujours demandée",
        text=f"La coordination vous a demandé le {day(asked)} de corriger votre demande "
        f"« {mission.title} ». L’étude reprend dès que vous avez répondu.",
        url=f"{mission.get_absolute_url()}demande/",
        key=f"rappel:{mission.reference}:{asked}",
    )


register("requests.drafts", drafts_asleep)
register("requests.corrections", corrections_silent)
