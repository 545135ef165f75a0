"""Load the programme's missions up to their preparation; what follows needs the capitalisation."""

from datetime import date
from typing import Any

from django.db import transaction

from explor import clock
from missions.demo.belonging import live_together
from missions.demo.cast import Cast, gather
from missions.demo.data import day_of, read, token_of
from missions.demo.funding import fund
from missions.demo.life import Decider, Life, live_until_preparation
from missions.demo.threads import converse
from missions.dossier.models import Mission
from missions.dossier.setup import lead_together
from missions.request.actions import start_request


@transaction.atomic
def load(today: date | None = None, *, decider: Decider | None = None) -> list[Life]:
    """Everything or nothing; a second time finds what is there and writes nothing.

    `decider` says how the committee decides; without it, alone on the page.

    Returns the missions, oldest first, so that the capitalisation may go on with them.
    """
    today = today or clock.today()
    rows = sorted(
        [row for name in ("leaflet", "live", "requests") for row in read(name)["missions"]],
        key=lambda row: day_of(row["days"]["start"], today),
    )
    loaded = Mission.objects.filter(token=token_of("mission", rows[0]["key"])).exists()
    cast = gather(today)
    if loaded:
        return _known(rows, cast, today)
    lives: dict[str, Life] = {}
    for row in rows:
        lives[row["key"]] = life = _start(row, cast, today)
        life.decider = decider
        if "joint_with" in row:
            lead_together(life.mission, lives[row["joint_with"]].mission)
        live_until_preparation(life)
        fund(life)
    converse(list(lives.values()))
    live_together(cast)
    return list(lives.values())


def _start(row: dict[str, Any], cast: Cast, today: date) -> Life:
    place = {
        name: row[name] for name in ("region", "place", "latitude", "longitude") if name in row
    }
    typed = bool(row.get("confirmed_by"))
    osim, coordinator = cast.osim(row["holder"]), cast.coordinator_of(row["territory"])
    with clock.at(day_of(row["days"]["start"], today)):
        mission = start_request(
            actor=coordinator if typed else osim,
            on_behalf=typed,
            holder=cast.organisations[row["holder"]],
            programme=cast.programme,
            territory=cast.territories[row["territory"]],
            title=row["title"],
            country=row["country"],
            token=token_of("mission", row["key"]),
            **place,
        )
    return Life(row, cast, today, mission)


def _known(rows: list[dict[str, Any]], cast: Cast, today: date) -> list[Life]:
    tokens = {token_of("mission", row["key"]): row for row in rows}
    found = Mission.objects.filter(token__in=tokens).defer("search").order_by("created_at")
    return [Life(tokens[mission.token], cast, today, mission) for mission in found]
