"""A focus: one theme of the cross analysis, written up with its evidence."""

from django.db import models

from capitalisation.coding.models import Code, Excerpt
from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import Programme


class FocusKind(models.TextChoices):
    """Which figures and which chart a focus shows (`analysis/focus_*.py`)."""

    TYPOLOGY = "typology", "Typologie des missions"
    INSTITUTIONS = "institutions", "Facilitation institutionnelle"
    HOLDERS = "holders", "Porteurs de projets face à l’expertise"
    PARTNERSHIPS = "partnerships", "Réagencement des partenariats"
    EXPERT = "expert", "Figure de l’expert"


@tracked()
class Focus(models.Model):
    """`article` is plain text, paragraphs apart by an empty line, `## ` before a heading."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="focuses")
    number = models.PositiveSmallIntegerField("numéro")
    kind = models.CharField(max_length=12, choices=FocusKind)
    slug = models.SlugField()
    title = models.CharField("titre", max_length=160)
    article = models.TextField("article", blank=True)
    codes = models.ManyToManyField(Code, related_name="focuses", blank=True)
    evidence = models.ManyToManyField(
        Excerpt, through="FocusEvidence", related_name="focuses", blank=True
    )
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(null=True, blank=True)
    to_reread = models.CharField("à relire parce que", max_length=200, blank=True)

    class Meta:
        verbose_name = "focus"
        verbose_name_plural = "focus"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="focus_number_once"),
            models.UniqueConstraint(fields=["programme", "slug"], name="focus_slug_once"),
        ]

    def __str__(self) -> str:
        return f"Focus {self.number} · {self.title}"


class FocusEvidence(models.Model):
    """A passage shown with the focus, in order."""

    focus = models.ForeignKey(Focus, models.CASCADE, related_name="evidence_rows")
    excerpt = models.ForeignKey(Excerpt, models.CASCADE, related_name="focus_rows")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["focus", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["focus", "excerpt"], name="focus_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.focus} · {self.excerpt}"
