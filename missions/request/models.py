"""What an OSIM writes to ask for a mission, beside what the mission and project hold."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from explor.accounts.models import User
from explor.journal.tracking import tracked
from missions.dossier.models import Mission


class Where(models.TextChoices):
    FIELD = "field", "Sur le terrain"
    REMOTE = "remote", "À distance"
    BOTH = "both", "Les deux"


class SecurityZone(models.TextChoices):
    """Travel advice of the French ministry for foreign affairs."""

    GREEN = "green", "Verte : vigilance normale"
    YELLOW = "yellow", "Jaune : vigilance renforcée"
    ORANGE = "orange", "Orange : déconseillée sauf raison impérative"
    RED = "red", "Rouge : formellement déconseillée"


@tracked()
class Request(models.Model):
    """The answers. All may be empty in a draft; `request.queries.missing()` tells what lacks."""

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="request")
    need = models.TextField("le besoin", blank=True)
    voiced_by = models.CharField("qui l’a exprimé", max_length=200, blank=True)
    public = models.CharField("public concerné", max_length=300, blank=True)
    partner_contact = models.CharField("contact joignable sur place", max_length=200, blank=True)
    partner_role = models.CharField("rôle du partenaire", max_length=300, blank=True)
    problem = models.TextField("le problème à résoudre", blank=True)
    activities = models.TextField("activités envisagées", blank=True)
    deliverables = models.TextField("livrables attendus", blank=True)
    success = models.TextField("comment saurez-vous que c’est réussi ?", blank=True)
    where = models.CharField("lieu de l’expertise", max_length=8, choices=Where, blank=True)
    skills = models.CharField("compétences recherchées", max_length=300, blank=True)
    languages = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, verbose_name="langues"
    )
    people_count = models.PositiveSmallIntegerField("nombre de personnes", default=1)
    window_from = models.DateField("au plus tôt", null=True, blank=True)
    window_to = models.DateField("au plus tard", null=True, blank=True)
    days_on_spot = models.PositiveSmallIntegerField("jours sur place", null=True, blank=True)
    constraints_text = models.TextField("contraintes de période", blank=True)
    security_zone = models.CharField("zone", max_length=8, choices=SecurityZone, blank=True)
    sworn = models.BooleanField("déclaration sur l’honneur", default=False)
    privacy_read = models.BooleanField("notice de confidentialité lue", default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "demande de mission"
        verbose_name_plural = "demandes de mission"
        constraints = [
            models.CheckConstraint(
                condition=Q(window_from__isnull=True)
                | Q(window_to__isnull=True)
                | Q(window_to__gte=models.F("window_from")),
                name="request_window_order",
                violation_error_message="La période se termine avant de commencer.",
            )
        ]

    def __str__(self) -> str:
        return f"Demande {self.mission.reference}"
