"""Reviewing a request, standing aside from it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.dossier.actions import lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import ConflictOfInterest, Mission
from missions.review.models import Criterion, Review
from missions.review.queries import grid_lacks, recommendation_lacks

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
