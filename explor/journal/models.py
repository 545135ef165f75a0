"""Who did what, when and why. Rows are added, never changed: PostgreSQL triggers hold it."""

import pgtrigger
from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act, told in French.

    `stream` groups the acts of one object, e.g. `mission:EX-2026-014`; `verb` is the
    machine name of the act (`missions.accept`); `text` is the sentence people read.
    """

    stream = models.CharField(max_length=80, db_index=True)
    verb = models.CharField(max_length=80)
    text = models.CharField(max_length=400)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    data = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "écriture du journal"
        verbose_name_plural = "journal"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["stream", "-at"], name="entry_stream_at")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.text
