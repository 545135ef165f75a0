"""The figures of the five focuses, each computed from reports, meetings, ties and codings.

Sources: the cross analysis part of the programme's indicators. A figure always states its n.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from capitalisation.analysis.counts import (
    codes_by_moment,
    meetings_by_level,
    missions_by_code,
    outcomes_by_type,
    ties_by_event,
)
from capitalisation.analysis.models import Focus, FocusKind
from capitalisation.corpus.models import Moment
from capitalisation.reports.models import Level, Opened, TieEvent, TieKind
from explor.charts.spec import Chart, bar_chart, grouped_bar, paired_dots
from missions.dossier.models import MissionType


@dataclass(frozen=True)
class Tile:
    """A figure that reads alone: « 3 sur 4 », what it counts and out of what."""

    value: str
    label: str
    n: str = ""


@dataclass
class FocusFigures:
    """`chart` is `None` when the data hold nothing to draw."""

    tiles: list[Tile] = field(default_factory=list)
    chart: Chart | None = None

    @property
    def is_empty(self) -> bool:
        return self.chart is None and not self.tiles


def focus_figures(focus: Focus) -> FocusFigures:
    """What the data say today about the focus."""
    return _FIGURES[focus.kind](focus)


def _typology(focus: Focus) -> FocusFigures:
    rows = outcomes_by_type(focus.programme)
    counted = [row for row in rows if row.objectives]
    if not counted:
        return FocusFigures()
    best = max(counted, key=lambda row: row.score)
    total = sum(row.objectives for row in counted)
    reached = sum((row.reached for row in counted), Decimal(0))
    return FocusFigures(
        tiles=[
            Tile(
                f"{_percent(reached / total)} %",
                "des objectifs atteints, ceux atteints en partie comptant pour moitié",
                f"{total} objectifs renseignés",
            ),
            *(
                Tile(
                    str(row.missions),
                    f"mission{'s' if row.missions > 1 else ''} : {MissionType(row.type).label}",
                    f"{row.objectives} objectif{'s' if row.objectives > 1 else ''}",
                )
                for row in counted
            ),
        ],
        chart=bar_chart(
            title=f"{MissionType(best.type).label} : "
            f"{_percent(best.score)} % des objectifs atteints",
            subtitle=f"Part des objectifs atteints par typologie de mission, n = {total} objectifs",
            rows=[
                (f"{MissionType(row.type).label} (n = {row.objectives})", float(row.score * 100))
                for row in counted
            ],
            measure="Objectifs atteints",
            unit="%",
            category="Typologie",
        ),
    )


def _institutions(focus: Focus) -> FocusFigures:
    found = meetings_by_level(focus.programme)
    if not found.meetings:
        return FocusFigures()
    rows = [
        (Level(level).label, Opened(opened).label, float(found.opened.get((level, opened), 0)))
        for level in Level.values
        for opened in Opened.values
    ]
    most = max(Opened.values, key=lambda o: sum(found.opened.get((v, o), 0) for v in Level.values))
    return FocusFigures(
        tiles=[
            Tile(str(found.meetings), "rencontres institutionnelles"),
            Tile(
                f"{found.missions_meeting} sur {found.missions}",
                "missions ont rencontré au moins une institution",
                f"{found.missions} rapports acceptés",
            ),
            Tile(
                f"{found.missions_three_levels} sur {found.missions}",
                "missions reçues aux trois niveaux : local, régional, national",
            ),
        ],
        chart=grouped_bar(
            title=f"Ce que les rencontres ouvrent d’abord : {Opened(most).label.lower()}",
            subtitle=f"Nombre de rencontres par niveau et par effet, n = {found.meetings}",
            rows=rows,
            category="Niveau",
            series="Effet",
            measure="Rencontres",
        ),
    )


def _holders(focus: Focus) -> FocusFigures:
    counts = missions_by_code(focus)
    told = [row for row in counts.rows if row.missions]
    if not told:
        return FocusFigures()
    first = told[0]
    return FocusFigures(
        tiles=[
            Tile(f"{row.missions} sur {counts.missions}", row.label, f"{row.passages} passages")
            for row in told[:3]
        ],
        chart=bar_chart(
            title=f"La stratégie la plus partagée : {first.label[:1].lower()}{first.label[1:]}",
            subtitle="Nombre de missions dont un texte évoque la stratégie, "
            f"n = {counts.missions} missions",
            rows=[(row.label, float(row.missions)) for row in told],
            measure="Missions",
            category="Stratégie",
        ),
    )


def _partnerships(focus: Focus) -> FocusFigures:
    counts, missions = ties_by_event(focus.programme)
    total = sum(counts.values())
    if not total:
        return FocusFigures()
    new = sum(counts.get((kind, TieEvent.NEW), 0) for kind in TieKind.values)
    formal = sum(counts.get((kind, TieEvent.FORMALISED), 0) for kind in TieKind.values)
    carries = sum(counts.get((kind, TieEvent.CARRIES), 0) for kind in TieKind.values)
    return FocusFigures(
        tiles=[
            Tile(str(new), "nouveaux partenaires", f"{missions} missions"),
            Tile(str(formal), "liens formalisés par une convention"),
            Tile(str(carries), "structures qui portent désormais le projet"),
        ],
        chart=grouped_bar(
            title=f"{new} partenaires nouveaux pour {missions} missions",
            subtitle=f"Liens décrits dans les rapports de retour, n = {total} liens",
            rows=[
                (TieEvent(event).label, TieKind(kind).label, float(counts.get((kind, event), 0)))
                for event in TieEvent.values
                for kind in TieKind.values
            ],
            category="Ce qui change",
            series="Partenaire",
            measure="Liens",
        ),
    )


def _expert(focus: Focus) -> FocusFigures:
    counts = codes_by_moment(focus)
    before, after = counts.of.get(Moment.BEFORE, 0), counts.of.get(Moment.AFTER, 0)
    rows = [row for row in counts.rows if row.before or row.after]
    if not rows or not (before and after):
        return FocusFigures()
    moved = max(rows, key=lambda row: abs(row.after / after - row.before / before))
    direction = "recule" if moved.after / after < moved.before / before else "gagne du terrain"
    return FocusFigures(
        tiles=[
            Tile(f"{before} et {after}", "entretiens amont et retour"),
            *(
                Tile(f"{row.before} → {row.after}", row.label, "entretiens, amont → retour")
                for row in rows[:3]
            ),
        ],
        chart=paired_dots(
            title=f"« {moved.label} » {direction} entre l’amont et le retour",
            subtitle="Part des entretiens qui évoquent le thème, "
            f"n = {before} entretiens amont et {after} entretiens retour",
            rows=[(row.label, 100 * row.before / before, 100 * row.after / after) for row in rows],
            before="Amont",
            after="Retour",
            category="Thème",
            measure="Entretiens",
            unit="%",
        ),
    )


def _percent(share: Decimal) -> int:
    return round(share * 100)


_FIGURES: dict[str, Callable[[Focus], FocusFigures]] = {
    FocusKind.TYPOLOGY: _typology,
    FocusKind.INSTITUTIONS: _institutions,
    FocusKind.HOLDERS: _holders,
    FocusKind.PARTNERSHIPS: _partnerships,
    FocusKind.EXPERT: _expert,
}
