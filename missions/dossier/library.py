"""The public library of missions: list, filters, map, what the home page shows of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django_countries import countries as all_countries

from explor.search.fields import in_order
from explor.ui.map import MapPoint
from missions.dossier.forms import Choices, of_type, search_missions
from missions.dossier.models import Mission, MissionType
from missions.dossier.reference import sdg_choices
from missions.dossier.sheets import Sheet, build_sheets, public_missions, sheet_numbers
from missions.dossier.shown import shown

PAGE = 12
PLACES = 60
LATEST = 3
PLACED = ("place", "region", "country", "latitude", "longitude", "title")


class SheetFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Only countries and goals that a published sheet has are offered."""

    q = django_filters.CharFilter(label="Mots", method="search")
    pays = django_filters.ChoiceFilter(label="Pays", field_name="country", empty_label="Tous")
    type = django_filters.ChoiceFilter(
        label="Typologie",
        method="of_type",
        choices=MissionType.choices,
        empty_label="Toutes",
    )
    odd = django_filters.ChoiceFilter(
        label="ODD",
        method="of_goal",
        empty_label="Tous",
    )

    class Meta:
        model = Mission
        fields: list[str] = []

    def __init__(self, *args: Any, countries: Choices, goals: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["pays"].extra["choices"] = countries
        self.filters["odd"].extra["choices"] = goals

    def search(self, rows: QuerySet[Mission], name: str, words: str) -> QuerySet[Mission]:
        return search_missions(rows, words)

    def of_type(self, rows: QuerySet[Mission], name: str, kind: str) -> QuerySet[Mission]:
        return of_type(rows, kind)

    def of_goal(self, rows: QuerySet[Mission], name: str, goal: str) -> QuerySet[Mission]:
        return rows.filter(project__sdgs__contains=[int(goal)])


@dataclass(frozen=True)
class SheetList:
    filters: SheetFilter
    page: Page[Mission]
    sheets: list[Sheet]
    points: list[MapPoint]

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.data.get(name) for name in self.filters.filters)

    @property
    def count(self) -> int:
        return self.page.paginator.count


@dataclass(frozen=True)
class Library:
    """What the home page shows: the last sheets, where missions went, how many."""

    sheets: list[Sheet]
    points: list[MapPoint]
    missions: int
    countries: int


def sheet_list_for(data: Mapping[str, Any]) -> SheetList:
    """Nine queries whatever the number of sheets."""
    mains = _mains()
    filters = SheetFilter(data, mains, **_choices(mains))
    rows: QuerySet[Mission] = filters.qs
    points = _points(rows)
    if not rows.query.order_by:
        rows = rows.order_by(F("departs_on").desc(nulls_last=True), in_order().desc())
    page = Paginator(rows, PAGE).get_page(data.get("page"))
    return SheetList(filters, page, _sheets(page), points)


def library() -> Library:
    mains = _mains()
    latest = mains.order_by(F("departs_on").desc(nulls_last=True), in_order().desc())
    figures = public_missions().aggregate(
        missions=Count("pk"), countries=Count("country", distinct=True)
    )
    return Library(
        _sheets(latest[:LATEST]),
        _points(mains),
        figures["missions"],
        figures["countries"],
    )


def _mains() -> QuerySet[Mission]:
    rows = public_missions().filter(joint_with__isnull=True)
    return rows.select_related("programme").defer("search")


def _sheets(rows: Any) -> list[Sheet]:
    """Numbers are counted in each programme on the page, in one query for them all."""
    found = list(rows)
    numbers = sheet_numbers({row.programme_id for row in found}, found)
    return shown(build_sheets(found, numbers))


def _choices(mains: QuerySet[Mission]) -> dict[str, list[tuple[Any, str]]]:
    rows = list(mains.order_by().values_list("country", "project__sdgs").distinct())
    named = [(code, str(all_countries.name(code))) for code in {row[0] for row in rows}]
    goals = {goal for row in rows for goal in row[1]}
    return {
        "countries": sorted(named, key=lambda pair: pair[1]),
        "goals": [(n, name) for n, name in sdg_choices() if n in goals],
    }


def _points(rows: QuerySet[Mission]) -> list[MapPoint]:
    places: Any = (
        rows.filter(latitude__isnull=False)
        .order_by(F("departs_on").desc(nulls_last=True), in_order().desc())
        .values(*PLACED, "reference", "shown_sheet__told")
    )
    return [_point(row["reference"], row["shown_sheet__told"] or row) for row in places[:PLACES]]


def _point(reference: str, told: Mapping[str, Any]) -> MapPoint:
    """Where the sheet that was read says it is."""
    return MapPoint(
        told["place"] or told["region"] or str(all_countries.name(told["country"])),
        told["latitude"],
        told["longitude"],
        url=reverse("sheet", args=[reference]),
        note=told["title"],
    )
