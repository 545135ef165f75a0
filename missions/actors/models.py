"""OSIM and volunteers. Local partners and funders are plain organisations."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from explor.accounts.models import Organisation, User
from explor.journal.tracking import tracked


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"


class VolunteerStatus(models.TextChoices):
    EMPLOYEE = "employee", "Salarié·e"
    UNPAID = "unpaid", "Bénévole"
    RETIRED = "retired", "Retraité·e"
    MANAGER = "manager", "Dirigeant·e"


class Frame(models.TextChoices):
    """Under what arrangement a volunteer leaves."""

    VOLUNTEERING = "volunteering", "Bénévolat"
    CSI = "csi", "Congé de solidarité internationale"
    SKILLS_SPONSORSHIP = "skills_sponsorship", "Mécénat de compétences"


@tracked()
class OsimProfile(models.Model):
    """What an association says of itself once, offered again at each request.

    The make-up of the board is declared for the association; no origin is stored for a person.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="osim_profile")
    declared_on = models.DateField("date de déclaration", null=True, blank=True)
    address = models.TextField("adresse", blank=True)
    legal_representative = models.CharField("représentant·e légal·e", max_length=120, blank=True)
    contact_name = models.CharField("personne de contact", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=30, blank=True)
    contact_email = models.EmailField("e-mail du contact", blank=True)
    preferred_channel = models.CharField(
        "canal préféré", max_length=10, choices=Channel, default=Channel.EMAIL
    )
    members_count = models.PositiveIntegerField("nombre de membres", null=True, blank=True)
    annual_budget = models.DecimalField(
        "budget de l’an dernier (€)",
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    fields_of_action = models.CharField("domaines d’action", max_length=300, blank=True)
    past_projects = models.TextField("projets passés", blank=True)
    network = models.CharField("réseaux dont elle est membre", max_length=200, blank=True)
    migrant_led_board = models.BooleanField(
        "La majorité du bureau est issue des migrations", default=False
    )
    confirmed_on = models.DateField("dernière confirmation", null=True, blank=True)

    class Meta:
        verbose_name = "fiche d’OSIM"

    def __str__(self) -> str:
        return str(self.organisation)


class Skill(models.Model):
    slug = models.SlugField(unique=True)
    label = models.CharField("compétence", max_length=120, unique=True)

    class Meta:
        verbose_name = "compétence"
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


@tracked()
class Volunteer(models.Model):
    """A professional of the ESS who lends expertise. No health file, no origin."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, models.PROTECT, related_name="volunteer")
    home_structure = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="volunteers",
        verbose_name="structure d’envoi",
    )
    job = models.CharField("métier", max_length=160, blank=True)
    status = models.CharField(
        "statut",
        max_length=12,
        choices=VolunteerStatus,
        default=VolunteerStatus.EMPLOYEE,
    )
    frame = models.CharField(
        "cadre", max_length=20, choices=Frame, default=Frame.VOLUNTEERING, blank=True
    )
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    intercultural_experience = models.TextField("expérience interculturelle", blank=True)
    countries_accepted = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    longest_stay_days = models.PositiveSmallIntegerField("séjour maximal (jours)", default=10)
    skills = models.ManyToManyField(Skill, through="VolunteerSkill", related_name="volunteers")
    available_from = models.DateField("disponible à partir du", null=True, blank=True)
    available_to = models.DateField("disponible jusqu’au", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "volontaire"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(available_to__isnull=True)
                | models.Q(available_from__isnull=True)
                | models.Q(available_to__gte=models.F("available_from")),
                name="volunteer_availability_order",
                violation_error_message="La fin de la disponibilité vient avant son début.",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class VolunteerSkill(models.Model):
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="skill_rows")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    years = models.PositiveSmallIntegerField("années", default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "skill"], name="volunteer_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.years} ans)"
