"""What a mission goes through: milestones, volunteers, changes of state, declared ties."""

from datetime import date
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions import lifecycle
from missions.actors.models import Volunteer
from missions.dossier.mission import Mission
from missions.dossier.programme import OwnerRole
from missions.dossier.querysets import MilestoneQuerySet


class EngagementState(models.TextChoices):
    PROPOSED = "proposed", "Proposition envoyée"
    ACCEPTED = "accepted", "Proposition acceptée"
    DECLINED = "declined", "Proposition déclinée"
    CONFIRMED = "confirmed", "Confirmé·e"
    WITHDRAWN = "withdrawn", "S’est retiré·e"


@tracked()
class Milestone(models.Model):
    """Something due on a mission, with an owner; a guard may require it for a transition.

    `missing` names, in French, what still lacks before it can be done; later stages keep it.
    `outcome` is what the act came to, by its code (`lifecycle.Outcome`): rules read it, never
    `note`.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=40)
    label = models.CharField("jalon", max_length=160)
    owner_role = models.CharField("à la charge de", max_length=12, choices=OwnerRole)
    required_for = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    offset_from_departure = models.SmallIntegerField(
        "jours avant (−) ou après le départ", null=True, blank=True
    )
    due_on = models.DateField("échéance", null=True, blank=True)
    done_on = models.DateField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    waived_because = models.CharField("dispensé parce que", max_length=300, blank=True)
    note = models.TextField("note", blank=True)
    outcome = models.CharField("issue", max_length=20, blank=True)
    missing = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "jalon"
        ordering = ["mission", "position", "pk"]
        indexes = [
            # what is still to be done: a tenth of them, read by every list and by « Mon travail »
            models.Index(
                fields=["mission", "due_on"],
                name="milestone_open",
                condition=Q(done_on__isnull=True, waived_because=""),
            ),
            # what is due first, of everybody or of one role
            models.Index(
                fields=["due_on", "owner_role"],
                name="milestone_due",
                condition=Q(done_on__isnull=True, waived_because=""),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mission", "kind"], name="milestone_kind_once"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(waived_because=""),
                name="milestone_done_or_waived",
                violation_error_message="Un jalon est fait ou dispensé, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_settled(self) -> bool:
        return lifecycle.settled(self)

    def is_late(self, today: date) -> bool:
        return not self.is_settled and self.due_on is not None and self.due_on < today


@tracked()
class Engagement(models.Model):
    """A volunteer on a mission: proposed, then confirmed."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="engagements")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="engagements")
    state = models.CharField(
        max_length=10, choices=EngagementState, default=EngagementState.PROPOSED
    )
    why = models.TextField("pourquoi cette personne", blank=True)
    answer = models.TextField("réponse", blank=True)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = "mise en relation"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "volunteer"],
                name="engagement_once",
                violation_error_message="Cette personne a déjà été proposée pour cette mission.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.volunteer} · {self.get_state_display()}"


class StateChange(models.Model):
    """One move in a mission's life. `transition` is empty when staff put the state by hand."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="changes")
    transition = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = "changement d’état"
        ordering = ["mission", "at", "pk"]
        indexes = [models.Index(fields=["target", "at"], name="change_target_at")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class ConflictOfInterest(models.Model):
    """A declared tie that takes every right on the mission away from a person."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="conflicts")
    user = models.ForeignKey(User, models.CASCADE, related_name="conflicts")
    declared_at = models.DateTimeField()
    nature = models.CharField("nature du lien", max_length=300)

    class Meta:
        verbose_name = "conflit d’intérêts"
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "user"],
                name="conflict_once",
                violation_error_message="Ce lien est déjà déclaré.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.nature}"
