"""What coordinators write about a request."""

from django.core.validators import MaxValueValidator
from django.db import models

from explor.accounts.models import User
from explor.journal.tracking import tracked
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
