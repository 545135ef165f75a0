"""Putting an accepted mission on hold: a date, not a state."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import lock
from missions.dossier.models import Mission


@transaction.atomic
def suspend(mission: Mission, *, until: date, because: str, actor: User | None) -> Mission:
    """No transition is possible before `until`. Raises `PermissionDenied`; `Refusal` outside an
    accepted mission, without a reason, or for a day that is past."""
    mission = lock(mission)
    _check(mission, actor)
    if mission.state not in lifecycle.ACCEPTED:
        raise Refusal("Seule une mission retenue et en cours se suspend.")
    if not because.strip():
        raise Refusal("Donnez la raison.")
    if until <= clock.today():
        raise Refusal("La date de reprise est déjà passée.")
    text = f"Mission suspendue jusqu’au {until:%d/%m/%Y}."
    return _write(mission, until, text, because, actor)


@transaction.atomic
def resume(mission: Mission, *, because: str, actor: User | None) -> Mission:
    """Take it up again before the date. Raises `PermissionDenied`, `Refusal`."""
    mission = lock(mission)
    _check(mission, actor)
    if mission.suspended_until is None:
        raise Refusal("Cette mission n’est pas suspendue.")
    return _write(mission, None, "Mission reprise.", because, actor)


def _check(mission: Mission, actor: User | None) -> None:
    if actor is not None and not actor.has_perm("missions.review", mission):
        raise PermissionDenied


def _write(
    mission: Mission, until: date | None, text: str, because: str, actor: User | None
) -> Mission:
    mission.suspended_until = until
    mission.version += 1
    mission.save(update_fields=["suspended_until", "version"])
    record(mission.stream, "missions.suspend", text, actor=actor, reason=because.strip())
    return mission
