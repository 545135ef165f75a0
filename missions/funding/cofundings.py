"""Noting what other funders are asked and what they answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal, Stale
from missions.audiences import AMOUNTS
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.funding.cofunding_models import CoFunding
from missions.funding.money import euros

RECORD_COFUNDING = Verb("funding.record_cofunding", AMOUNTS)
CHANGE_COFUNDING = Verb("funding.change_cofunding", AMOUNTS)
REMOVE_COFUNDING = Verb("funding.remove_cofunding", AMOUNTS)

#: What a person writes of a co-funding.
WORDS = (
    "organisation",
    "funder_name",
    "nature",
    "state",
    "asked",
    "secured",
    "asked_on",
    "answered_on",
    "answer",
)


@transaction.atomic
def record_cofunding(
    mission: Mission,
    words: Mapping[str, Any],
    *,
    actor: User | None,
    token: UUID | None = None,
) -> CoFunding:
    """A funder asked (`words` by the names of `WORDS`). The same `token` is the same row.

    Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(mission)
    require(actor, "missions.record_cofunding", mission)
    token = token or uuid4()
    if known := sent_before(CoFunding.objects.all(), token, actor=actor, mission=mission):
        return known
    row = CoFunding(token=token, mission=mission)
    return _write(row, words, actor, RECORD_COFUNDING, "Cofinancement noté")


@transaction.atomic
def change_cofunding(
    cofunding: CoFunding,
    words: Mapping[str, Any],
    *,
    actor: User | None,
    version: int | None = None,
) -> CoFunding:
    """The funder's answer, or a correction. Raises `PermissionDenied`, `Stale`, `Refusal`."""
    row = _lock(cofunding, actor)
    if version is not None and version != row.version:
        raise Stale(row.version)
    row.version += 1
    return _write(row, words, actor, CHANGE_COFUNDING, "Cofinancement modifié")


@transaction.atomic
def remove_cofunding(cofunding: CoFunding, *, reason: str, actor: User | None) -> None:
    """Take away what was noted by mistake; its trace stays.

    Raises `PermissionDenied`, `Refusal`.
    """
    row = _lock(cofunding, actor)
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    _tell(row, actor, REMOVE_COFUNDING, "Cofinancement retiré", reason.strip())
    row.delete()


def _write(
    row: CoFunding, words: Mapping[str, Any], actor: User | None, verb: Verb, what: str
) -> CoFunding:
    for name in WORDS:
        if name in words:
            setattr(row, name, words[name])
    row.funder_name, row.answer = row.funder_name.strip(), row.answer.strip()
    try:
        row.full_clean(exclude=["mission", "token"])
    except ValidationError as error:
        raise Refusal(error.messages) from error
    row.save()
    _tell(row, actor, verb, what)
    return row


def _lock(cofunding: CoFunding, actor: User | None) -> CoFunding:
    mission = lock(cofunding.mission)
    require(actor, "missions.record_cofunding", mission)
    row = lock_row(CoFunding.objects.all(), cofunding.pk)
    row.mission = mission
    return row


def _tell(row: CoFunding, actor: User | None, verb: Verb, what: str, reason: str = "") -> None:
    state = row.get_state_display().lower()
    record(
        row.mission.stream,
        verb,
        f"{what} : {row.funder}, {euros(row.secured or row.asked)}, {state}.",
        actor=actor,
        reason=reason,
        data={"cofunding": str(row.token), "state": row.state},
    )
