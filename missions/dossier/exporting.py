"""The list of missions as a spreadsheet: what the filters show, the columns the person may read."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from explor import clock
from explor.accounts.actions import person_stream
from explor.accounts.models import User
from explor.documents.actions import request_export
from explor.documents.exports import Produced, Progress, register
from explor.documents.models import ExportJob
from explor.documents.spreadsheet import XLSX, spreadsheet
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from missions.dossier.columns import columns_for
from missions.dossier.lists import filtered_missions
from missions.dossier.models import Mission

EXPORT_LIST = Verb("missions.export_list", MANAGERS)

#: Above this many rows the worker makes the file, with its progress.
AT_ONCE = 1_000
CHUNK = 500
KIND = "mission_list"


@transaction.atomic
def export_missions(data: Mapping[str, str], *, actor: User, token: UUID) -> Produced | ExportJob:
    """The file, or the job that makes it when it is long; the journal keeps who took how much.

    Raises `PermissionDenied`.
    """
    if not actor.has_perm("missions.view_missions"):
        raise PermissionDenied
    rows = filtered_missions(actor, data)
    count = rows.count()
    record(
        person_stream(actor),
        EXPORT_LIST,
        f"Liste des missions exportée\N{NO-BREAK SPACE}: {count} lignes.",
        actor=actor,
        data={"filters": dict(data), "rows": count},
    )
    if count > AT_ONCE:
        return request_export(KIND, {"filters": dict(data)}, actor=actor, token=token)
    return _produced(rows, actor, count)


@register(KIND, label="Liste des missions en tableur", permission="missions.view_missions")
def make_mission_list(job: ExportJob, progress: Progress) -> Produced:
    rows = filtered_missions(job.requested_by, job.params["filters"])
    return _produced(rows, job.requested_by, rows.count(), progress)


def _produced(
    rows: QuerySet[Mission], user: User, count: int, progress: Progress | None = None
) -> Produced:
    columns = columns_for(user)
    brought = {
        f"cell_{column.key}": column.annotation(user) for column in columns if column.annotation
    }
    missions = rows.for_lists().annotate(**brought)  # type: ignore[attr-defined]

    def cells() -> Iterator[list[object]]:
        for number, mission in enumerate(missions.iterator(CHUNK), start=1):
            if progress and not number % CHUNK:
                progress(min(95, number * 95 // max(count, 1)), f"{number} lignes sur {count}")
            yield [column.read(mission, user) for column in columns]

    content = spreadsheet("Missions", [column.heading for column in columns], cells())
    return Produced(f"missions-{clock.today():%Y-%m-%d}.xlsx", content, XLSX)
