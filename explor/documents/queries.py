from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from explor.accounts.models import User
from explor.documents.models import ExportJob, StoredFile


def find_file(uuid: UUID, user: User | AnonymousUser) -> StoredFile | None:
    """The file when `user` may read it; None otherwise, as if it did not exist."""
    stored = StoredFile.objects.select_related("target_type").filter(uuid=uuid).first()
    return stored if stored is not None and stored.is_visible_to(user) else None


def jobs_of(user: User | AnonymousUser) -> QuerySet[ExportJob]:
    """Newest first, with what they made."""
    return ExportJob.objects.visible_to(user).select_related("result")
