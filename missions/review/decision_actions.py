"""Deciding on a request, once; replacing a decision, setting it aside."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import DECISION_SET_ASIDE, TEAM
from missions.dossier.actions import advance, lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Milestone, Mission
from missions.funding.commitments import commit, release
from missions.review.decision_models import Decision, DecisionOutcome
from missions.review.decision_queries import decision_of
from missions.review.letter_models import DecisionLetter, LetterState
from missions.review.letter_writing import draft_letter, replace_letters

RECORD_DECISION = Verb("missions.record_decision", TEAM)

#: A mission that comes back here has to be decided anew.
BEFORE_THE_COMMITTEE = frozenset(
    {lifecycle.State.DRAFT, lifecycle.State.SUBMITTED, lifecycle.State.REVIEW}
)
#: What each outcome does to the mission.
_STEPS: dict[str, str] = {DecisionOutcome.ACCEPTED: "accept", DecisionOutcome.DECLINED: "decline"}


@dataclass(frozen=True)
class Votes:
    """Counts, of people who were there and had no tie."""

    favourable: int
    against: int
    abstained: int


@transaction.atomic
def record_decision(
    mission: Mission,
    *,
    outcome: str,
    reason: str,
    conditions: str = "",
    amount: Decimal = Decimal(0),
    delegation: str = "",
    votes: Votes | None = None,
    token: UUID | None = None,
    actor: User | None,
) -> Decision:
    """Write the committee's decision; it replaces the former one, which stays in the history.

    The amount is taken from the envelope of the year, in the same transaction; what a former
    decision held is given back. A letter is drafted, the former one is replaced. The same `token`
    gives the same decision. Raises `PermissionDenied`, `Refusal` (not before the committee, no
    reason, over the envelope).
    """
    mission = lock(mission)
    require(actor, "missions.record_decision", mission)
    token = token or uuid4()
    if known := sent_before(Decision.objects.all(), token, actor=actor, mission=mission):
        return known
    _check(mission, outcome, reason, amount)
    named = f"comité du {clock.today():%d/%m/%Y}"
    commit(mission, amount, year=clock.today().year, actor=actor, decision=named)
    if former := decision_of(mission):
        former.replaced = True
        former.save(update_fields=["replaced"])
    decision = Decision.objects.create(
        mission=mission,
        token=token,
        outcome=outcome,
        reason=reason.strip(),
        conditions=conditions.strip(),
        amount=amount,
        delegation=delegation.strip(),
        votes_for=votes.favourable if votes else None,
        votes_against=votes.against if votes else None,
        abstentions=votes.abstained if votes else None,
        decided_at=clock.now(),
        recorded_by=actor,
    )
    _tick_decision(mission, decision, actor)
    draft_letter(decision, actor=actor)
    return decision


def _check(mission: Mission, outcome: str, reason: str, amount: Decimal) -> None:
    check_when("record_decision", mission.state)
    if outcome not in DecisionOutcome.values:
        raise Refusal("Cette décision n’existe pas.")
    if not reason.strip():
        raise Refusal("Donnez le motif de la décision.")
    if outcome == DecisionOutcome.DECLINED and amount > 0:
        raise Refusal("Une mission non retenue n’engage aucun montant.")


def _tick_decision(mission: Mission, decision: Decision, actor: User | None) -> None:
    word = str(DecisionOutcome(decision.outcome).label)
    tick(mission, lifecycle.Kind.DECISION, actor=actor)
    Milestone.objects.filter(mission=mission, kind=lifecycle.Kind.DECISION).update(
        note=word, outcome=decision.outcome
    )
    record(
        mission.stream,
        RECORD_DECISION,
        f"Décision du comité : {word.lower()}.",
        actor=actor,
        reason=decision.reason,
        data={
            "amount": str(decision.amount),
            "conditions": decision.conditions,
            "delegation": decision.delegation,
            "votes": [decision.votes_for, decision.votes_against, decision.abstentions],
        },
    )


@transaction.atomic
def decide(
    mission: Mission,
    *,
    outcome: str,
    reason: str,
    conditions: str = "",
    amount: Decimal = Decimal(0),
    delegation: str = "",
    votes: Votes | None = None,
    token: UUID | None = None,
    actor: User | None,
) -> Mission:
    """Record the decision and move the mission, both or neither; the same `token` does it once.

    The association learns it by the letter: no message leaves for it now.
    """
    if token and sent_before(Decision.objects.all(), token, actor=actor, mission=mission):
        return lock(mission)
    record_decision(
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
    return advance(mission, _STEPS[outcome], actor=actor, reason=reason)


@transaction.atomic
def make_effective(mission: Mission, *, actor: User | None) -> Mission:
    """The committee makes its own the decision that the administration recorded for it.

    Raises `PermissionDenied`, `Refusal` when none is recorded or it no longer waits.
    """
    mission = lock(mission)
    require(actor, "missions.decide", mission)
    decision = decision_of(mission)
    if decision is None:
        raise Refusal("Aucune décision n’est enregistrée\u00a0: décidez ci-dessous.")
    return advance(mission, _STEPS[decision.outcome], actor=actor, reason=decision.reason)


@transaction.atomic
def send_back(mission: Mission, *, reason: str, actor: User | None) -> Mission:
    """« Renvoyer en instruction ». Raises `PermissionDenied`, `Refusal` without a reason."""
    return advance(mission, "back_to_review", actor=actor, reason=reason)


@step
def follow_state(mission: Mission, source: str, actor: User | None) -> None:
    """What a change of state does to the decision, whatever its door.

    An effective decision is not told until its letter leaves. Back before the committee, the
    decision in force is set aside with its letter and gives its amount back.
    """
    if source == lifecycle.State.COMMITTEE and mission.is_hushed:
        _told_before(mission)
    if mission.state not in BEFORE_THE_COMMITTEE:
        return
    decision = decision_of(mission)
    if decision is None:
        return
    decision.replaced = True
    decision.save(update_fields=["replaced"])
    untick(mission, lifecycle.Kind.DECISION)
    Milestone.objects.filter(mission=mission, kind=lifecycle.Kind.DECISION).update(
        note="", outcome=""
    )
    replace_letters(mission)
    release(mission, actor=None, reason="La décision est mise de côté.")
    mission.decided_at, mission.decision_told_at = None, None
    mission.save(update_fields=["decided_at", "decision_told_at"])
    text = "Décision mise de côté : le dossier est revenu avant le comité."
    record(mission.stream, DECISION_SET_ASIDE, text, actor=actor)


def _told_before(mission: Mission) -> None:
    """The committee looked again and kept its decision: the letter already sent still tells it."""
    letter = DecisionLetter.objects.filter(mission=mission, state=LetterState.SENT).first()
    if letter is not None:
        mission.decision_told_at = letter.sent_at
        mission.save(update_fields=["decision_told_at"])
