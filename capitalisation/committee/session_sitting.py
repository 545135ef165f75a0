"""Holding a sitting: presence, ties, votes, closing. Decisions are in `session_deciding`."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from capitalisation.audiences import SESSION
from capitalisation.committee.minutes_models import SessionMinutes
from capitalisation.committee.session_models import (
    AgendaItem,
    CommitteeSession,
    ItemResult,
    Presence,
    SessionState,
    SessionVote,
    VoteChoice,
)
from capitalisation.committee.session_planning import lock_session, told, touch
from capitalisation.committee.session_queries import Sitting, roll_of
from explor import clock
from explor.accounts.models import User
from explor.journal.verbs import Verb
from explor.ui.errors import Refusal
from missions.dossier.numbering import next_number
from missions.dossier.standing import require_no_tie
from missions.lifecycle import State
from missions.review.decision_queries import decision_of
from missions.review.roll_actions import declare_conflict, note_roll

SESSION_OPEN = Verb("session.open", SESSION)
PRESENCE = Verb("session.presence", SESSION)
STAND_ASIDE = Verb("session.stand_aside", SESSION)
SESSION_ROLL = Verb("session.roll", SESSION)
SESSION_VOTE = Verb("session.vote", SESSION)
SESSION_CLOSE = Verb("session.close", SESSION)

KEEP = "capitalisation.keep_session"
READ = "capitalisation.read_session"


@transaction.atomic
def open_session(session: CommitteeSession, *, actor: User | None) -> CommitteeSession:
    """Begin: the roll is called, the first mission is on the table."""
    session = lock_session(session, KEEP, actor, SessionState.PLANNED)
    session.state, session.opened_at = SessionState.OPEN, clock.now()
    session.current = session.items.order_by("position", "pk").first()
    touch(session, "state", "opened_at", "current")
    told(session, SESSION_OPEN, "Séance ouverte.", actor)
    return session


@transaction.atomic
def note_presence(
    session: CommitteeSession, presence: Mapping[int, str], *, actor: User | None
) -> CommitteeSession:
    """Presence by person. Members say it for themselves; who keeps the sitting, for everyone.

    Raises `PermissionDenied`, `Refusal` for an unknown presence.
    """
    session = lock_session(session, READ, actor, SessionState.PLANNED, SessionState.OPEN)
    alone = actor is not None and set(presence) <= {actor.pk}
    if actor is not None and not alone and not actor.has_perm(KEEP, session):
        raise PermissionDenied
    if set(presence.values()) - set(Presence.values):
        raise Refusal("Cette présence n’existe pas.")
    rows = list(session.attendances.select_related("user").filter(user__in=presence))
    moved = [row for row in rows if row.presence != presence[row.user_id]]
    for row in moved:
        row.presence = presence[row.user_id]
        row.save(update_fields=["presence"])
        text = f"{row.user} : {row.get_presence_display().lower()}."
        told(session, PRESENCE, text, actor)
    if moved:
        touch(session)
    return session


@transaction.atomic
def go_to(item: AgendaItem, *, actor: User | None) -> CommitteeSession:
    """Put a mission on the table, for everyone who follows the sitting."""
    session = lock_session(item.session, KEEP, actor, SessionState.OPEN)
    require_no_tie(actor, item.mission)
    session.current = item
    touch(session, "current")
    return session


@transaction.atomic
def stand_aside(item: AgendaItem, *, nature: str, actor: User) -> AgendaItem:
    """A member declares a tie in the sitting: the dossier closes for them, their vote falls."""
    session, item = lock_item(item, READ, actor)
    declare_conflict(item.mission, person=actor, nature=nature, actor=actor)
    item.votes.filter(user=actor).delete()
    touch(session)
    text = f"Point {item.position} : {actor} s’est retiré·e."
    told(session, STAND_ASIDE, text, actor)
    return item


@transaction.atomic
def close_roll(item: AgendaItem, *, actor: User | None) -> AgendaItem:
    """Each person there has said whether they have a tie; those still silent said no."""
    session, item = lock_item(item, KEEP, actor)
    sitting = Sitting(session, roll_of(session, item))
    if not sitting.voters:
        raise Refusal("Notez d’abord qui est là.")
    if silent := [row.user for row in sitting.silent]:
        note_roll(item.mission, people=silent, actor=None)
    item.rolled_at = clock.now()
    item.save(update_fields=["rolled_at"])
    touch(session)
    names = ", ".join(str(row.user) for row in sitting.voters)
    told(session, SESSION_ROLL, f"Point {item.position} : aucun lien pour {names}.", actor)
    return item


@transaction.atomic
def cast_vote(
    item: AgendaItem, choice: str, *, person: User | None = None, actor: User | None
) -> SessionVote:
    """The vote of a member who is there and has no tie; the last word counts. Who keeps the
    sitting may write it for them. Raises `PermissionDenied`, `Refusal`."""
    session, item = lock_item(item, READ, actor)
    voter = person or actor
    if actor is not None and voter != actor and not actor.has_perm(KEEP, session):
        raise PermissionDenied
    if choice not in VoteChoice.values:
        raise Refusal("Ce vote n’existe pas.")
    _check_rolled(item)
    voters = {row.user_id for row in Sitting(session, roll_of(session, item)).voters}
    if voter is None or voter.pk not in voters:
        raise Refusal("Cette personne n’est pas notée présente, ou s’est retirée.")
    vote, _ = SessionVote.objects.update_or_create(
        item=item, user=voter, defaults={"choice": choice, "cast_at": clock.now()}
    )
    touch(session)
    text = f"Point {item.position} : {voter} vote « {vote.get_choice_display().lower()} »."
    told(session, SESSION_VOTE, text, actor)
    return vote


@transaction.atomic
def count_votes(
    item: AgendaItem, *, favourable: int, against: int, abstained: int, actor: User | None
) -> AgendaItem:
    """Counts of a show of hands, when nobody voted by name. Raises `PermissionDenied`,
    `Refusal` when there are more votes than voters."""
    session, item = lock_item(item, KEEP, actor)
    _check_rolled(item)
    if item.votes.exists():
        raise Refusal("Des votes nominatifs sont déjà enregistrés : ce sont eux qui comptent.")
    voters = len(Sitting(session, roll_of(session, item)).voters)
    if favourable + against + abstained > voters:
        raise Refusal(f"Il y a {voters} votants, et plus de voix que cela.")
    item.counted_for, item.counted_against, item.counted_abstain = favourable, against, abstained
    item.save(update_fields=["counted_for", "counted_against", "counted_abstain"])
    touch(session)
    text = f"Point {item.position} : {favourable} pour, {against} contre, {abstained} abstention."
    told(session, SESSION_VOTE, text, actor)
    return item


@transaction.atomic
def close_session(session: CommitteeSession, *, actor: User | None) -> SessionMinutes:
    """End the sitting and draft its minutes. Every mission was decided, sent back or put off;
    one that was settled elsewhere meanwhile is noted so. Raises `Refusal` naming what is left."""
    session = lock_session(session, KEEP, actor, SessionState.OPEN)
    left = []
    for item in session.items.filter(result=ItemResult.WAITING).select_related("mission"):
        if item.mission.state == State.COMMITTEE:
            left.append(f"point {item.position}")
            continue
        item.result, item.decision = ItemResult.ELSEWHERE, decision_of(item.mission)
        item.save(update_fields=["result", "decision"])
    if left:
        raise Refusal(f"Il reste à décider ou à reporter : {', '.join(left)}.")
    session.state, session.closed_at = SessionState.CLOSED, clock.now()
    touch(session, "state", "closed_at")
    told(session, SESSION_CLOSE, "Séance close.", actor)
    return SessionMinutes.objects.create(
        session=session, number=_minutes_number(session), drafted_by=actor
    )


def _minutes_number(session: CommitteeSession) -> str:
    """`EX-2026-PV03`, the number of the sitting; the next free one when another programme of the
    same prefix has it."""
    prefix = f"{session.programme.reference_prefix}-{session.year}-PV"
    number = f"{prefix}{session.number:02d}"
    if not SessionMinutes.objects.filter(number=number).exists():
        return number
    return f"{prefix}{next_number(prefix, SessionMinutes.objects.all(), 'number'):02d}"


def lock_item(
    item: AgendaItem, permission: str, actor: User | None, *, token: UUID | None = None
) -> tuple[CommitteeSession, AgendaItem]:
    """An item of an open sitting that waits; the sitting's row is locked. With a `token`, an item
    whose decision carries it is given back as it is."""
    session = lock_session(item.session, permission, actor, SessionState.OPEN)
    rows = AgendaItem.objects.select_related("mission", "decision").defer("mission__search")
    item = rows.get(pk=item.pk)
    require_no_tie(actor, item.mission)
    item.session = session
    again = token is not None and item.decision is not None and item.decision.token == token
    if not item.is_waiting and not again:
        raise Refusal("Ce point est déjà réglé : la page vous montre l’issue.")
    return session, item


def _check_rolled(item: AgendaItem) -> None:
    if item.rolled_at is None:
        raise Refusal("Faites d’abord le tour des conflits d’intérêts.")
