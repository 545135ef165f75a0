"""Freezing the sheet that goes to the committee, and printing it once."""

import hashlib
from datetime import timedelta

from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.documents.actions import keep_bytes
from explor.documents.models import StoredFile
from explor.documents.pdf import print_html, render_html
from explor.handing import hand_over
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from missions.audiences import TEAM
from missions.dossier.models import Mission
from missions.review.models import ReviewSheet
from missions.review.sheet_queries import sheet_content

FREEZE_SHEET = Verb("missions.freeze_sheet", TEAM)
PRINT_SHEET = Verb("missions.print_sheet", TEAM)

PRINT = "missions.review.tasks.print_review_sheet"
PATIENCE = timedelta(minutes=1)


def sheet_html(mission: Mission, *, number: int | None = None) -> str:
    """The finished page; without `number` it says that it is a draft."""
    return render_html(
        "pdf/review_sheet.html",
        {"sheet": sheet_content(mission), "number": number},
        title=f"Fiche d’instruction · {mission.reference}",
        author=str(mission.programme),
    )


def sheet_name(mission: Mission, number: int) -> str:
    return f"fiche-instruction-{mission.reference}-{number}.pdf"


@transaction.atomic
@step
def freeze_sheet(mission: Mission, *, actor: User | None) -> ReviewSheet:
    """Keep what the committee will read as it is now; whoever sends it there has checked.

    A request that comes back and goes again makes another sheet; the former stays.
    """
    number = ReviewSheet.objects.filter(mission=mission).count() + 1
    sheet = ReviewSheet.objects.create(
        mission=mission,
        number=number,
        html=sheet_html(mission, number=number),
        frozen_at=clock.now(),
        frozen_by=actor,
    )
    record(
        mission.stream,
        FREEZE_SHEET,
        f"Fiche d’instruction n°\u00a0{number} arrêtée.",
        actor=actor,
        data={"html_sha256": hashlib.sha256(sheet.html.encode()).hexdigest()},
    )
    transaction.on_commit(lambda: hand_over(PRINT, [sheet.pk]))
    return sheet


def hand_over_unprinted() -> int:
    """Give again to the workers what they should have printed by now."""
    late = ReviewSheet.objects.filter(file=None, frozen_at__lt=clock.now() - PATIENCE)
    return len(hand_over(PRINT, late.order_by("pk").values_list("pk", flat=True)[:50]))


@transaction.atomic
def print_sheet(sheet: ReviewSheet) -> StoredFile:
    """The PDF of a frozen sheet: laid out the first time, the same file ever after.

    Nobody owns it: who loses their rights on the mission loses the file too.
    """
    row = lock_row(ReviewSheet.objects.select_related("file"), sheet.pk)
    if row.file is not None:
        return row.file
    mission = Mission.objects.defer("search").get(pk=row.mission_id)
    row.file = keep_bytes(
        print_html(row.html),
        name=sheet_name(mission, row.number),
        content_type="application/pdf",
        actor=None,
        target=mission,
        permission="missions.read_review_summary",
    )
    row.save(update_fields=["file"])
    record(
        mission.stream,
        PRINT_SHEET,
        f"Fiche d’instruction n°\u00a0{row.number} imprimée.",
        actor=None,
        data={"sha256": row.file.sha256},
    )
    return row.file
