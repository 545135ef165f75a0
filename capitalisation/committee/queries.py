"""Reading the months of the committee, and what it has to look at today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.formats import date_format

from capitalisation.committee.fieldwork import LEAVING, RISKY, with_open_requirements
from capitalisation.committee.figures import Period
from capitalisation.committee.indicators import indicators_of
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from explor.accounts.models import User
from explor.charts.spec import Chart, line_chart
from explor.search.fields import in_order
from missions.dossier.models import Mission, Programme
from missions.lifecycle import State

#: How many months before are shown beside a month.
LOOK_BACK = 6
REPORT_DAYS = timedelta(days=30)
#: The figures drawn over time: (title, unit, codes with the name of each line).
TRENDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Demandes déposées chaque mois", "", {"requests": "Demandes"}),
    ("Du dépôt à la décision, durée médiane", "jours", {"decision_median": "Durée médiane"}),
    ("Budget de l’année engagé", "%", {"budget": "Part engagée"}),
)


@dataclass
class MonthPage:
    """A month with its figures, and those of the months before it, by code."""

    month: CommitteeMonth
    indicators: list[MonthIndicator]
    before: dict[str, list[tuple[CommitteeMonth, MonthIndicator]]] = field(default_factory=dict)

    @property
    def figures(self) -> list["TrendedFigure"]:
        shown = (row for row in self.indicators if not row.code.startswith("stock_"))
        return [TrendedFigure(row, self._last(row.code)) for row in shown]

    @property
    def stock(self) -> list[MonthIndicator]:
        return [row for row in self.indicators if row.code.startswith("stock_")]

    def _last(self, code: str) -> MonthIndicator | None:
        rows = self.before.get(code)
        return rows[-1][1] if rows else None

    def charts(self) -> list[Chart]:
        """Key figures over the months; nothing to draw with fewer than two of them."""
        drawn = (self._chart(*trend) for trend in TRENDS)
        return [chart for chart in drawn if chart]

    def _chart(self, title: str, unit: str, lines: Mapping[str, str]) -> Chart | None:
        now = {row.code: row for row in self.indicators}
        rows = [
            (date_format(month.month, "N Y"), name, row.measure)
            for code, name in lines.items()
            for month, row in [
                *self.before.get(code, []),
                *([(self.month, now[code])] if code in now else []),
            ]
        ]
        known = [value for _, _, value in rows if value is not None]
        if len(known) < 2:
            return None
        first, last = rows[0][0], rows[-1][0]
        return line_chart(
            title=title,
            subtitle=f"De {first} à {last}, {len(rows) // len(lines)} mois",
            rows=rows,
            time="Mois",
            series="Mesure",
            measure=title,
            unit=unit,
        )


@dataclass(frozen=True)
class TrendedFigure:
    """A figure beside the same one of the month before."""

    row: MonthIndicator
    last: MonthIndicator | None

    @property
    def trend(self) -> str:
        """« en mars 2026 : 5 jours »; empty when nothing was known."""
        if self.last is None or not self.last.is_known:
            return ""
        return f"le mois d’avant : {self.last.told}"


def read_month(programme: Programme, month: date) -> MonthPage:
    """Frozen figures when there are, live ones otherwise; the months before in the same query."""
    first = month.replace(day=1)
    earliest = (first - timedelta(days=31 * LOOK_BACK)).replace(day=1)
    rows = (
        MonthIndicator.objects.filter(
            month__programme=programme,
            month__month__gte=earliest,
            month__month__lte=first,
            month__frozen_at__isnull=False,
        )
        .select_related("month__frozen_by")
        .order_by("month__month", "position")
    )
    here = [row for row in rows if row.month.month == first]
    before: dict[str, list[tuple[CommitteeMonth, MonthIndicator]]] = {}
    for row in rows:
        if row.month.month < first:
            before.setdefault(row.code, []).append((row.month, row))
    if here:
        return MonthPage(here[0].month, here, before)
    live = CommitteeMonth(programme=programme, month=first)
    return MonthPage(live, indicators_of(live), before)


def months_of(programme: Programme) -> QuerySet[CommitteeMonth]:
    """The frozen months, latest first."""
    rows = CommitteeMonth.objects.filter(programme=programme, frozen_at__isnull=False)
    return rows.select_related("frozen_by").order_by("-month")


@dataclass
class Agenda:
    """What waits for the committee, read now."""

    to_decide: list[Mission] = field(default_factory=list)
    at_risk: list[tuple[Mission, str]] = field(default_factory=list)
    late_reports: list[tuple[Mission, int]] = field(default_factory=list)


def agenda_of(programme: Programme, user: User | None, today: date) -> Agenda:
    """Missions to decide, departures at risk, late reports: one query, only what may be opened.

    `user=None` is the monthly file made for the whole committee.
    """
    period = Period.of(today)
    soon = Q(state__in=LEAVING, departs_on__range=(today, today + REPORT_DAYS))
    late = Q(state=State.REPORT, returns_on__lt=today - REPORT_DAYS)
    missions = Mission.objects.visible_to(user) if user else Mission.objects.all()
    rows = with_open_requirements(
        missions.filter(Q(state=State.COMMITTEE) | soon | late, programme=programme), period
    )
    rows = rows.select_related("project__holder", "request").defer("search")
    agenda = Agenda()
    for mission in rows.order_by("departs_on", in_order()).distinct():
        if mission.state == State.COMMITTEE:
            agenda.to_decide.append(mission)
        elif mission.state == State.REPORT and mission.returns_on:
            agenda.late_reports.append((mission, (today - mission.returns_on).days))
        elif why := _risks(mission):
            agenda.at_risk.append((mission, why))
    return agenda


def _risks(mission: Mission) -> str:
    still_open: Sequence[str] = getattr(mission, "still_open", ())
    request = getattr(mission, "request", None)
    zone = RISKY.get(request.security_zone) if request else None
    return ", ".join([*still_open, *([zone] if zone else [])])


def open_references(user: User, references: Iterable[str]) -> dict[str, Mission]:
    """Those of the missions behind a figure that this person may open."""
    rows = Mission.objects.visible_to(user).filter(reference__in=set(references))
    found = rows.select_related("project__holder").defer("search").distinct()
    return {mission.reference: mission for mission in found}
