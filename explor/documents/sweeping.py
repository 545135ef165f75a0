"""Files that nobody holds, taken away at night, and what was taken said.

Two kinds: bytes without a row (a transaction that was rolled back after the bytes were written),
and rows that nothing points to (a receipt that another replaced). Both wait for `PATIENCE`: what
is being written now is never touched. A file of a person's own, a public one, and one that any
table points to stay; PostgreSQL refuses the last even when the pointer is a second old.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Exists, OuterRef
from django.template.defaultfilters import filesizeformat

from explor import clock
from explor.documents.models import FOLDER, StoredFile
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb

SWEEP = Verb("documents.sweep", MANAGERS)
STREAM = "files"
PATIENCE = timedelta(days=2)

logger = logging.getLogger(__name__)


@dataclass
class Swept:
    """What one night took: names in the storage, and how many bytes."""

    bytes_alone: list[str] = field(default_factory=list)
    rows_alone: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def count(self) -> int:
        return len(self.bytes_alone) + len(self.rows_alone)


def sweep() -> Swept:
    """Take both kinds away; running twice takes nothing the second time."""
    found = Swept()
    for row in unheld():
        _take_row(row, found)
    for name in names_in_storage():
        _take_bytes(name, found)
    if found.count:
        _tell(found)
    return found


def unheld() -> list[StoredFile]:
    """Rows of nobody, old enough, that no table points to (the history of rows apart)."""
    rows = StoredFile.objects.filter(
        owner=None, public=False, created_at__lt=clock.now() - PATIENCE
    )
    for model, name in pointers():
        rows = rows.exclude(Exists(model._default_manager.filter(**{name: OuterRef("pk")})))
    return list(rows.order_by("pk"))


def pointers() -> list[tuple[type[models.Model], str]]:
    """Every (model, column) that may hold a file: found in the models, none can be forgotten."""
    relations = StoredFile._meta.get_fields(include_hidden=True)
    return [
        (relation.related_model, relation.field.name)
        for relation in relations
        if isinstance(relation, models.ForeignObjectRel)
        and isinstance(relation.field, models.ForeignKey)
        and not hasattr(relation.related_model, "pgh_tracked_model")
    ]


def names_in_storage() -> Iterator[str]:
    """What the storage holds of ours, folder by folder."""
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            yield f"{FOLDER}/{folder}/{name}"


def _take_row(row: StoredFile, found: Swept) -> None:
    """The row by itself, so that PostgreSQL refuses a file somebody just pointed to; its bytes
    once that is sure."""
    name = str(row.file.name)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DELETE FROM documents_storedfile WHERE id = %s", [row.pk])
    except IntegrityError:
        logger.info("file %s is held after all, kept", row.uuid)
        return
    default_storage.delete(name)
    found.rows_alone.append(name)
    found.size += row.size


def _take_bytes(name: str, found: Swept) -> None:
    try:
        written = default_storage.get_modified_time(name)
        size = default_storage.size(name)
    except FileNotFoundError:
        return
    # the row is looked for after the age: a young file may still get its own
    if written > clock.now() - PATIENCE or StoredFile.objects.filter(file=name).exists():
        return
    default_storage.delete(name)
    found.bytes_alone.append(name)
    found.size += size


def _tell(found: Swept) -> None:
    many = "s" if found.count > 1 else ""
    text = (
        f"{found.count} fichier{many} que rien ne tenait plus, retiré{many} "
        f"({filesizeformat(found.size)})."
    )
    data = {"bytes_alone": found.bytes_alone, "rows_alone": found.rows_alone}
    record(STREAM, SWEEP, text, actor=None, data=data)
    logger.info(
        "sweep: %s bytes without a row, %s rows held by nothing, %s bytes in all",
        len(found.bytes_alone),
        len(found.rows_alone),
        found.size,
    )
