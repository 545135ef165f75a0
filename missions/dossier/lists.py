"""The list of missions: ready-made views, filters, map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django_countries import countries as all_countries

from explor import clock
from explor.accounts.models import Role, User
from explor.ui.components import Tab
from explor.ui.map import MapPoint
from missions import lifecycle
from missions.dossier.forms import MissionFilter
from missions.dossier.models import Milestone, Mission, MissionType
from missions.dossier.turns import expected, late_missions, turn_of

PAGE = 25
#: The most visited places the map shows.
PLACES = 60
ALL = "toutes"
_OVER = [state.value for state in lifecycle.FINAL]
TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


#: One word a type, for a narrow column.
SHORT_TYPES: dict[str, str] = {
    MissionType.STUDY: "Étude",
    MissionType.TRAINING: "Formation",
    MissionType.EVALUATION: "Évaluation",
    MissionType.INSTALLATION: "Installation",
}


@dataclass(frozen=True)
class Preset:
    key: str
    label: str
    condition: Q


def presets_for(user: User) -> list[Preset]:
    today = clock.today()
    first = today.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    this_month = Q(departs_on__lt=after, returns_on__gte=first)
    return [
        Preset("a-moi", "À moi", turn_of(user)),
        Preset("en-retard", "En retard", late_missions(today)),
        Preset("ce-mois", "Ce mois", this_month),
        Preset(ALL, "Toutes", Q()),
        Preset("terminees", "Terminées", Q(state__in=_OVER)),
    ]


@dataclass(frozen=True)
class Line:
    """A mission as one line of the list."""

    mission: Mission
    label: str
    tone: str
    where: str
    types: str

    @property
    def url(self) -> str:
        return self.mission.get_absolute_url()


@dataclass(frozen=True)
class MissionList:
    filters: MissionFilter
    tabs: list[Tab]
    shown: str
    page: Page[Mission] | None
    points: list[MapPoint]
    count: int
    total: int
    for_osim: bool

    @property
    def is_filtered(self) -> bool:
        return any(self.filters.data.get(name) for name in self.filters.filters)

    @property
    def rows(self) -> list[Line]:
        return [self._line(row) for row in self.page or []]

    def _line(self, row: Mission) -> Line:
        place = row.place or row.region
        country = str(row.country.name)
        kinds = dict.fromkeys(SHORT_TYPES[part.type] for part in row.components.all())
        told = row.state_told(outside=self.for_osim)
        return Line(
            mission=row,
            label=lifecycle.label(told, for_osim=self.for_osim),
            tone=lifecycle.tone(told),
            where=f"{country}, {place}" if place else country,
            types=", ".join(kinds),
        )


def mission_list_for(user: User, data: Mapping[str, Any]) -> MissionList:
    """Five queries whatever the number of missions: counts, choices, count, page, components
    (or places)."""
    visible = Mission.objects.visible_to(user).order_by()
    presets = presets_for(user)
    chosen = next((p for p in presets if p.key == data.get("vue")), presets[3])
    counts = visible.aggregate(
        **{f"n{i}": Count("pk", filter=p.condition) for i, p in enumerate(presets)},
        total=Count("pk"),
    )
    filters = MissionFilter(data, visible.filter(chosen.condition), **_choices(visible))
    rows: QuerySet[Mission] = filters.qs
    on_map = data.get("carte") == "1"
    page = None if on_map else _page(rows, data.get("page"))
    return MissionList(
        filters=filters,
        tabs=[
            Tab(p.label, _address(p.key), p is chosen, counts[f"n{i}"])
            for i, p in enumerate(presets)
        ],
        shown=chosen.key,
        page=page,
        points=_points(rows) if on_map else [],
        count=page.paginator.count if page else rows.count(),
        total=counts["total"],
        for_osim=not user.standing.holds(*TEAM),
    )


def _address(key: str) -> str:
    base = reverse("mission_list")
    return base if key == ALL else f"{base}?{urlencode({'vue': key})}"


def _choices(visible: QuerySet[Mission]) -> dict[str, list[tuple[Any, str]]]:
    """What the filters offer, in one query."""
    rows = list(
        visible.values_list(
            "country", "territory", "territory__name", "departs_on__year"
        ).distinct()
    )
    codes = {row[0] for row in rows}
    named = [(code, str(all_countries.name(code))) for code in codes]
    return {
        "countries": sorted(named, key=lambda pair: pair[1]),
        "territories": sorted({(row[1], row[2]) for row in rows}, key=lambda p: p[1]),
        "years": [(year, str(year)) for year in _years(row[3] for row in rows)],
    }


def _years(found: Any) -> list[int]:
    return sorted({year for year in found if year}, reverse=True)


def _page(rows: QuerySet[Mission], number: Any) -> Page[Mission]:
    next_due = (
        expected(Milestone.objects.open())
        .filter(mission=OuterRef("pk"), due_on__isnull=False)
        .order_by("due_on")
        .values("due_on")[:1]
    )
    if not rows.query.order_by:
        rows = rows.order_by("-reference")
    rows = rows.for_lists().annotate(next_due=Subquery(next_due))  # type: ignore[attr-defined]
    return Paginator(rows, PAGE).get_page(number)


def _points(rows: QuerySet[Mission]) -> list[MapPoint]:
    """Places with the number of missions; a place with one mission leads to it."""
    places = (
        rows.order_by()
        .filter(latitude__isnull=False)
        .values("place", "region", "country", "latitude", "longitude")
        .annotate(n=Count("pk", distinct=True), only=Min("reference"), of=Min("title"))
        .order_by(F("n").desc(), "place")[:PLACES]
    )
    return [_point(row) for row in places]


def _point(row: Mapping[str, Any]) -> MapPoint:
    country = str(all_countries.name(row["country"]))
    label = row["place"] or row["region"] or country
    if row["n"] == 1:
        return MapPoint(
            label,
            row["latitude"],
            row["longitude"],
            url=reverse("mission", args=[row["only"]]),
            note=row["of"],
        )
    found = f"{reverse('mission_list')}?{urlencode({'q': label})}"
    many = f"{row['n']} missions"
    return MapPoint(label, row["latitude"], row["longitude"], found, many, count=row["n"])
