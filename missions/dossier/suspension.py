"""Putting an accepted mission on hold: a date, not a state. Nothing is expected before that day."""

from datetime import date

from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.acts import check_when
from missions.audiences import AFTER_LETTER
from missions.dossier.actions import lock
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on

VERB = Verb("missions.suspend", AFTER_LETTER)


@transaction.atomic
def suspend(mission: Mission, *, until: date, because: str, actor: User | None) -> Mission:
    """No transition is possible before `until`. The same day asked again changes nothing.

    Raises `PermissionDenied`; `Refusal` outside an accepted mission, without a reason, or for a
    day that is past.
    """
    mission = lock(mission)
    require(actor, "missions.suspend", mission)
    if mission.is_hushed:
        raise Refusal("Envoyez d’abord la lettre de décision.")
    check_when("suspend", mission.state)
    if not because.strip():
        raise Refusal("Donnez la raison.")
    if until <= clock.today():
        raise Refusal("Choisissez un jour de reprise à venir.")
    if mission.suspended_until == until:
        return mission
    text = f"Mission suspendue jusqu’au {until:%d/%m/%Y}."
    return _write(mission, until, text, because, actor)


@transaction.atomic
def resume(mission: Mission, *, because: str, actor: User | None) -> Mission:
    """Take it up again before the date. Raises `PermissionDenied`, `Refusal`."""
    mission = lock(mission)
    require(actor, "missions.suspend", mission)
    if mission.suspended_until is None:
        raise Refusal("Cette mission n’est pas suspendue.")
    return _write(mission, None, "Mission reprise.", because, actor)


def _write(
    mission: Mission, until: date | None, text: str, because: str, actor: User | None
) -> Mission:
    mission.suspended_until = until
    mission.version += 1
    mission.save(update_fields=["suspended_until", "version"])
    because = because.strip()
    record(mission.stream, VERB, text, actor=actor, reason=because)
    told = f"{text}\n\nMission {mission.reference}\N{NO-BREAK SPACE}: {mission.title}."
    announce(
        Event.STATE_CHANGED,
        recipients=people_on(mission, OwnerRole.COORDINATOR, OwnerRole.OSIM, OwnerRole.VOLUNTEER),
        subject=f"{mission.reference}\N{NO-BREAK SPACE}: {text}",
        text=f"{told}\n\nMotif\N{NO-BREAK SPACE}: {because}" if because else told,
        url=mission.get_absolute_url(),
        key=f"{mission.reference}:suspend:{mission.version}",
        actor=actor,
    )
    return mission
