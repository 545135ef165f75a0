"""What people are told: the inbox is the truth, the mail is a copy."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from explor.accounts.models import User
from explor.notifications.events import Event


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(recipient=user) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing told to one person, once: `key` says what it is about and when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.CharField(max_length=30, choices=Event)
    key = models.CharField(max_length=200)
    subject = models.CharField("objet", max_length=200)
    text = models.TextField("texte")
    url = models.CharField(max_length=500)
    button = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at__isnull=True),
                name="notice_unread",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "event", "key"], name="notice_once")
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("notice_open", kwargs={"pk": self.pk})


class MailState(models.TextChoices):
    PENDING = "pending", "À envoyer"
    SENT = "sent", "Envoyé"
    FAILED = "failed", "Non remis"


class OutboxMail(models.Model):
    """A mail written in the transaction of what it tells, and sent after it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.OneToOneField(
        Notice, models.CASCADE, null=True, blank=True, related_name="mail"
    )
    event = models.CharField(max_length=30, choices=Event)
    key = models.CharField(max_length=200)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    url = models.CharField(max_length=500)
    button = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state="pending"),
                name="outboxmail_pending",
            )
        ]
        constraints = [
            models.UniqueConstraint(Lower("to_email"), "event", "key", name="outboxmail_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_email}"


class MutedEvent(models.Model):
    """A kind of message a person no longer wants by mail; the inbox still has it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.CharField(max_length=30, choices=Event)

    class Meta:
        verbose_name = "message arrêté"
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="mutedevent_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.event}"
