"""What coordinators write about a request."""

from uuid import uuid4

import pgtrigger
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from explor.accounts.models import User
from explor.documents.models import StoredFile
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


class Point(models.TextChoices):
    """What makes a request eligible."""

    REGISTERED = "registered", "L’association est déclarée"
    MIGRANT_LED = "migrant_led", "La majorité du bureau est issue des migrations"
    TERRITORY = "territory", "L’association agit depuis le territoire"
    PARTNER = "partner", "Un partenaire sur place est identifié et joignable"
    LOCAL_NEED = "local_need", "Le besoin est exprimé par les personnes concernées"
    EXPERTISE = "expertise", "La mission est courte et ne remplace pas un emploi"
    PERIOD = "period", "La période laisse le temps de préparer le départ"
    SAFETY = "safety", "La zone n’est pas déconseillée aux voyageurs"
    BUDGET = "budget", "Le budget est équilibré et chaque dépense est calculée"


class Verdict(models.TextChoices):
    YES = "yes", "Oui"
    NO = "no", "Non"
    WAIVED = "waived", "Dérogation"


class Recommendation(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    WITH_CONDITIONS = "with_conditions", "Favorable avec conditions"
    UNFAVOURABLE = "unfavourable", "Défavorable"


def _score(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    """0 (weak) to 4 (strong); empty until it is scored."""
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(4)]
    )


def _comment(label: str) -> "models.CharField[str, str]":
    return models.CharField(f"{label}, commentaire", max_length=500, blank=True)


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
    # what the checks say together, kept for lists and figures
    eligible = models.BooleanField("éligible", null=True, blank=True, editable=False)
    relevance = _score("Pertinence")
    relevance_why = _comment("Pertinence")
    coherence = _score("Cohérence")
    coherence_why = _comment("Cohérence")
    effectiveness = _score("Efficacité")
    effectiveness_why = _comment("Efficacité")
    efficiency = _score("Efficience")
    efficiency_why = _comment("Efficience")
    impact = _score("Impact")
    impact_why = _comment("Impact")
    sustainability = _score("Durabilité")
    sustainability_why = _comment("Durabilité")
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
class EligibilityCheck(models.Model):
    """One point verified. A « no » and a derogation say why."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="checks")
    point = models.CharField(max_length=12, choices=Point)
    verdict = models.CharField(max_length=6, choices=Verdict)
    why = models.CharField("précision", max_length=500, blank=True)

    class Meta:
        verbose_name = "point d’éligibilité"
        constraints = [
            models.UniqueConstraint(fields=["review", "point"], name="eligibility_point_once"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.YES) | ~Q(why=""),
                name="eligibility_says_why",
                violation_error_message="Dites pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_point_display()} : {self.get_verdict_display()}"


class ReviewNote(models.Model):
    """An internal note, signed and dated; written once, corrected by writing another."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="review_notes")
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField("note")

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["mission", "-at"], name="reviewnote_mission")]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.text[:60]


@tracked()
class RollAnswer(models.Model):
    """A member of the committee said that no tie binds them to the mission.

    A tie is declared in `ConflictOfInterest`, which takes every right away.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="roll_answers")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    answered_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "réponse au tour des conflits d’intérêts"
        constraints = [
            models.UniqueConstraint(fields=["mission", "person"], name="roll_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.mission_id}"


class ReviewSheet(models.Model):
    """« Fiche d’instruction » as it was when the request went to the committee.

    `html` is the finished page; `file` is its PDF, printed once, whose SHA-256 identifies it.
    """

    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="review_sheets")
    number = models.PositiveSmallIntegerField("numéro")
    html = models.TextField()
    frozen_at = models.DateTimeField("arrêtée le")
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "fiche d’instruction"
        verbose_name_plural = "fiches d’instruction"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "number"], name="review_sheet_number")
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.html IS DISTINCT FROM NEW.html OR OLD.file_id IS NOT NULL"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Fiche d’instruction n° {self.number}"
