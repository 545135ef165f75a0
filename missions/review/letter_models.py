"""The letter that tells the association what the committee decided."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked
from missions.dossier.models import Mission
from missions.review.decision_models import Decision


class LetterState(models.TextChoices):
    DRAFT = "draft", "À relire"
    APPROVED = "approved", "Approuvée, à envoyer"
    SENT = "sent", "Envoyée"
    REPLACED = "replaced", "Remplacée"


@tracked()
class DecisionLetter(models.Model):
    """One letter a decision. The decision itself is not copied: outcome, reason, conditions and
    amount are those of `decision`, so that the letter cannot say otherwise.

    Once sent it is frozen: `file` holds the very pages that were sent, `number` names them. A
    letter that a new decision replaces stays readable if it was sent.
    """

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="letters")
    decision = models.OneToOneField(Decision, models.CASCADE, related_name="letter")
    state = models.CharField("état", max_length=10, choices=LetterState, default=LetterState.DRAFT)
    number = models.CharField("numéro", max_length=24, unique=True, null=True, blank=True)
    body = models.TextField("texte")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    contact = models.TextField("à qui écrire")
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    drafted_at = models.DateTimeField("rédigée le")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("approuvée le", null=True, blank=True)
    alone_because = models.TextField("approuvée sans seconde personne", blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    replaced_at = models.DateTimeField("remplacée le", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "lettre de décision"
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=~Q(state="replaced"),
                name="letter_one_in_force",
                violation_error_message="Une lettre est déjà en cours pour cette mission.",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent")
                | Q(sent_at__isnull=False, number__isnull=False, file__isnull=False),
                name="letter_sent_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(approved_by=F("drafted_by"))
                | ~Q(alone_because=""),
                name="letter_second_reader",
                violation_error_message="La lettre est approuvée par une autre personne que "
                "celle qui l’a écrite.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lettre {self.number or 'en préparation'} · {self.mission.reference}"

    def get_absolute_url(self) -> str:
        return reverse("mission_letter", args=[self.mission.reference])

    @property
    def is_open(self) -> bool:
        """Still to be written, approved or sent."""
        return self.state in {LetterState.DRAFT, LetterState.APPROVED}

    @property
    def was_sent(self) -> bool:
        return self.sent_at is not None
