"""What is kept of a sitting: the minutes, and what was agreed to do."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from capitalisation.committee.session_models import CommitteeSession
from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.journal.tracking import tracked


@tracked()
class SessionTask(models.Model):
    """Something agreed in the sitting: what, who, for when."""

    session = models.ForeignKey(CommitteeSession, models.CASCADE, related_name="tasks")
    token = models.UUIDField(unique=True, editable=False)
    text = models.CharField("action", max_length=300)
    who = models.CharField("par qui", max_length=120)
    due_on = models.DateField("pour le", null=True, blank=True)

    class Meta:
        verbose_name = "action décidée"
        verbose_name_plural = "actions décidées"
        ordering = ["session", "due_on", "pk"]

    def __str__(self) -> str:
        return self.text


@tracked()
class SessionMinutes(models.Model):
    """« Procès-verbal de comité ». Presence, withdrawals, decisions and votes are read from the
    sitting; `remarks` is what the secretary adds. Once approved, `file` is the very document."""

    session = models.OneToOneField(CommitteeSession, models.CASCADE, related_name="minutes")
    number = models.CharField("numéro", max_length=24, unique=True)
    remarks = models.TextField("observations", blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("approuvé le", null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "procès-verbal"
        verbose_name_plural = "procès-verbaux"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(file__isnull=False),
                name="minutes_approved_are_frozen",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(approved_by=F("drafted_by")),
                name="minutes_second_reader",
                violation_error_message="Le procès-verbal est approuvé par une autre personne que "
                "celle qui l’a écrit.",
            ),
        ]

    def __str__(self) -> str:
        return f"Procès-verbal {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("session_minutes", args=[self.session.uuid])

    @property
    def programme_id(self) -> int:
        return self.session.programme_id

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None
