"""What the committee decides about a request."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions import lifecycle
from missions.dossier.models import Mission


class DecisionOutcome(models.TextChoices):
    ACCEPTED = lifecycle.Outcome.ACCEPTED.value, lifecycle.RETAINED
    DECLINED = lifecycle.Outcome.DECLINED.value, lifecycle.NOT_RETAINED


def _count(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


@tracked()
class Decision(models.Model):
    """The committee's decision. A new one replaces the former, which stays in the history.

    Votes are counts, empty when nobody voted. `delegation` says by which delegation, or at which
    meeting, a decision was taken outside a sitting with its quorum.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="decisions")
    outcome = models.CharField("décision", max_length=10, choices=DecisionOutcome)
    reason = models.TextField("motif")
    conditions = models.TextField("conditions", blank=True)
    amount = models.DecimalField("montant engagé (€)", max_digits=12, decimal_places=2, default=0)
    delegation = models.TextField("hors séance ou sans quorum", blank=True)
    votes_for = _count("voix pour")
    votes_against = _count("voix contre")
    abstentions = _count("abstentions")
    decided_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replaced = models.BooleanField(default=False)

    class Meta:
        verbose_name = "décision"
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(replaced=False),
                name="decision_one_in_force",
                violation_error_message="Une décision est déjà enregistrée.",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="decision_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} · {self.mission.reference}"
