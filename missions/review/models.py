"""What coordinators and the committee write about a request."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions import lifecycle
from missions.dossier.models import Mission


class Criterion(models.TextChoices):
    """The six OECD-DAC evaluation criteria."""

    RELEVANCE = "relevance", "Pertinence"
    COHERENCE = "coherence", "Cohérence"
    EFFECTIVENESS = "effectiveness", "Efficacité"
    EFFICIENCY = "efficiency", "Efficience"
    IMPACT = "impact", "Impact"
    SUSTAINABILITY = "sustainability", "Durabilité"


class Recommendation(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    WITH_CONDITIONS = "with_conditions", "Favorable avec conditions"
    UNFAVOURABLE = "unfavourable", "Défavorable"


class DecisionOutcome(models.TextChoices):
    ACCEPTED = "accepted", lifecycle.RETAINED
    DECLINED = "declined", lifecycle.NOT_RETAINED


def _score(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """0 (weak) to 4 (strong); empty until it is scored."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(4)]
    )


@tracked()
class Review(models.Model):
    mission = models.OneToOneField(Mission, models.CASCADE, related_name="review")
    lead = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivi par",
    )
    eligible = models.BooleanField("éligible", null=True, blank=True)
    relevance = _score("Pertinence")
    coherence = _score("Cohérence")
    effectiveness = _score("Efficacité")
    efficiency = _score("Efficience")
    impact = _score("Impact")
    sustainability = _score("Durabilité")
    internal_notes = models.TextField("notes internes", blank=True)
    recommendation = models.CharField(
        "recommandation", max_length=16, choices=Recommendation, blank=True
    )
    recommendation_why = models.TextField("motif de la recommandation", blank=True)
    conflicts_asked = models.BooleanField("tour des conflits d’intérêts fait", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "instruction"

    def __str__(self) -> str:
        return f"Instruction {self.mission.reference}"


@tracked()
class Decision(models.Model):
    """The committee's decision. A new one replaces the former, which stays in the history."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="decisions")
    outcome = models.CharField("décision", max_length=10, choices=DecisionOutcome)
    reason = models.TextField("motif")
    conditions = models.TextField("conditions", blank=True)
    amount = models.DecimalField("montant engagé (€)", max_digits=12, decimal_places=2, default=0)
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
