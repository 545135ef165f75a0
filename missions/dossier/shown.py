"""What a second person read of a mission is what anyone is shown."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from explor.accounts.permits import step
from missions.dossier.aims import Aim, Aims
from missions.dossier.models import Mission, ShownSheet
from missions.dossier.sheets import Named, Sheet, sheet_of


@dataclass(frozen=True)
class Then:
    """An organisation by the names it had."""

    full_name: str
    name: str

    def __str__(self) -> str:
        return self.name


def shown(sheets: Iterable[Sheet]) -> list[Sheet]:
    """The same sheets, as they were read. One read before this was kept is shown as it stands."""
    return [_as_read(sheet, getattr(sheet.main, "shown_sheet", None)) for sheet in sheets]


def shown_sheet(mission: Mission) -> Sheet:
    return shown([sheet_of(mission)])[0]


def as_shown(missions: QuerySet[Mission]) -> list[Mission]:
    """For lists that lead to the sheets: title and place as they were read, not saved."""
    found = list(missions.select_related("shown_sheet"))
    for row in found:
        if (kept := getattr(row, "shown_sheet", None)) is not None:
            row.title, row.country = kept.told["title"], kept.told["country"]
            row.region, row.place = kept.told["region"], kept.told["place"]
    return found


@step
def keep_shown(mission: Mission) -> ShownSheet:
    """From now on anyone is shown the sheet as it stands."""
    told = told_of(sheet_of(mission))
    kept, _ = ShownSheet.objects.update_or_create(mission=mission, defaults={"told": told})
    return kept


def print_of(sheet: Sheet) -> str:
    """The same for two sheets that say the same."""
    return hashlib.sha256(json.dumps(told_of(sheet), sort_keys=True).encode()).hexdigest()


def told_of(sheet: Sheet) -> dict[str, Any]:
    main = sheet.main
    return {
        "title": sheet.title,
        "summary": sheet.summary,
        "zone": sheet.zone,
        "holder": _names(sheet.holder),
        "partner": _names(sheet.partner),
        "structures": list(sheet.home_structures),
        "duration": sheet.duration,
        "components": [_part(part) for part in sheet.components],
        "latitude": sheet.latitude,
        "longitude": sheet.longitude,
        "country": main.country.code,
        "region": main.region,
        "place": main.place,
        "sdgs": list(main.project.sdgs),
    }


def _names(found: Named | None) -> list[str] | None:
    return [found.full_name, str(found)] if found else None


def _part(part: Aims) -> dict[str, Any]:
    aims = [[aim.text, aim.outcome, list(aim.achievements)] for aim in part.objectives]
    return {"title": part.title, "type": part.type, "objectives": aims}


def _as_read(sheet: Sheet, kept: ShownSheet | None) -> Sheet:
    if kept is None:
        return sheet
    told, main = kept.told, sheet.main
    # of the row in memory alone
    main.country, main.region, main.place = told["country"], told["region"], told["place"]
    main.project.sdgs = told["sdgs"]
    return replace(
        sheet,
        title=told["title"],
        summary=told["summary"],
        zone=told["zone"],
        holder=Then(*told["holder"]),
        partner=Then(*told["partner"]) if told["partner"] else None,
        home_structures=tuple(told["structures"]),
        duration=told["duration"],
        components=tuple(_aims(part) for part in told["components"]),
        latitude=told["latitude"],
        longitude=told["longitude"],
    )


def _aims(part: dict[str, Any]) -> Aims:
    aims = (Aim(text, outcome, tuple(done)) for text, outcome, done in part["objectives"])
    return Aims(part["title"], part["type"], tuple(aims))
