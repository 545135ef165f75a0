"""The list of missions: ready-made views, filters, map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django_countries import countries as all_countries

from explor import clock
from explor.accounts.models import Role, User
from explor.search.fields import in_order
from explor.search.words import plain
from explor.ui.chips import Chip, chips_of
from explor.ui.components import Tab
from explor.ui.map import MapPoint
from missions import lifecycle
from missions.dossier.components import types_in
from missions.dossier.forms import MissionFilter
from missions.dossier.list_map import points_of
from missions.dossier.models import Milestone, Mission, MissionType
from missions.dossier.querysets import untold_to
from missions.dossier.turns import expected, late_missions, turn_of

PAGE = 25
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
    over = Q(state__in=_OVER)
    this_month = Q(departs_on__lt=after, returns_on__gte=first)
    return [
        Preset("a-moi", "À moi", turn_of(user)),
        Preset("en-retard", "En retard", late_missions(user, today)),
        Preset("ce-mois", "Ce mois", this_month),
        Preset(ALL, "Toutes", Q()),
        Preset("terminees", "Terminées", over & ~untold_to(user)),
    ]


@dataclass(frozen=True)
class Line:
    """A mission as one line of the list."""

    mission: Mission
    label: str
    tone: str
    where: str
    types: str
    on_hold: bool

    @property
    def url(self) -> str:
        return self.mission.get_absolute_url()


@dataclass(frozen=True)
class MissionList:
    filters: MissionFilter
    tabs: list[Tab]
    chips: list[Chip]
    reset: str
    shown: str
    page: Page[Mission] | None
    points: list[MapPoint]
    count: int
    total: int
    outside: bool
    reader: User

    @property
    def is_filtered(self) -> bool:
        return bool(self.chips)

    @property
    def rows(self) -> list[Line]:
        today = clock.today()
        return [self._line(row, today) for row in self.page or []]

    def _line(self, row: Mission, today: date) -> Line:
        place = row.place or row.region
        country = str(row.country.name)
        kinds = types_in(row.components.all(), SHORT_TYPES)
        told = row.state_told(outside=row.is_outside(self.reader))
        return Line(
            mission=row,
            label=lifecycle.label(told, for_osim=self.outside),
            tone=lifecycle.tone(told),
            where=f"{country}, {place}" if place else country,
            types=", ".join(kinds),
            on_hold=row.is_on_hold(today) and told == row.state,
        )


def mission_list_for(user: User, data: Mapping[str, Any]) -> MissionList:
    """Four queries at most whatever the number of missions: counts with choices, count when
    something is filtered, page, components (or places)."""
    presets = presets_for(user)
    chosen = _chosen(presets, data)
    groups = _groups(user, presets)
    filters = _filter(user, data, chosen, groups)
    rows: QuerySet[Mission] = filters.qs
    base = reverse("mission_list")
    chips = chips_of(filters.form, data, base)
    counts = {p.key: sum(group[f"n{i}"] for group in groups) for i, p in enumerate(presets)}
    count = rows.count() if chips else counts[chosen.key]
    on_map = data.get("carte") == "1"
    return MissionList(
        filters=filters,
        tabs=[Tab(p.label, _address(p.key), p is chosen, counts[p.key]) for p in presets],
        chips=chips,
        reset=_address(chosen.key),
        shown=chosen.key,
        page=None if on_map else _page(rows, user, data.get("page"), count),
        points=points_of(rows) if on_map else [],
        count=count,
        total=counts[ALL],
        outside=is_outside(user),
        reader=user,
    )


def filtered_missions(user: User, data: Mapping[str, Any]) -> QuerySet[Mission]:
    """What the list shows for these filters, every page of it."""
    presets = presets_for(user)
    chosen = _chosen(presets, data)
    rows: QuerySet[Mission] = _filter(user, data, chosen, _groups(user, [])).qs
    return rows if rows.query.order_by else rows.order_by(in_order().desc())


def is_outside(user: User) -> bool:
    """Not of a team: a decision is unknown until its letter has left."""
    return not user.standing.holds(*TEAM)


def _chosen(presets: list[Preset], data: Mapping[str, Any]) -> Preset:
    everything = next(p for p in presets if p.key == ALL)
    return next((p for p in presets if p.key == data.get("vue")), everything)


def _filter(
    user: User, data: Mapping[str, Any], chosen: Preset, groups: list[dict[str, Any]]
) -> MissionFilter:
    rows = Mission.objects.visible_to(user).order_by().filter(chosen.condition)
    return MissionFilter(data, rows, reader=user, **_choices(groups))


def _address(key: str) -> str:
    base = reverse("mission_list")
    return base if key == ALL else f"{base}?{urlencode({'vue': key})}"


def _groups(user: User, presets: list[Preset]) -> list[dict[str, Any]]:
    """Countries, territories and years of the person's missions, with how many of each ready-made
    view: what the filters offer and what the tabs count, in one reading of the table."""
    rows = Mission.objects.visible_to(user).order_by()
    counted = {f"n{i}": Count("pk", filter=p.condition) for i, p in enumerate(presets)}
    named = rows.values("country", "territory", "territory__name", "departs_on__year")
    groups: Any = named.annotate(**counted) if counted else named.distinct()
    return list(groups)


def _choices(groups: list[dict[str, Any]]) -> dict[str, list[tuple[Any, str]]]:
    """What the filters offer."""
    codes = {row["country"] for row in groups}
    named = [(code, str(all_countries.name(code))) for code in codes]
    territories = {(row["territory"], row["territory__name"]) for row in groups}
    years = {row["departs_on__year"] for row in groups if row["departs_on__year"]}
    return {
        "countries": sorted(named, key=lambda pair: plain(pair[1])),
        "territories": sorted(territories, key=lambda pair: plain(pair[1])),
        "years": [(year, str(year)) for year in sorted(years, reverse=True)],
    }


class _Counted(Paginator[Mission]):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows: QuerySet[Mission], count: int) -> None:
        super().__init__(rows, PAGE)
        self.__dict__["count"] = count


def _page(rows: QuerySet[Mission], user: User, number: Any, count: int) -> Page[Mission]:
    next_due = (
        expected(Milestone.objects.open(), user)
        .filter(mission=OuterRef("pk"), due_on__isnull=False)
        .order_by("due_on")
        .values("due_on")[:1]
    )
    if not rows.query.order_by:
        rows = rows.order_by(in_order().desc())
    rows = rows.for_lists().annotate(next_due=Subquery(next_due))  # type: ignore[attr-defined]
    return _Counted(rows, count).get_page(number)
