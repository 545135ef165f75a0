"""What an OSIM writes to ask for a mission, beside what the mission and project hold."""

from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Mission


class Where(models.TextChoices):
    FIELD = "field", "Sur le terrain"
    REMOTE = "remote", "À distance"
    BOTH = "both", "Les deux"


class SecurityZone(models.TextChoices):
    """Travel advice of the French ministry for foreign affairs."""

    GREEN = "green", "Verte\u00a0: vigilance normale"
    YELLOW = "yellow", "Jaune\u00a0: vigilance renforcée"
    ORANGE = "orange", "Orange\u00a0: déconseillée sauf raison impérative"
    RED = "red", "Rouge\u00a0: formellement déconseillée"


class PartnerStatus(models.TextChoices):
    ASSOCIATION = "association", "Association"
    COOPERATIVE = "cooperative", "Coopérative ou groupement"
    LOCAL_AUTHORITY = "authority", "Commune ou collectivité"
    PUBLIC_SERVICE = "public", "Service public (école, centre de santé…)"
    COMPANY = "company", "Entreprise"
    INFORMAL = "informal", "Groupe sans statut"
    OTHER = "other", "Autre"


class Level(models.TextChoices):
    """How much practice the expertise asks for."""

    PRACTICE = "practice", "Une bonne pratique suffit"
    CONFIRMED = "confirmed", "Personne confirmée"
    EXPERT = "expert", "Spécialiste reconnu·e"


class Interpreter(models.TextChoices):
    NOT_NEEDED = "not_needed", "Pas nécessaire"
    FOUND = "found", "Nécessaire, déjà trouvé·e"
    TO_FIND = "to_find", "Nécessaire, à trouver"


class AnnexKind(models.TextChoices):
    """The papers of a request; `AnnexKind.needed()` are those that submitting asks for."""

    STATUTES = "statutes", "Statuts"
    DECLARATION = "declaration", "Récépissé de déclaration"
    BOARD = "board", "Liste du bureau"
    ACTIVITY = "activity", "Dernier rapport d’activité"
    ACCOUNTS = "accounts", "Derniers comptes"
    AGREEMENT = "agreement", "Accord écrit du partenaire"
    BANK = "bank", "Coordonnées bancaires (RIB)"
    OTHER = "other", "Autre pièce"

    @classmethod
    def needed(cls) -> "tuple[AnnexKind, ...]":
        return (cls.STATUTES, cls.DECLARATION, cls.BOARD, cls.ACTIVITY, cls.ACCOUNTS)

    @classmethod
    def of_the_association(cls) -> "tuple[AnnexKind, ...]":
        """Given once, they serve the next requests too."""
        return (*cls.needed(), cls.BANK)


@tracked()
class Request(models.Model):
    """The answers. All may be empty in a draft; `request.queries.missing()` tells what lacks.

    `lacking` is what submitting lacked at the last saving, as `[section, field, words]` rows:
    the steps show it without reading the whole request.
    """

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="request")
    need = models.TextField("le besoin", blank=True)
    voiced_by = models.CharField("qui l’a exprimé", max_length=200, blank=True)
    project_objectives = models.TextField("objectifs du projet", blank=True)
    public = models.CharField("public concerné", max_length=300, blank=True)
    public_women = models.PositiveIntegerField("dont femmes", null=True, blank=True)
    public_men = models.PositiveIntegerField("dont hommes", null=True, blank=True)
    public_youth = models.PositiveIntegerField("dont jeunes", null=True, blank=True)
    other_actors = models.TextField("autres acteurs", blank=True)
    local_policy = models.TextField("politique locale du secteur", blank=True)
    viability = models.TextField("viabilité", blank=True)
    partner_contact = models.CharField("contact joignable sur place", max_length=200, blank=True)
    partner_role = models.CharField("rôle du partenaire", max_length=300, blank=True)
    partner_status = models.CharField(
        "statut du partenaire", max_length=12, choices=PartnerStatus, blank=True
    )
    partner_since = models.CharField(
        "depuis quand vous vous connaissez", max_length=100, blank=True
    )
    partner_brings = models.TextField("ce que le partenaire apporte", blank=True)
    problem = models.TextField("le problème à résoudre", blank=True)
    activities = models.TextField("activités envisagées", blank=True)
    success = models.TextField("comment saurez-vous que c’est réussi\u00a0?", blank=True)
    where = models.CharField("lieu de l’expertise", max_length=8, choices=Where, blank=True)
    skills = models.CharField("compétences recherchées", max_length=300, blank=True)
    level = models.CharField("niveau attendu", max_length=10, choices=Level, blank=True)
    languages = ArrayField(
        models.CharField(max_length=8), default=list, blank=True, verbose_name="langues"
    )
    people_count = models.PositiveSmallIntegerField("nombre de personnes", default=1)
    window_from = models.DateField("au plus tôt", null=True, blank=True)
    window_to = models.DateField("au plus tard", null=True, blank=True)
    days_on_spot = models.PositiveSmallIntegerField("jours sur place", null=True, blank=True)
    constraints_text = models.TextField("contraintes de période", blank=True)
    lodging = models.CharField("hébergement sur place", max_length=300, blank=True)
    interpreter = models.CharField("interprète", max_length=10, choices=Interpreter, blank=True)
    security_zone = models.CharField("zone", max_length=8, choices=SecurityZone, blank=True)
    emergency_contact = models.CharField("personne à prévenir", max_length=200, blank=True)
    emergency_phone = models.CharField("son téléphone", max_length=30, blank=True)
    insurance = models.CharField("assurance rapatriement", max_length=200, blank=True)
    ariane = models.BooleanField("voyage inscrit sur Ariane", default=False)
    sworn = models.BooleanField("déclaration sur l’honneur", default=False)
    privacy_read = models.BooleanField("notice de confidentialité lue", default=False)
    absences = models.JSONField("pièces absentes, et pourquoi", default=dict, blank=True)
    lacking = models.JSONField(default=list, blank=True)
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


@tracked()
class Deliverable(models.Model):
    """Something the mission promises to hand over. Empty answers are allowed in a draft."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="deliverables")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("livrable", max_length=200, blank=True)
    format = models.CharField("format", max_length=100, blank=True)
    audience = models.CharField("pour qui", max_length=200, blank=True)
    due_on = models.DateField("pour le", null=True, blank=True)

    class Meta:
        verbose_name = "livrable attendu"
        verbose_name_plural = "livrables attendus"
        ordering = ["request", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "position"], name="request_deliverable_position"
            )
        ]

    def __str__(self) -> str:
        return self.title or f"Livrable {self.position}"


@tracked()
class Annex(models.Model):
    """A paper joined to a request. Replaced or taken away, its row stays with `removed_at`:
    a receipt may name it. The same stored file may serve several requests."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="annexes")
    kind = models.CharField("nature", max_length=12, choices=AnnexKind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("ajoutée le")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce"
        ordering = ["mission", "added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind"],
                condition=Q(removed_at__isnull=True) & ~Q(kind="other"),
                name="annex_kind_once",
                violation_error_message="Cette pièce est déjà jointe.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}\u00a0: {self.file.name}"

    def get_absolute_url(self) -> str:
        return reverse("annex", args=[self.mission.reference, self.uuid])


class Receipt(models.Model):
    """« Récépissé de dépôt »: what was submitted, frozen; `sha256` is that of `content`.

    The database refuses any change but the arrival of `file`, its finished PDF.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="receipts")
    number = models.CharField("numéro", max_length=30, unique=True)
    content = models.JSONField()
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    issued_at = models.DateTimeField("délivré le")
    issued_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "récépissé de dépôt"
        verbose_name_plural = "récépissés de dépôt"
        ordering = ["mission", "-issued_at", "-pk"]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.ReadOnly(
                name="receipt_is_frozen",
                fields=["uuid", "mission", "number", "content", "sha256", "issued_at"],
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("request_receipt", args=[self.mission.reference])


class ConfirmationAnswer(models.TextChoices):
    OURS = "ours", "C’est bien notre demande"
    TO_CORRECT = "to_correct", "Il faut corriger"


@tracked()
class Confirmation(models.Model):
    """The coordination wrote a request for an association and asks it to confirm.

    `digest` is that of the answers confirmed; a link serves once, until `expires_at`.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, models.CASCADE, related_name="confirmations")
    name = models.CharField("à qui", max_length=200)
    email = models.EmailField("adresse e-mail")
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("valable jusqu’au")
    withdrawn_at = models.DateTimeField("remplacée le", null=True, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)
    answer = models.CharField("réponse", max_length=10, choices=ConfirmationAnswer, blank=True)
    words = models.TextField("ce qu’il faut corriger", blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "confirmation par l’association"
        verbose_name_plural = "confirmations par l’association"
        ordering = ["mission", "-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="confirmation_one_open",
                violation_error_message="Une confirmation est déjà attendue.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""),
                name="confirmation_answer_is_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mission.reference}\u00a0: {self.name}"
