"""What people are told: the inbox is the truth, the mail is a copy."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from explor.accounts.models import User
from explor.notifications.events import Event, Rhythm


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(recipient=user) if user.is_authenticated else self.none()

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def waiting_for_digest(self) -> Self:
        """Told, not mailed yet, and not read meanwhile."""
        return self.unread().filter(for_digest=True, digest__isnull=True)


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
    for_digest = models.BooleanField("attend le récapitulatif", default=False)
    digest = models.ForeignKey(
        "Digest", models.SET_NULL, null=True, blank=True, related_name="notices"
    )

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
            models.Index(
                fields=["recipient", "created_at"],
                condition=models.Q(for_digest=True, digest__isnull=True, read_at__isnull=True),
                name="notice_for_digest",
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
    """A mail written in the transaction of what it tells, and sent after it.

    `conversation` keeps the mails of one conversation together in a mail program; `reply_to` is
    where an answer goes, `from_name` who wrote. `sections` are lists under the text: a title and
    its lines, each with its words and its address.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.OneToOneField(
        Notice, models.CASCADE, null=True, blank=True, related_name="mail"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    event = models.CharField(max_length=30, choices=Event)
    key = models.CharField(max_length=200)
    to_email = models.EmailField()
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sections = models.JSONField(default=list, blank=True)
    url = models.CharField(max_length=500)
    button = models.CharField(max_length=60)
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.CharField(max_length=254, blank=True)
    conversation = models.CharField(max_length=60, blank=True)
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


class MailPreference(models.Model):
    """When one kind of message also comes by mail; without a row, `Event.usual_rhythm`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.CharField(max_length=30, choices=Event)
    rhythm = models.CharField(max_length=10, choices=Rhythm)

    class Meta:
        verbose_name = "choix d’e-mail"
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="mailpreference_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.event} · {self.rhythm}"


class Digest(models.Model):
    """The morning's summary of one person: one a day at most."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = "récapitulatif"
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.day}"


class CalendarAddress(models.Model):
    """The secret address of a person's diary; without a row there is none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_address"
    )
    secret = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "adresse d’agenda"

    def __str__(self) -> str:
        return f"agenda de {self.user_id}"

    def get_absolute_url(self) -> str:
        return reverse("agenda", kwargs={"secret": self.secret})


class CalendarEntry(models.Model):
    """What a diary last said of one event, so that a change has a higher `sequence` and what is
    gone is told as cancelled rather than left behind."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uid = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    starts = models.CharField(max_length=40)
    ends = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=500, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    cancelled = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "ligne d’agenda"
        constraints = [models.UniqueConstraint(fields=["user", "uid"], name="calendarentry_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.uid}"
