"""Reviewing a request, deciding on it, standing aside from it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.dossier.actions import advance, lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import ConflictOfInterest, Milestone, Mission
from missions.funding.queries import envelope_of, euros
from missions.review.models import Criterion, Decision, DecisionOutcome, Review
from missions.review.queries import decision_of, grid_lacks, left_in, recommendation_lacks

JUDGEMENT = (
    "eligible",
    *Criterion.values,
    "recommendation",
    "recommendation_why",
    "conflicts_asked",
)
KEYS = frozenset({"lead", "internal_notes", *JUDGEMENT})


@transaction.atomic
def save_review(
    mission: Mission,
    data: Mapping[str, Any],
    *,
    actor: User | None,
    version: int | None = None,
) -> Review:
    """Write the grid, the notes and the recommendation; milestones follow.

    The judgement is written while the request is in review; the notes at any time. Raises
    `PermissionDenied`, `Stale`, `Refusal`.
    """
    if unknown := set(data) - KEYS:
        raise ValueError(f"unknown answers: {', '.join(sorted(unknown))}")
    mission = lock(mission)
    _check("missions.review", mission, actor)
    review, _ = Review.objects.select_for_update().get_or_create(mission=mission)
    if version is not None and version != review.version:
        raise Stale(review.version)
    changed = [key for key in data if getattr(review, key) != data[key]]
    if mission.state != lifecycle.State.REVIEW and set(changed) & set(JUDGEMENT):
        raise Refusal("La grille et la recommandation s’écrivent pendant l’instruction.")
    for key in changed:
        setattr(review, key, data[key])
    review.clean_fields(exclude=["mission", "lead", "version"])
    if changed:
        review.version += 1
        review.save(update_fields=[*changed, "version"])
        record(
            mission.stream,
            "missions.save_review",
            "Instruction enregistrée.",
            actor=actor,
            data={"answers": sorted(changed)},
        )
    _follow(mission, review, actor)
    return review


def _follow(mission: Mission, review: Review, actor: User | None) -> None:
    rolled = [] if review.conflicts_asked else ["le tour des conflits d’intérêts"]
    lacking = {
        lifecycle.Kind.GRID: grid_lacks(review),
        lifecycle.Kind.RECOMMENDATION: recommendation_lacks(review),
        lifecycle.Kind.CONFLICT_ROLL: rolled,
    }
    for kind, words in lacking.items():
        if words:
            untick(mission, kind, missing=words)
        else:
            tick(mission, kind, actor=actor)


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
    _check("missions.record_decision", mission, actor)
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


@transaction.atomic
def declare_conflict(
    mission: Mission, *, person: User, nature: str, actor: User | None
) -> ConflictOfInterest:
    """`person` stands aside: every right on the mission goes, the dossier included.

    People declare for themselves. Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(mission)
    _check("missions.declare_conflict", mission, actor)
    if actor is not None and actor != person:
        raise PermissionDenied
    if not nature.strip():
        raise Refusal("Dites en quelques mots quel est ce lien.")
    conflict = ConflictOfInterest.objects.create(
        mission=mission, user=person, nature=nature.strip()[:300], declared_at=clock.now()
    )
    record(
        mission.stream,
        "missions.declare_conflict",
        f"Conflit d’intérêts déclaré par {person}.",
        actor=actor,
        reason=conflict.nature,
    )
    return conflict


def _check(permission: str, mission: Mission, actor: User | None) -> None:
    if actor is not None and not actor.has_perm(permission, mission):
        raise PermissionDenied
