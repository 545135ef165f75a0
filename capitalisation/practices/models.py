"""Good practices, each resting on passages and so on missions."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from capitalisation.coding.models import Excerpt
from explor.accounts.models import User
from explor.journal.tracking import tracked
from explor.search.fields import french_vector
from missions.dossier.models import Programme


class PracticeState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PROPOSED = "proposed", "Proposée, à relire"
    PUBLISHED = "published", "Publiée"


@tracked(exclude=["search"])
class GoodPractice(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="practices")
    slug = models.SlugField()
    title = models.CharField("titre", max_length=160)
    summary = models.CharField("en une phrase", max_length=300, blank=True)
    body = models.TextField("texte", blank=True)
    how_to = models.TextField("comment faire, une étape par ligne", blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=PracticeState, default=PracticeState.DRAFT)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    to_reread = models.CharField("à relire parce que", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    evidence = models.ManyToManyField(
        Excerpt, through="PracticeEvidence", related_name="practices", blank=True
    )
    search = french_vector("title", "summary", "body")

    class Meta:
        verbose_name = "bonne pratique"
        verbose_name_plural = "bonnes pratiques"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "slug"],
                name="practice_slug_once",
                violation_error_message="Une bonne pratique porte déjà ce titre.",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="practice_second_reader",
                violation_error_message="Une bonne pratique est approuvée par une autre "
                "personne que celle qui la propose.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where the team writes and reads it again; its public page is `practice`."""
        return reverse("practice_admin", args=[self.slug])

    @property
    def proposal(self) -> str:
        """Which proposal this is, as a page says it back when it approves what it showed."""
        return self.proposed_at.isoformat() if self.proposed_at else ""

    @property
    def steps(self) -> list[str]:
        return [line.strip() for line in self.how_to.splitlines() if line.strip()]


class PracticeEvidence(models.Model):
    """`read_as`: the words that the second reader read. Other words are not shown to everyone."""

    practice = models.ForeignKey(GoodPractice, models.CASCADE, related_name="evidence_rows")
    excerpt = models.ForeignKey(Excerpt, models.CASCADE, related_name="practice_rows")
    position = models.PositiveSmallIntegerField(default=1)
    read_as = models.TextField(blank=True)

    class Meta:
        ordering = ["practice", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "excerpt"], name="practice_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.practice} · {self.excerpt}"


@tracked()
class Workshop(models.Model):
    """A capitalisation workshop; its notes join the corpus."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="workshops")
    title = models.CharField("titre", max_length=160)
    held_on = models.DateField("tenu le")
    place = models.CharField("lieu", max_length=120, blank=True)
    participants = models.PositiveSmallIntegerField("participants", default=0)
    notes = models.TextField("notes", blank=True)
    is_example = models.BooleanField("exemple", default=False)

    class Meta:
        verbose_name = "atelier de capitalisation"
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.title
