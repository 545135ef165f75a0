"""Files kept for good, and the long work that makes some of them."""

import uuid
from pathlib import PurePosixPath
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse

from explor.accounts.models import User

FOLDER = "fichiers"


def storage_name(stored: "StoredFile", name: str) -> str:
    """Where the bytes go: nothing a person typed is part of the address."""
    key = stored.uuid.hex
    return f"{FOLDER}/{key[:2]}/{key}{PurePosixPath(name).suffix.lower()}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def about(self, target: models.Model) -> Self:
        kind = ContentType.objects.get_for_model(target)
        return self.filter(target_type=kind, target_id=target.pk)


class StoredFile(models.Model):
    """Bytes that never change, and who may read them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=storage_name, max_length=200)
    name = models.CharField("nom", max_length=150)
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("taille")
    content_type = models.CharField("type", max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    target_type = models.ForeignKey(
        ContentType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    target_id = models.PositiveBigIntegerField(null=True, blank=True)
    target = GenericForeignKey("target_type", "target_id")
    permission = models.CharField(max_length=100, blank=True)
    public = models.BooleanField("document public", default=False)
    created_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="storedfile_target")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_type__isnull=True, target_id__isnull=True)
                | models.Q(target_type__isnull=False, target_id__isnull=False),
                name="storedfile_whole_target",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("file_download", kwargs={"uuid": self.uuid})

    @property
    def is_closed(self) -> bool:
        """Nobody reads it."""
        return not (self.public or self.owner_id or self.permission)

    def is_visible_to(self, user: User | AnonymousUser) -> bool:
        """Anyone when public; else its owner, and who holds `permission` on the target."""
        if self.public:
            return True
        if not user.is_authenticated or not user.is_active:
            return False
        if self.owner_id == user.pk:
            return True
        return bool(self.permission) and user.has_perm(self.permission, self.target)


class JobState(models.TextChoices):
    QUEUED = "queued", "En attente"
    RUNNING = "running", "En cours"
    DONE = "done", "Prêt"
    FAILED = "failed", "Échec"


#: asked for, not made yet
OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A job is its requester's alone."""
        return self.filter(requested_by=user) if user.is_authenticated else self.none()


class ExportJob(models.Model):
    """One long piece of work, its progress and its one result.

    `lease` names the worker that holds the job: only its holder may report progress or
    finish, so a job run twice at the same time still has one result.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="export_jobs"
    )
    token = models.UUIDField(unique=True)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField("étape", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="export_jobs"
    )
    error = models.TextField("raison de l’échec", blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["requested_by", "-created_at"], name="exportjob_mine"),
            models.Index(
                fields=["state", "heartbeat_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="exportjob_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="exportjob_percent_at_most_100"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(result__isnull=False),
                name="exportjob_done_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("export_job", kwargs={"uuid": self.uuid})

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def awaits_service(self) -> bool:
        """The broker did not take the job; the periodic task will hand it over."""
        return self.state == JobState.QUEUED and self.handed_at is None

    def param(self, name: str) -> Any:
        return self.params[name]
