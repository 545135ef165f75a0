"""The booklet « regards croisés »: chosen sections, written parts, issues."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Programme, Territory


class BookletState(models.TextChoices):
    DRAFT = "draft", "En préparation"
    PROPOSED = "proposed", "Proposé, à relire"
    PUBLISHED = "published", "Publié"


class SectionKind(models.TextChoices):
    """What a section shows; `written` sections hold only what is typed."""

    PROGRAMME = "programme", "Le programme et ses partenaires"
    METHOD = "method", "La démarche de capitalisation"
    SHEETS = "sheets", "Retours de mission"
    MATRIX = "matrix", "Analyse croisée"
    FOCUSES = "focuses", "Les focus"
    PRACTICES = "practices", "Bonnes pratiques"
    NEXT = "next", "Et maintenant ?"
    PARTNERS = "partners", "Les partenaires"
    CREDITS = "credits", "Crédits"


@tracked()
class Booklet(models.Model):
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="booklets")
    slug = models.SlugField(unique=True)
    title = models.CharField("titre", max_length=160)
    subtitle = models.CharField("sous-titre", max_length=200, blank=True)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+"
    )
    years = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=BookletState, default=BookletState.DRAFT)
    issued_on = models.DateField("date de parution", null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "livret"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="booklet_second_reader",
                violation_error_message="Un livret est approuvé par une autre personne que "
                "celle qui le propose.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The builder; readers go to `publication`."""
        return reverse("booklet", args=[self.slug])


@tracked()
class BookletSection(models.Model):
    """`introduction` is what the team writes above what the data give."""

    booklet = models.ForeignKey(Booklet, models.CASCADE, related_name="sections")
    kind = models.CharField(max_length=10, choices=SectionKind)
    position = models.PositiveSmallIntegerField(default=1)
    included = models.BooleanField("dans le livret", default=True)
    title = models.CharField("titre", max_length=160)
    introduction = models.TextField("texte", blank=True)

    class Meta:
        verbose_name = "partie du livret"
        ordering = ["booklet", "position"]
        constraints = [
            models.UniqueConstraint(fields=["booklet", "kind"], name="section_kind_once")
        ]

    def __str__(self) -> str:
        return self.title
