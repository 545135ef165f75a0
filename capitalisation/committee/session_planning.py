"""Preparing a sitting: date, people, agenda, convocation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from capitalisation.audiences import SESSION
from capitalisation.committee.session_models import (
    AgendaItem,
    Attendance,
    CommitteeSession,
    ItemResult,
    SessionState,
)
from capitalisation.committee.session_queries import (
    agenda_for,
    committee_members,
    members_to_tell,
    ties_in,
    waiting_missions,
)
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission, Programme
from missions.dossier.standing import require_no_tie
from missions.lifecycle import State

SESSION_PLAN = Verb("session.plan", SESSION)
SESSION_CHANGE = Verb("session.change", SESSION)
SESSION_AGENDA = Verb("session.agenda", SESSION)
CONVENE = Verb("session.convene", SESSION)
SESSION_CANCEL = Verb("session.cancel", SESSION)

FIELDS = frozenset(
    {"starts_at", "place", "video_url", "chair", "secretary", "quorum_kind", "quorum_value"}
)


def lock_session(
    session: CommitteeSession, permission: str, actor: User | None, *states: str
) -> CommitteeSession:
    """The sitting as it is now, its row locked until the transaction ends: what two people do at
    once is done one after the other. Raises `PermissionDenied`, `Refusal` in another state."""
    session = lock_row(CommitteeSession.objects.select_related("programme"), session.pk)
    require(actor, permission, session)
    if states and session.state not in states:
        here = str(SessionState(session.state).label).lower()
        raise Refusal(f"La séance est « {here} » : ce n’est plus possible.")
    return session


@step
def touch(session: CommitteeSession, *changed: str) -> None:
    """Save what changed; pages that are open will see that something moved."""
    session.version += 1
    session.save(update_fields=[*changed, "version"])


def told(
    session: CommitteeSession, verb: Verb, text: str, actor: User | None, **extra: Any
) -> None:
    record(session.stream, verb, text, actor=actor, **extra)


@transaction.atomic
def plan_session(
    programme: Programme, *, starts_at: datetime, token: UUID, actor: User | None, **fields: Any
) -> CommitteeSession:
    """A sitting with every member called and every mission that waits on its agenda.

    The same `token` gives the same sitting. Raises `PermissionDenied`, `Refusal`.
    """
    require(actor, "capitalisation.organise_session", programme)
    programme = lock_row(Programme.objects.all(), programme.pk)
    rows = CommitteeSession.objects.all()
    if known := sent_before(rows, token, actor=actor, programme=programme):
        return known
    members = committee_members(programme)
    if not members:
        raise Refusal("Personne ne siège encore au comité de ce programme.")
    year = timezone.localtime(starts_at).year
    last = CommitteeSession.objects.filter(programme=programme, year=year).aggregate(Max("number"))
    session = CommitteeSession(
        programme=programme,
        token=token,
        year=year,
        number=(last["number__max"] or 0) + 1,
        starts_at=starts_at,
        **_known(fields),
    )
    session.clean_fields(exclude=["programme", "token"])
    session.save()
    Attendance.objects.bulk_create(Attendance(session=session, user=user) for user in members)
    _put(session, waiting_missions(programme, None))
    told(session, SESSION_PLAN, f"Séance prévue le {when(session)}.", actor)
    return session


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - FIELDS:
        raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
    return fields


def when(session: CommitteeSession) -> str:
    """« mardi 3 mars 2026 à 14:00 »."""
    return date_format(timezone.localtime(session.starts_at), r"l j F Y à H:i")


@transaction.atomic
def change_session(
    session: CommitteeSession, *, version: int, actor: User | None, **fields: Any
) -> CommitteeSession:
    """Date, place, people, quorum; before the sitting is closed. Raises `PermissionDenied`,
    `Stale`, `Refusal`."""
    organise = "capitalisation.organise_session"
    session = lock_session(session, organise, actor, SessionState.PLANNED, SessionState.OPEN)
    if version != session.version:
        raise Stale(session.version)
    changed = [name for name, value in _known(fields).items() if getattr(session, name) != value]
    for name in changed:
        setattr(session, name, fields[name])
    session.clean_fields(exclude=["programme", "token"])
    touch(session, *changed)
    told(
        session,
        SESSION_CHANGE,
        f"Séance modifiée : {when(session)}.",
        actor,
        data={"fields": changed},
    )
    return session


def _put(session: CommitteeSession, missions: Iterable[Mission]) -> None:
    last = session.items.aggregate(Max("position"))["position__max"] or 0
    AgendaItem.objects.bulk_create(
        AgendaItem(session=session, mission=mission, position=place)
        for place, mission in enumerate(missions, start=last + 1)
    )


@transaction.atomic
def add_to_agenda(
    session: CommitteeSession, mission: Mission, *, actor: User | None
) -> CommitteeSession:
    """Put a mission last on the agenda. Raises `PermissionDenied`, `Refusal` when it does not
    wait for the committee, or waits for another sitting."""
    session = _organise(session, actor)
    require_no_tie(actor, mission)
    if mission.state != State.COMMITTEE or mission.programme_id != session.programme_id:
        raise Refusal(f"{mission.reference} n’attend pas le comité.")
    if session.items.filter(mission=mission).exists():
        raise Refusal("Cette mission est déjà à l’ordre du jour.")
    if not waiting_missions(session.programme, None).filter(pk=mission.pk).exists():
        raise Refusal(f"{mission.reference} est à l’ordre du jour d’une autre séance.")
    _put(session, [mission])
    touch(session)
    told(session, SESSION_AGENDA, f"{mission.reference} mise à l’ordre du jour.", actor)
    return session


@transaction.atomic
def take_off_agenda(item: AgendaItem, *, actor: User | None) -> CommitteeSession:
    """Raises `PermissionDenied`, `Refusal` once the mission was looked at."""
    session = _organise(item.session, actor)
    item = _waiting(item)
    require_no_tie(actor, item.mission)
    reference = item.mission.reference
    item.delete()
    touch(session)
    told(session, SESSION_AGENDA, f"{reference} retirée de l’ordre du jour.", actor)
    return session


@transaction.atomic
def move_item(item: AgendaItem, *, up: bool, actor: User | None) -> CommitteeSession:
    """One place up or down; at the end of the list nothing moves."""
    session = _organise(item.session, actor)
    require_no_tie(actor, item.mission)
    order = list(session.items.order_by("position", "pk"))
    place = next(n for n, row in enumerate(order) if row.pk == item.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for number, row in enumerate(order, start=1):
        row.position = number
    AgendaItem.objects.bulk_update(order, ["position"])
    touch(session)
    return session


@transaction.atomic
def convene(session: CommitteeSession, *, actor: User | None) -> CommitteeSession:
    """Send the agenda to those called; again after a change. Nobody reads the name of a mission
    they stood aside from. Raises `PermissionDenied`, `Refusal`."""
    organise = "capitalisation.organise_session"
    session = lock_session(session, organise, actor, SessionState.PLANNED)
    items, ties = agenda_for(session, None), ties_in(session)
    if not items:
        raise Refusal("L’ordre du jour est vide.")
    session.convened_at = clock.now()
    touch(session, "convened_at")
    groups: dict[frozenset[int], list[User]] = {}
    for person in members_to_tell(session):
        groups.setdefault(frozenset(ties.get(person.pk, ())), []).append(person)
    for hidden, people in groups.items():
        announce(
            Event.COMMITTEE_AGENDA,
            recipients=people,
            subject=f"Comité de pilotage du {when(session)}",
            text=_agenda_text(session, items, hidden),
            url=session.get_absolute_url(),
            key=f"session:{session.uuid}:{session.version}",
            actor=actor,
        )
    told(session, CONVENE, "Convocation envoyée avec l’ordre du jour.", actor)
    return session


def _agenda_text(session: CommitteeSession, items: list[AgendaItem], hidden: frozenset[int]) -> str:
    lines = [f"Comité de pilotage, {when(session)}."]
    if session.place:
        lines.append(f"Lieu : {session.place}.")
    if session.video_url:
        lines.append(f"À distance : {session.video_url}")
    lines.append("\nOrdre du jour :")
    for number, item in enumerate(items, start=1):
        shown = f"{item.mission.reference}, {item.mission.title} ({item.mission.project.holder})"
        if item.mission_id in hidden:
            shown = "un point examiné hors de votre présence"
        lines.append(f"{number}. {shown}")
    return "\n".join(lines)


@transaction.atomic
def cancel_session(
    session: CommitteeSession, *, reason: str, actor: User | None
) -> CommitteeSession:
    """A sitting that will not be held; its missions wait for another. Raises `Refusal`."""
    organise = "capitalisation.organise_session"
    session = lock_session(session, organise, actor, SessionState.PLANNED)
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    session.state = SessionState.CANCELLED
    touch(session, "state")
    session.items.filter(result=ItemResult.WAITING).update(
        result=ItemResult.DEFERRED, reason=reason.strip()
    )
    told(session, SESSION_CANCEL, "Séance annulée.", actor, reason=reason)
    if session.convened_at:
        announce(
            Event.COMMITTEE_AGENDA,
            recipients=members_to_tell(session),
            subject=f"Séance annulée : {when(session)}",
            text=f"La séance du {when(session)} est annulée.\n\nRaison : {reason.strip()}",
            url=session.get_absolute_url(),
            key=f"session:{session.uuid}:cancelled",
            actor=actor,
        )
    return session


def _organise(session: CommitteeSession, actor: User | None) -> CommitteeSession:
    organise = "capitalisation.organise_session"
    return lock_session(session, organise, actor, SessionState.PLANNED, SessionState.OPEN)


def _waiting(item: AgendaItem) -> AgendaItem:
    item = AgendaItem.objects.select_related("mission").get(pk=item.pk)
    if not item.is_waiting:
        raise Refusal("Ce point est déjà réglé.")
    return item
