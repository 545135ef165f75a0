"""Corrections asked on a request under review: kept, read, and the time they took.

A correction is about one answer (`field`, a key of `fields.KEYS`). It waits for the association
until it is answered, then for the reviewer until it is settled.
"""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Min, Q
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import Mission, StateChange
from missions.lifecycle import State


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> Self:
        return self.filter(settled_at__isnull=True)

    def unanswered(self) -> Self:
        return self.open().filter(answered_at__isnull=True)


@tracked()
class Correction(models.Model):
    """`before` and `after` are the answer in words, as it stood when asked and when answered."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="corrections")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    field = models.CharField("réponse à corriger", max_length=60)
    question = models.TextField("ce qu’il faut corriger")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    before = models.TextField("réponse au moment de la demande", blank=True)
    answer = models.TextField("mot de l’association", blank=True)
    after = models.TextField("réponse corrigée", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "correction demandée"
        verbose_name_plural = "corrections demandées"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "field"],
                condition=Q(settled_at__isnull=True),
                name="correction_one_open_a_field",
                violation_error_message="Une correction est déjà demandée sur cette réponse.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=models.F("asked_at")),
                name="correction_answered_after_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mission", "asked_at"],
                name="correction_unanswered",
                condition=Q(settled_at__isnull=True, answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} · {self.field}"

    def get_absolute_url(self) -> str:
        return reverse("mission_corrections", args=[self.mission.reference])

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_owed(self) -> bool:
        """Still waited for from the association."""
        return not self.is_answered and not self.is_settled

    @property
    def changed(self) -> bool:
        """Whether the answer itself was rewritten, not only explained."""
        return self.is_answered and self.before != self.after


def corrections_of(mission: Mission) -> list[Correction]:
    """All of them: what waits first, then the newest."""
    rows = Correction.objects.filter(mission=mission).select_related("asked_by", "answered_by")
    return sorted(rows, key=lambda row: (row.is_settled, row.is_answered))


def asked_fields(mission: Mission) -> dict[str, Correction]:
    """Key of the answer → the correction that the association still owes; empty outside review.

    These are the only answers that may be written while the request is in review. Kept on the
    mission object, so that a page asks once.
    """
    if mission.state != State.REVIEW:
        return {}
    kept: dict[str, Correction] | None = mission.__dict__.get("_asked_fields")
    if kept is None:
        rows = Correction.objects.unanswered().filter(mission=mission).select_related("asked_by")
        kept = mission.__dict__["_asked_fields"] = {row.field: row for row in rows}
    return kept


def waiting_since(mission: Mission) -> datetime | None:
    """When the oldest correction still owed by the association was asked."""
    if mission.state != State.REVIEW:
        return None
    rows = Correction.objects.unanswered().filter(mission=mission)
    found: datetime | None = rows.aggregate(first=Min("asked_at"))["first"]
    return found


def silent_since(moment: datetime) -> list[tuple[Mission, datetime]]:
    """Missions in review whose association has owed a correction since `moment` or before."""
    owed = Correction.objects.unanswered().filter(mission__state=State.REVIEW)
    first = dict(
        owed.values("mission")
        .annotate(first=Min("asked_at"))
        .filter(first__lte=moment)
        .values_list("mission", "first")
    )
    missions = Mission.objects.filter(pk__in=first).select_related("project__holder", "programme")
    return [(mission, first[mission.pk]) for mission in missions.defer("search")]


def waiting_time(mission: Mission) -> timedelta:
    """How long the request waited for the association, corrections that overlap counted once.

    A correction left without answer stops counting when the request leaves the review.
    """
    rows = list(
        Correction.objects.filter(mission=mission)
        .order_by("asked_at")
        .values_list("asked_at", "answered_at", "settled_at")
    )
    return _merged(rows, _end(mission)) if rows else timedelta()


def _end(mission: Mission) -> datetime:
    if mission.state == State.REVIEW:
        return clock.now()
    left = StateChange.objects.filter(mission=mission, source=State.REVIEW).order_by("-at").first()
    return left.at if left else clock.now()


def _merged(
    rows: list[tuple[datetime, datetime | None, datetime | None]], end: datetime
) -> timedelta:
    """`rows` are (asked, answered, settled), in the order they were asked."""
    total, until = timedelta(), None
    for asked, answered, settled in rows:
        stopped = answered or settled or end
        begins = asked if until is None else max(asked, until)
        if stopped > begins:
            total += stopped - begins
        until = stopped if until is None else max(until, stopped)
    return total
