"""The return report: what a volunteer writes when they come back."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from explor.accounts.models import Organisation, User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Mission, Objective, Outcome


class ReportState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposé, à relire"
    RETURNED = "returned", "À compléter"
    ACCEPTED = "accepted", "Accepté"


class Level(models.TextChoices):
    LOCAL = "local", "Local"
    REGIONAL = "regional", "Régional"
    NATIONAL = "national", "National"


class Opened(models.TextChoices):
    """What an institutional meeting opened."""

    INFORMATION = "information", "Information"
    PERMIT = "permit", "Autorisation"
    CREDIBILITY = "credibility", "Crédibilité"
    STAKEHOLDER = "stakeholder", "Nouvelle partie prenante"


class TieKind(models.TextChoices):
    LOCAL = "local", "Partenaire local"
    FRENCH = "french", "Partenaire français"


class TieEvent(models.TextChoices):
    """What the mission changed in a partnership."""

    EXISTED = "existed", "Existait avant"
    NEW = "new", "Nouveau"
    FORMALISED = "formalised", "Formalisé par une convention"
    CARRIES = "carries", "Porte désormais le projet"


@tracked()
class ReturnReport(models.Model):
    """One per mission. `version` refuses a stale save; everything may be empty in a draft."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.OneToOneField(Mission, models.CASCADE, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.DRAFT)
    departed_on = models.DateField("départ réel", null=True, blank=True)
    returned_on = models.DateField("retour réel", null=True, blank=True)
    places = models.CharField("lieux", max_length=300, blank=True)
    security_incident = models.TextField("incident de sécurité", blank=True)
    no_incident = models.BooleanField("aucun incident de sécurité", default=False)
    story = models.TextField("déroulé de la mission", blank=True)
    findings = models.TextField("constats", blank=True)
    difficulties = models.TextField("difficultés rencontrées", blank=True)
    gaps = models.TextField("écarts avec les termes de référence", blank=True)
    next_steps = models.TextField("suites à donner", blank=True)
    women = models.PositiveIntegerField("femmes", null=True, blank=True)
    men = models.PositiveIntegerField("hommes", null=True, blank=True)
    under_30 = models.PositiveIntegerField("moins de 30 ans", null=True, blank=True)
    remote_months = models.PositiveSmallIntegerField(
        "mois d’accompagnement à distance avant le départ", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("déposé le", null=True, blank=True)
    accepted_at = models.DateTimeField("accepté le", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_because = models.TextField("à compléter parce que", blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "rapport de retour"
        verbose_name_plural = "rapports de retour"
        constraints = [
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True)
                | Q(departed_on__isnull=True)
                | Q(returned_on__gte=F("departed_on")),
                name="report_dates_order",
                violation_error_message="Le retour vient avant le départ.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport de retour {self.mission.reference}"


@tracked()
class ObjectiveResult(models.Model):
    """What the volunteer says of one objective; one line of `achievements` per achievement."""

    report = models.ForeignKey(ReturnReport, models.CASCADE, related_name="results")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="results")
    outcome = models.CharField("résultat", max_length=12, choices=Outcome, blank=True)
    why = models.TextField("pourquoi", blank=True)
    achievements = models.TextField("réalisations, une par ligne", blank=True)

    class Meta:
        ordering = ["objective__component__position", "objective__position"]
        constraints = [models.UniqueConstraint(fields=["report", "objective"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.objective} : {self.get_outcome_display()}"


@tracked()
class ReportRecommendation(models.Model):
    report = models.ForeignKey(ReturnReport, models.CASCADE, related_name="recommendations")
    position = models.PositiveSmallIntegerField(default=1)
    action = models.CharField("action", max_length=300)
    who = models.CharField("par qui", max_length=120, blank=True)
    due = models.CharField("quand", max_length=80, blank=True)

    class Meta:
        ordering = ["report", "position", "pk"]

    def __str__(self) -> str:
        return self.action


@tracked()
class Deliverable(models.Model):
    report = models.ForeignKey(ReturnReport, models.CASCADE, related_name="deliverables")
    title = models.CharField("titre", max_length=200)
    for_whom = models.CharField("pour qui", max_length=160, blank=True)
    handed_on = models.DateField("remis le", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "livrable"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.title


@tracked()
class InstitutionalMeeting(models.Model):
    """Function and institution only: the names of people met are not asked."""

    report = models.ForeignKey(ReturnReport, models.CASCADE, related_name="meetings")
    institution = models.CharField("institution", max_length=200)
    level = models.CharField("niveau", max_length=10, choices=Level)
    opened = ArrayField(models.CharField(max_length=12, choices=Opened), default=list, blank=True)

    class Meta:
        verbose_name = "rencontre institutionnelle"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.institution


@tracked()
class PartnershipTie(models.Model):
    """A tie between the project and another structure, and what the mission made of it."""

    report = models.ForeignKey(ReturnReport, models.CASCADE, related_name="ties")
    name = models.CharField("structure", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("nature", max_length=8, choices=TieKind)
    event = models.CharField("ce qui change", max_length=12, choices=TieEvent)

    class Meta:
        verbose_name = "lien partenarial"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.name} : {self.get_event_display()}"
