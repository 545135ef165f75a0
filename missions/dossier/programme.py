"""Programmes, territories and partners: the frame a network can set up without code."""

from uuid import uuid4

from django.db import models

from explor.accounts.models import Organisation
from explor.journal.tracking import tracked


class PartnerRole(models.TextChoices):
    LEADS = "leads", "porte le projet"
    COORDINATES = "coordinates", "coordonne"
    ACCOMPANIES = "accompanies", "accompagne"
    FUNDS = "funds", "finance"


class OwnerRole(models.TextChoices):
    """Whose job a milestone is."""

    OSIM = "osim", "l’association"
    VOLUNTEER = "volunteer", "la ou le volontaire"
    COORDINATOR = "coordinator", "la coordination"
    RESEARCHER = "researcher", "la capitalisation"
    COMMITTEE = "committee", "le comité"


@tracked()
class Territory(models.Model):
    """A French region of the programme; its networks coordinate its missions."""

    slug = models.SlugField(unique=True)
    name = models.CharField("nom", max_length=100, unique=True)
    networks = models.ManyToManyField(
        Organisation,
        related_name="territories",
        verbose_name="structures accompagnatrices",
    )
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "territoire"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Programme(models.Model):
    """A programme and its texts, as the booklet and the public pages tell them."""

    slug = models.SlugField(unique=True)
    name = models.CharField("nom", max_length=120, unique=True)
    tagline = models.CharField("en une phrase", max_length=250, blank=True)
    reference_prefix = models.CharField("préfixe des références", max_length=4, default="EX")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    presentation = models.TextField("présentation", blank=True)
    capitalisation_method = models.TextField("démarche de capitalisation", blank=True)
    what_next = models.TextField("et maintenant", blank=True)
    territories = models.ManyToManyField(Territory, related_name="programmes")
    is_open = models.BooleanField("reçoit des demandes", default=True)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "programme"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_dates_order",
                violation_error_message="La fin du programme vient avant son début.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ProgrammePartner(models.Model):
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partner_rows")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programme_rows")
    role = models.CharField("rôle", max_length=12, choices=PartnerRole)
    presentation = models.TextField("présentation", blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "partenaire du programme"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="partner_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.get_role_display()}"


class MilestoneTemplate(models.Model):
    """A milestone that every new mission of the programme receives."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="milestone_templates")
    kind = models.CharField(max_length=40)
    label = models.CharField("jalon", max_length=160)
    owner_role = models.CharField("à la charge de", max_length=12, choices=OwnerRole)
    required_for = models.CharField(max_length=30, blank=True)
    offset_from_departure = models.SmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "modèle de jalon"
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind"], name="template_kind_once")
        ]

    def __str__(self) -> str:
        return self.label
