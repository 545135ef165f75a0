"""« Repartir de cette demande »: a new draft with what an earlier one said."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor.accounts.models import Role, User
from explor.journal.actions import record
from explor.journal.verbs import Verb
from missions.audiences import EVERYONE
from missions.dossier.models import Mission
from missions.funding.actions import NewLine
from missions.request.actions import save_request, start_request
from missions.request.card import CARD
from missions.request.fields import NOT_COPIED
from missions.request.models import Request
from missions.request.queries import answers, request_of

DUPLICATE_REQUEST = Verb("missions.duplicate_request", EVERYONE)


@transaction.atomic
def duplicate_request(mission: Mission, *, actor: User, token: UUID) -> Mission:
    """A draft that says the same, but for dates, security and promises, asked again.

    The same `token` makes one draft. Raises `PermissionDenied` to who may not start a request
    for the association, `Refusal` when its programme receives none.
    """
    if not actor.has_perm("missions.duplicate_request", mission):
        raise PermissionDenied
    holder = mission.project.holder
    draft = start_request(
        actor=actor,
        holder=holder,
        programme=mission.programme,
        territory=mission.territory,
        title=mission.title,
        country=str(mission.country),
        token=token,
        on_behalf=holder.pk not in actor.standing.organisations(Role.MEMBER),
    )
    if Request.objects.filter(mission=draft, saved_at__isnull=False).exists():
        return draft
    draft = save_request(draft, _copied(mission), actor=actor, version=None)
    text = f"Demande reprise de {mission.reference}."
    record(draft.stream, DUPLICATE_REQUEST, text, actor=actor)
    return draft


def _copied(mission: Mission) -> dict[str, Any]:
    """What it says of itself: the association's card is already there, as it is now."""
    found = answers(mission, request_of(mission))
    budget = found.pop("budget")
    lines = [*budget.expenses, *budget.incomes, *budget.valorised]
    del found["annexes"]
    data = {key: value for key, value in found.items() if key not in NOT_COPIED | CARD}
    data["budget"] = [
        NewLine(line.side, line.heading, line.amount, line.how, secured=False) for line in lines
    ]
    data["deliverables"] = [replace(row, due_on=None) for row in found["deliverables"]]
    return data
