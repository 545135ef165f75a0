"""Keep files, open them to the public, take them away; ask for long work."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Model, Sum
from django.template.defaultfilters import filesizeformat

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.accounts.sending import claim
from explor.documents.exports import find_kind
from explor.documents.models import OPEN_STATES, ExportJob, JobState, StoredFile
from explor.documents.sniffing import clean_name, sniff
from explor.handing import hand_over
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal

SET_PUBLIC = Verb("documents.set_public", MANAGERS)
CLOSE = Verb("documents.close", MANAGERS)
DELETE = Verb("documents.delete", MANAGERS)


def read_upload(source: "UploadedFile[bytes] | bytes") -> bytes:
    """The bytes of `source`; raises Refusal when there are more than MAX_UPLOAD_BYTES."""
    size = len(source) if isinstance(source, bytes) else source.size or 0
    if size > settings.MAX_UPLOAD_BYTES:
        limit, found = filesizeformat(settings.MAX_UPLOAD_BYTES), filesizeformat(size)
        raise Refusal(
            f"Ce fichier est trop lourd ({found} ; {limit} au plus). "
            "Réduisez-le ou envoyez-le en plusieurs parties."
        )
    if isinstance(source, bytes):
        return source
    source.seek(0)
    return bytes(source.read())


def store_file(
    source: "UploadedFile[bytes] | bytes",
    *,
    name: str,
    actor: User | None,
    target: Model | None = None,
    permission: str = "",
    public: bool = False,
) -> StoredFile:
    """Keep what a person sent, once its size and its real content are accepted.

    Readers: the actor, who holds `permission` on `target`, anyone when `public`.
    Raises Refusal with the reason in French.
    """
    if actor is not None:
        _refuse_too_many(actor)
    data, name = read_upload(source), clean_name(name)
    return keep_bytes(
        data,
        name=name,
        content_type=sniff(data, name),
        actor=actor,
        target=target,
        permission=permission,
        public=public,
    )


def _refuse_too_many(person: User) -> None:
    """What one person sends in an hour is bounded, so that the others have room."""
    hour_ago = clock.now() - timedelta(hours=1)
    sent = StoredFile.objects.filter(owner=person, created_at__gt=hour_ago).aggregate(
        count=Count("pk"), size=Sum("size")
    )
    if sent["count"] >= settings.MAX_FILES_AN_HOUR:
        raise Refusal(
            f"Vous avez envoyé {sent['count']} fichiers en une heure, c’est le plus qui se puisse. "
            "Attendez un peu, puis envoyez celui-ci."
        )
    if (sent["size"] or 0) >= settings.MAX_BYTES_AN_HOUR:
        raise Refusal(
            f"Vous avez envoyé {filesizeformat(sent['size'])} en une heure, c’est le plus qui se "
            "puisse. Attendez un peu, puis envoyez celui-ci."
        )


@transaction.atomic
def keep_bytes(
    data: bytes,
    *,
    name: str,
    content_type: str,
    actor: User | None,
    target: Model | None = None,
    permission: str = "",
    public: bool = False,
) -> StoredFile:
    """Keep what the application itself made: its type is known, nothing is checked."""
    stored = StoredFile(
        uuid=uuid.uuid4(),
        name=clean_name(name),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        content_type=content_type,
        owner=actor,
        target=target,
        permission=permission,
        public=public,
        created_at=clock.now(),
    )
    stored.file.save(stored.name, ContentFile(data), save=False)
    try:
        stored.save()
    except Exception:
        stored.file.delete(save=False)
        raise
    return stored


@transaction.atomic
def set_public(file: StoredFile, *, actor: User | None, public: bool) -> StoredFile:
    """Open a file to anyone, or close it again, with a trace.

    Whether its document may be published is for the caller to have checked; here the actor
    must at least be able to read the file. Raises PermissionDenied.
    """
    if actor is not None and not file.is_visible_to(actor):
        raise PermissionDenied
    file.public = public
    file.save(update_fields=["public"])
    words = "rendu public" if public else "retiré du public"
    _trace(file, SET_PUBLIC, f"Fichier « {file.name} » {words}", actor)
    return file


@transaction.atomic
@step
def close_file(file: StoredFile, *, actor: User | None) -> StoredFile:
    """Nobody reads it any more, its owner either; the file stays, with a trace.

    Whether it must be closed is for the caller to have checked.
    """
    file.owner, file.permission, file.public = None, "", False
    file.save(update_fields=["owner", "permission", "public"])
    _trace(file, CLOSE, f"Fichier « {file.name} » fermé à la lecture", actor)
    return file


@step
def let_go(file: StoredFile) -> None:
    """Another took its place, or what held it is gone: it is nobody's, the nightly sweep takes it.

    The caller has checked who may replace it.
    """
    StoredFile.objects.filter(pk=file.pk).update(owner=None)


@transaction.atomic
def delete_file(file: StoredFile, *, actor: User | None) -> None:
    """Take a file away for good; its bytes go once the transaction is committed.

    Only its owner (or the system) may. Raises PermissionDenied.
    """
    if actor is not None and file.owner_id != actor.pk:
        raise PermissionDenied
    storage, path = file.file.storage, str(file.file.name)
    _trace(file, DELETE, f"Fichier « {file.name} » supprimé", actor)
    file.delete()
    transaction.on_commit(lambda: storage.delete(path))


def _trace(file: StoredFile, verb: Verb, text: str, actor: User | None) -> None:
    data: dict[str, Any] = {"sha256": file.sha256}
    record(f"file:{file.uuid}", verb, text, actor=actor, data=data)


@transaction.atomic
def request_export(
    kind: str, params: dict[str, Any], *, actor: User, token: uuid.UUID
) -> ExportJob:
    """Write the job and hand it to the workers once committed; the same token is the same job.

    Raises PermissionDenied when the kind's permission is missing, or for another's token;
    Refusal when MAX_OPEN_JOBS are not done yet; LookupError for a kind nobody registered.
    """
    known = find_kind(kind)
    if known.permission and not actor.has_perm(known.permission, known.find_target(params)):
        raise PermissionDenied
    if not ExportJob.objects.filter(token=token).exists():
        _refuse_a_queue(actor)
    claim(ExportJob, token, actor)
    job, created = ExportJob.objects.get_or_create(
        token=token,
        defaults={
            "kind": kind,
            "params": params,
            "requested_by": actor,
            "created_at": clock.now(),
            "step": "En attente de son tour",
        },
    )
    if job.requested_by_id != actor.pk:
        raise PermissionDenied
    if created:
        transaction.on_commit(lambda: hand_over_jobs([job.pk]))
    return job


def _refuse_a_queue(person: User) -> None:
    """One by one: two requests at the same time count each other."""
    lock_row(User.objects.all(), person.pk)
    open_jobs = ExportJob.objects.filter(requested_by=person, state__in=OPEN_STATES).count()
    if open_jobs >= settings.MAX_OPEN_JOBS:
        raise Refusal(
            f"{open_jobs} documents se fabriquent déjà pour vous. Attendez que l’un d’eux soit "
            "prêt : ils sont dans « Documents »."
        )


@transaction.atomic
def retry_export(job: ExportJob, *, actor: User) -> ExportJob:
    """Start a failed job again from nothing. Raises PermissionDenied for another's job,
    Refusal when MAX_OPEN_JOBS are not done yet."""
    if job.requested_by_id != actor.pk:
        raise PermissionDenied
    _refuse_a_queue(actor)
    again = ExportJob.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED,
        attempts=0,
        percent=0,
        step="En attente de son tour",
        error="",
        handed_at=None,
        not_before=None,
        finished_at=None,
    )
    if again:
        transaction.on_commit(lambda: hand_over_jobs([job.pk]))
    job.refresh_from_db()
    return job


def hand_over_jobs(job_ids: Iterable[int]) -> int:
    """Give jobs to the workers and note when; returns how many the broker took."""
    taken = hand_over("explor.documents.tasks.run_export", job_ids)
    ExportJob.objects.filter(pk__in=taken).update(handed_at=clock.now())
    return len(taken)
