"""The directory as a spreadsheet: what the filters show, the columns the person may read."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from explor import clock
from explor.accounts.actions import person_stream
from explor.accounts.models import Organisation, User
from explor.documents.actions import request_export
from explor.documents.exports import Produced, Progress, register
from explor.documents.models import ExportJob
from explor.documents.spreadsheet import XLSX, Heading, spreadsheet
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from missions.actors.directory import Listed, listed_for, reads_contacts
from missions.actors.languages import LANGUAGES
from missions.actors.models import Volunteer

EXPORT_ACTORS = Verb("missions.export_actors", MANAGERS)

#: Above this many rows the worker makes the file, with its progress.
AT_ONCE = 1_000
CHUNK = 500
KIND = "actor_list"

_BODIES = (
    Heading("Nature", 22),
    Heading("Nom", 40),
    Heading("Sigle", 12),
    Heading("Ville", 20),
    Heading("Département", 16),
    Heading("Pays", 16),
    Heading("RNA", 14),
    Heading("SIRET", 18),
    Heading("Site", 30),
    Heading("Missions", 10),
)
_PEOPLE = (
    Heading("Prénom", 16),
    Heading("Nom", 20),
    Heading("Métier", 30),
    Heading("Structure d’envoi", 34),
    Heading("Statut", 14),
    Heading("Langues", 24),
    Heading("Séjour maximal (jours)", 12),
    Heading("Disponible à partir du", 14),
    Heading("Disponible jusqu’au", 14),
    Heading("Missions", 10),
)
_CONTACTS = (Heading("E-mail", 30), Heading("Téléphone", 18))


@transaction.atomic
def export_actors(data: Mapping[str, str], *, actor: User, token: UUID) -> Produced | ExportJob:
    """The file, or the job that makes it when it is long; the journal keeps who took how much.

    Raises `PermissionDenied`.
    """
    if not actor.has_perm("missions.view_actors"):
        raise PermissionDenied
    listed = listed_for(actor, data)
    count = listed.rows.count()
    record(
        person_stream(actor),
        EXPORT_ACTORS,
        f"{listed.label}\N{NO-BREAK SPACE}: liste exportée, {count} lignes.",
        actor=actor,
        data={"filters": dict(data), "rows": count},
    )
    if count > AT_ONCE:
        return request_export(KIND, {"filters": dict(data)}, actor=actor, token=token)
    return _produced(listed, actor, count)


@register(KIND, label="Liste d’acteurs en tableur", permission="missions.view_actors")
def make_actor_list(job: ExportJob, progress: Progress) -> Produced:
    listed = listed_for(job.requested_by, job.params["filters"])
    return _produced(listed, job.requested_by, listed.rows.count(), progress)


def _produced(listed: Listed, user: User, count: int, progress: Progress | None = None) -> Produced:
    contacts = listed.of_people and reads_contacts(user)
    headings: tuple[Heading, ...] = _PEOPLE if listed.of_people else _BODIES
    if contacts:
        headings += _CONTACTS

    def cells() -> Iterator[list[object]]:
        rows: QuerySet[Any] = listed.rows
        for number, row in enumerate(rows.iterator(CHUNK), start=1):
            if progress and not number % CHUNK:
                progress(min(95, number * 95 // max(count, 1)), f"{number} lignes sur {count}")
            cells = _person(row) if listed.of_people else _body(row)
            yield [*cells, row.user.email, row.user.phone] if contacts else cells

    content = spreadsheet(listed.label, headings, cells())
    return Produced(f"acteurs-{listed.kind}-{clock.today():%Y-%m-%d}.xlsx", content, XLSX)


def _body(row: Organisation) -> list[object]:
    country = str(row.country.name)
    return [
        row.get_kind_display(),
        row.name,
        row.acronym,
        row.city,
        row.department,
        country,
        row.rna,
        row.siret,
        row.website,
        row.missions,  # type: ignore[attr-defined]
    ]


def _person(row: Volunteer) -> list[object]:
    return [
        row.user.first_name,
        row.user.last_name,
        row.job,
        row.home_structure.full_name,
        row.get_status_display(),
        ", ".join(LANGUAGES.get(code, code) for code in row.languages),
        row.longest_stay_days,
        row.available_from,
        row.available_to,
        row.missions,  # type: ignore[attr-defined]
    ]
