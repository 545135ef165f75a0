"""Deciding on a request."""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import advance, lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Milestone, Mission
from missions.funding.queries import envelope_of, euros
from missions.review.decision_models import Decision, DecisionOutcome
from missions.review.decision_queries import decision_of, left_in


@transaction.atomic
def record_decision(
    mission: Mission,
    *,
    outcome: str,
    reason: str,
    conditions: str = "",
    amount: Decimal = Decimal(0),
    actor: User | None,
) -> Decision:
    """Write the committee's decision; it replaces the former one, which stays in the history.

    The envelope's row is locked, so two commitments of the same moment cannot pass over it.
    Raises `PermissionDenied`, `Refusal` (not before the committee, no reason, over the envelope).
    """
    mission = lock(mission)
    if actor is not None and not actor.has_perm("missions.record_decision", mission):
        raise PermissionDenied
    if mission.state != lifecycle.State.COMMITTEE:
        here = lifecycle.label(mission.state).lower()
        raise Refusal(f"Le dossier est « {here} » : il n’attend pas de décision.")
    if outcome not in DecisionOutcome.values:
        raise Refusal("Cette décision n’existe pas.")
    if not reason.strip():
        raise Refusal("Donnez le motif de la décision.")
    _check_amount(mission, outcome, amount)
    former = decision_of(mission)
    if former is not None:
        former.replaced = True
        former.save(update_fields=["replaced"])
        untick(mission, lifecycle.Kind.LETTER)
    decision = Decision.objects.create(
        mission=mission,
        outcome=outcome,
        reason=reason.strip(),
        conditions=conditions.strip(),
        amount=amount,
        decided_at=clock.now(),
        recorded_by=actor,
    )
    _tick_decision(mission, decision, actor)
    return decision


def _check_amount(mission: Mission, outcome: str, amount: Decimal) -> None:
    if amount < 0:
        raise Refusal("Un montant ne peut pas être négatif.")
    if not amount:
        return
    if outcome == DecisionOutcome.DECLINED:
        raise Refusal("Une mission non retenue n’engage aucun montant.")
    year = clock.today().year
    envelope = envelope_of(mission, year, lock=True)
    if envelope is None:
        raise Refusal(f"Aucune enveloppe n’est ouverte pour {mission.territory} en {year}.")
    left = left_in(envelope, but=mission)
    if amount > left:
        raise Refusal(
            f"L’enveloppe {year} de {mission.territory} ne le permet pas : "
            f"il reste {euros(left)}, la décision engage {euros(amount)}."
        )


def _tick_decision(mission: Mission, decision: Decision, actor: User | None) -> None:
    word = str(DecisionOutcome(decision.outcome).label)
    tick(mission, lifecycle.Kind.DECISION, actor=actor)
    Milestone.objects.filter(mission=mission, kind=lifecycle.Kind.DECISION).update(note=word)
    record(
        mission.stream,
        "missions.record_decision",
        f"Décision du comité : {word.lower()}.",
        actor=actor,
        reason=decision.reason,
        data={"amount": str(decision.amount), "conditions": decision.conditions},
    )


@transaction.atomic
def decide(
    mission: Mission,
    *,
    outcome: str,
    reason: str,
    conditions: str = "",
    amount: Decimal = Decimal(0),
    actor: User | None,
) -> Mission:
    """Record the decision and move the mission, both or neither."""
    record_decision(
        mission,
        outcome=outcome,
        reason=reason,
        conditions=conditions,
        amount=amount,
        actor=actor,
    )
    step = "accept" if outcome == DecisionOutcome.ACCEPTED else "decline"
    return advance(mission, step, actor=actor, reason=reason)
