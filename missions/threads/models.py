"""Conversations of a mission, whose audience is fixed by their kind."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from explor.accounts.models import User
from explor.documents.models import StoredFile
from missions.dossier.models import Mission


class ThreadKind(models.TextChoices):
    MISSION = "mission", "Mission"
    TEAM = "equipe", "Équipe"
    COMMITTEE = "comite", "Comité"


class Thread(models.Model):
    """One conversation of each kind at most on a mission; it exists from its first message."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="threads")
    kind = models.CharField("conversation", max_length=10, choices=ThreadKind)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "conversation"
        constraints = [models.UniqueConstraint(fields=["mission", "kind"], name="thread_kind_once")]

    def __str__(self) -> str:
        return f"{self.mission_id} · {self.get_kind_display()}"


class Channel(models.TextChoices):
    PAGE = "page", "Explor"
    MAIL = "mail", "e-mail"


class Message(models.Model):
    """Written once, never changed: a correction is another message that names this one.

    `audience` holds the ids of who could read it when it was posted.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField("message")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    channel = models.CharField(max_length=4, choices=Channel, default=Channel.PAGE)
    audience = ArrayField(models.BigIntegerField(), default=list)
    token = models.UUIDField(default=uuid4, unique=True, editable=False)
    posted_at = models.DateTimeField()

    class Meta:
        verbose_name = "message"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="message_says_something",
                violation_error_message="Écrivez votre message.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        """On its page; needs `thread__mission`."""
        thread = self.thread
        page = reverse("mission_messages", args=[thread.mission.reference, thread.kind])
        return f"{page}#message-{self.pk}"


class Attachment(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce jointe"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file.name


class LastSeen(models.Model):
    """How far a person has read, and when."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="seen")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = "lecture"
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="lastseen_once")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.message_id}"


class Fate(models.TextChoices):
    """What became of a mail that came in."""

    POSTED = "posted", "Publié"
    IGNORED = "ignored", "Ignoré"
    REFUSED = "refused", "Refusé"


class InboundMail(models.Model):
    """A mail that came in, once per Message-ID; its text is kept only when it is posted."""

    identity = models.CharField("Message-ID", max_length=300, unique=True)
    sender = models.CharField("expéditeur", max_length=254, blank=True)
    fate = models.CharField("suite", max_length=10, choices=Fate)
    reason = models.CharField("motif", max_length=300, blank=True)
    size = models.PositiveIntegerField("taille")
    message = models.OneToOneField(
        Message, models.SET_NULL, null=True, blank=True, related_name="inbound"
    )
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "courriel reçu"
        verbose_name_plural = "courriels reçus"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.identity} · {self.get_fate_display()}"
