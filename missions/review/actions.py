"""Writing a review: eligibility, grid, recommendation, internal notes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import claim
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_only
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import REVIEW
from missions.dossier.actions import lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Mission
from missions.review.models import (
    Criterion,
    EligibilityCheck,
    Point,
    Review,
    ReviewNote,
    Verdict,
)
from missions.review.queries import (
    check_key,
    checks_of,
    eligible_by,
    grid_lacks,
    recommendation_lacks,
    why_key,
)
from missions.review.roll_actions import note_roll

SAVE_REVIEW = Verb("missions.save_review", REVIEW)
REVIEW_NOTE = Verb("missions.review_note", REVIEW)

GRID = (*Criterion.values, *(why_key(criterion) for criterion in Criterion.values))
COLUMNS = (*GRID, "recommendation", "recommendation_why", "conflicts_asked")
CHECKS = frozenset(
    key for point in Point for key in (check_key(point.value), why_key(check_key(point.value)))
)
KEYS = frozenset({*COLUMNS, *CHECKS})


@transaction.atomic
def save_review(
    mission: Mission,
    data: Mapping[str, Any],
    *,
    actor: User | None,
    version: int | None = None,
) -> Review:
    """Write whichever of the eligibility checks, grid and recommendation; milestones follow.

    `data` has `check_registered` (a `Verdict` or nothing) and `check_registered_why` for each
    point, `impact` and `impact_why` for each criterion. Raises `PermissionDenied`, `Stale`,
    `Refusal` (not in review, a « no » without its reason).
    """
    if unknown := set(data) - KEYS:
        raise ValueError(f"unknown answers: {', '.join(sorted(unknown))}")
    mission = lock(mission)
    require(actor, "missions.review", mission)
    check_when("save_review", mission.state)
    review = lock_only(Review.objects.filter(mission=mission))
    review = review or Review.objects.create(mission=mission)
    if version is not None and version != review.version:
        raise Stale(review.version)
    changed = {key for key in COLUMNS if key in data and getattr(review, key) != data[key]}
    for key in changed:
        setattr(review, key, data[key])
    review.clean_fields(exclude=["mission", "lead", "version"])
    verified = _write_checks(review, data)
    if changed or verified:
        review.version += 1
        review.save(update_fields=[*changed, "eligible", "version"])
        record(
            mission.stream,
            SAVE_REVIEW,
            "Instruction enregistrée.",
            actor=actor,
            data={"answers": sorted(changed | verified)},
        )
    if "conflicts_asked" in changed and review.conflicts_asked:
        note_roll(mission, actor=actor)
    _follow(mission, review, actor)
    return review


def _write_checks(review: Review, data: Mapping[str, Any]) -> set[str]:
    """Returns the keys that changed; `eligible` is set to what the checks say together."""
    known = {row.point: row for row in checks_of(review)}
    changed: set[str] = set()
    for point in Point:
        key = check_key(point.value)
        why = why_key(key)
        if not {key, why} & set(data):
            continue
        row = known.get(point.value) or EligibilityCheck(review=review, point=point)
        verdict, reason = data.get(key, row.verdict) or "", (data.get(why, row.why) or "").strip()
        if (verdict, reason) == (row.verdict, row.why):
            continue
        changed.add(key)
        _write_check(row, verdict, reason)
        known[point.value] = row
    review.eligible = eligible_by({point: row.verdict for point, row in known.items()})
    return changed


def _write_check(row: EligibilityCheck, verdict: str, why: str) -> None:
    row.verdict, row.why = verdict, why
    if not verdict:
        if row.pk:
            row.delete()
        return
    if verdict != Verdict.YES and not why:
        raise Refusal(f"« {row.get_point_display()} » : dites pourquoi.")
    row.clean_fields(exclude=["review"])
    row.save()


def _follow(mission: Mission, review: Review, actor: User | None) -> None:
    lacking = {
        lifecycle.Kind.GRID: grid_lacks(review),
        lifecycle.Kind.RECOMMENDATION: recommendation_lacks(review),
        lifecycle.Kind.CONFLICT_ROLL: (
            [] if review.conflicts_asked else ["le tour des conflits d’intérêts"]
        ),
    }
    for kind, words in lacking.items():
        if words:
            untick(mission, kind, missing=words)
        else:
            tick(mission, kind, actor=actor)


@transaction.atomic
def add_note(mission: Mission, *, text: str, actor: User | None, token: UUID) -> ReviewNote:
    """Sign an internal note; the same `token` writes it once. It is never rewritten.

    Raises `PermissionDenied`, `Refusal` when it is empty.
    """
    mission = lock(mission)
    require(actor, "missions.add_review_note", mission)
    check_when("add_note", mission.state)
    if not text.strip():
        raise Refusal("Écrivez la note.")
    claim(ReviewNote, token, actor)
    note, made = ReviewNote.objects.get_or_create(
        token=token,
        defaults={
            "mission": mission,
            "author": actor,
            "at": clock.now(),
            "text": text.strip(),
        },
    )
    if note.mission_id != mission.pk or note.author != actor:
        raise PermissionDenied
    if made:
        record(mission.stream, REVIEW_NOTE, "Note interne ajoutée.", actor=actor)
    return note
