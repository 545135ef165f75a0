"""Reference lists: sustainable development goals, DAC purpose codes, places.

SDG and DAC: IATI non-embedded codelists (CC BY 4.0). Places: GeoNames (CC BY 4.0).
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@cache
def sdg_choices() -> list[tuple[int, str]]:
    return [(int(row["code"]), row["name_fr"]) for row in _rows("sdg_goals_fr.csv")]


@cache
def dac_choices() -> list[tuple[str, Any]]:
    """DAC purpose codes grouped by category, as Django's grouped choices."""
    categories = {row["code"]: row["name_fr"] for row in _rows("dac_categories_fr.csv")}
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in _rows("dac_sectors_fr.csv"):
        name = categories.get(row["category"], row["category"])
        groups.setdefault(name, []).append((row["code"], f"{row['code']} · {row['name_fr']}"))
    return list(groups.items())


@cache
def dac_labels() -> dict[str, str]:
    return {row["code"]: row["name_fr"] for row in _rows("dac_sectors_fr.csv")}


@dataclass(frozen=True)
class Place:
    """A populated place; latitude and longitude in degrees, WGS 84."""

    country: str
    name: str
    latitude: float
    longitude: float
    population: int


@cache
def places() -> dict[str, list[Place]]:
    """Country code → its places, most populated first."""
    found: dict[str, list[Place]] = {}
    for row in _rows("places.csv"):
        place = Place(
            row["country"],
            row["name"],
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"] or 0),
        )
        found.setdefault(place.country, []).append(place)
    for rows in found.values():
        rows.sort(key=lambda place: -place.population)
    return found


def find_place(country: str, name: str) -> Place | None:
    """The most populated place of that name, ignoring case; `None` when the list has it not."""
    wanted = name.strip().casefold()
    return next((p for p in places().get(country, []) if p.name.casefold() == wanted), None)
