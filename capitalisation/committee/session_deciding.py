"""Deciding on a mission in a sitting: quorum, votes, the decision and what follows it."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from capitalisation.committee.session_models import AgendaItem, CommitteeSession, ItemResult
from capitalisation.committee.session_planning import told, touch
from capitalisation.committee.session_queries import Sitting, agenda_for, roll_of, votes_on
from capitalisation.committee.session_sitting import KEEP, READ, lock_item
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.ui.errors import Refusal
from missions.audiences import TEAM
from missions.review.decision_actions import Votes, decide, record_decision, send_back
from missions.review.decision_forms import RETURNED
from missions.review.decision_models import DecisionOutcome
from missions.review.decision_queries import decision_of

SESSION_ITEM = Verb("session.item", TEAM)


@transaction.atomic
def decide_item(
    item: AgendaItem,
    *,
    outcome: str,
    reason: str,
    conditions: str = "",
    amount: Decimal = Decimal(0),
    delegation: str = "",
    token: UUID | None = None,
    actor: User | None,
) -> AgendaItem:
    """Decide, once: two people at the same moment make one decision, the same `token` too.

    A member of the committee who is there decides; the administration records, and a member then
    makes it effective. Without quorum `delegation` says by what right. Raises `PermissionDenied`,
    `Refusal`: roll not made, quorum missing, vote against, envelope too small.
    """
    session, item = lock_item(item, READ, actor, token=token)
    if not item.is_waiting:
        return item
    mission = item.mission
    require(actor, "missions.record_decision", mission)
    sitting = Sitting(session, roll_of(session, item))
    votes = votes_on(item, sitting.roll)
    _check(item, sitting, votes, outcome=outcome, delegation=delegation, actor=actor)
    if outcome == RETURNED:
        send_back(mission, reason=reason, actor=actor)
        item.result = ItemResult.RETURNED
    else:
        effective = actor is None or actor.has_perm("missions.decide", mission)
        (decide if effective else record_decision)(
            mission,
            outcome=outcome,
            reason=reason,
            conditions=conditions,
            amount=amount,
            delegation=delegation,
            votes=votes,
            token=token,
            actor=actor,
        )
        item.result, item.decision = ItemResult.DECIDED, decision_of(mission)
    item.quorum_met = sitting.item_is_quorate
    return _settle(session, item, reason, sitting, actor)


def _check(
    item: AgendaItem,
    sitting: Sitting,
    votes: Votes | None,
    *,
    outcome: str,
    delegation: str,
    actor: User | None,
) -> None:
    if item.rolled_at is None:
        raise Refusal("Faites d’abord le tour des conflits d’intérêts.")
    member = sitting.row_of(actor) if actor is not None else None
    if member is not None and not member.is_here:
        raise Refusal("Vous n’êtes pas noté·e présent·e à cette séance.")
    if not sitting.item_is_quorate and not delegation.strip():
        raise Refusal(
            f"Le quorum n’est pas atteint : {len(sitting.voters)} sur {sitting.needed}. "
            "Dites par quelle délégation le comité décide, ou reportez ce point."
        )
    if votes is None:
        return
    for_it, against = votes.favourable, votes.against
    if outcome == DecisionOutcome.ACCEPTED and against > for_it:
        raise Refusal(f"Le vote est contraire : {for_it} pour, {against} contre.")
    if outcome == DecisionOutcome.DECLINED and for_it > against:
        raise Refusal(f"Le vote est favorable : {for_it} pour, {against} contre.")


@transaction.atomic
def defer_item(item: AgendaItem, *, reason: str, actor: User | None) -> AgendaItem:
    """Put off to a later sitting: the mission stays before the committee. Raises
    `PermissionDenied`, `Refusal` without a reason."""
    session, item = lock_item(item, KEEP, actor)
    if not reason.strip():
        raise Refusal("Donnez la raison du report.")
    item.result = ItemResult.DEFERRED
    sitting = Sitting(session, roll_of(session, item))
    return _settle(session, item, reason, sitting, actor)


def _settle(
    session: CommitteeSession,
    item: AgendaItem,
    reason: str,
    sitting: Sitting,
    actor: User | None,
) -> AgendaItem:
    """Write the issue, put the next mission on the table, tell the sitting and the mission."""
    item.reason = reason.strip()
    item.save(update_fields=["result", "reason", "decision", "quorum_met"])
    sitting.agenda = agenda_for(session, None)
    session.current = sitting.after(item)
    touch(session, "current")
    text = f"{item.get_result_display()} en {str(session).lower()}."
    told(session, SESSION_ITEM, f"Point {item.position} : {text.lower()}", actor, reason=reason)
    record(item.mission.stream, SESSION_ITEM, text, actor=actor, reason=reason)
    return item
