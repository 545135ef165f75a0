"""What devices sent, and every text ever written in a field."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Operation(models.Model):
    """One sending of one device. Sent again, it gets the same answer and writes nothing.

    `body_sha256` tells the same bytes sent again from another text under the same identity.
    """

    op_id = models.UUIDField(unique=True)
    body_sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=40)
    record = models.UUIDField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "envoi"
        verbose_name_plural = "envois"
        indexes = [models.Index(fields=["kind", "record"], name="operation_record")]
        triggers = [
            pgtrigger.Protect(name="operation_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.op_id)


class RevisionState(models.TextChoices):
    APPLIED = "applied", "Enregistré"
    PENDING = "pending", "À choisir"
    UNAPPLIED = "unapplied", "Gardé, à corriger"
    REPLACED = "replaced", "Remplacé par son auteur"
    DISCARDED = "discarded", "Écarté par un choix"


class Revision(models.Model):
    """One text of one field. The text never changes; only what became of it does.

    `base` is the digest of the text it was written over.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    record = models.UUIDField()
    field = models.CharField(max_length=120)
    value = ArrayField(models.TextField(), default=list, blank=True)
    base = models.CharField(max_length=12)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    device = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RevisionState)
    reason = models.TextField("pourquoi ce texte n’est pas enregistré", blank=True)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "texte d’un champ"
        verbose_name_plural = "textes des champs"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["kind", "record", "field"], name="revision_field"),
            models.Index(
                fields=["kind", "record"],
                condition=models.Q(state__in=["pending", "unapplied"]),
                name="revision_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record", "field"],
                condition=models.Q(state="unapplied"),
                name="revision_one_unapplied",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="revision_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="revision_text",
                fields=["uuid", "kind", "record", "field", "value", "base", "by", "device", "at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.get_state_display()})"
