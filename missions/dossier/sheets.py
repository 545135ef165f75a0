"""Mission sheets: what is published of a mission, and what the booklet prints.

Missions led together (`joint_with`) share one sheet and keep their two numbers.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from explor.search import words
from explor.search.fields import in_order
from explor.ui.map import MapPoint
from missions.dossier.aims import Aim, Aims, aims_of, components_with_aims
from missions.dossier.models import (
    Engagement,
    EngagementState,
    Mission,
    Programme,
    SheetState,
    Territory,
)
from missions.dossier.reference import sdg_choices


class Named(Protocol):
    """An organisation, or the names it had."""

    @property
    def full_name(self) -> str: ...


@dataclass(frozen=True)
class Sheet:
    """`missions` starts with the one that gives its reference; `duration` counts days."""

    numbers: tuple[int, ...]
    title: str
    summary: str
    missions: tuple[Mission, ...]
    zone: str
    holder: Named
    partner: Named | None
    home_structures: tuple[str, ...]
    duration: int | None
    components: tuple[Aims, ...]
    latitude: float | None
    longitude: float | None

    @property
    def main(self) -> Mission:
        return self.missions[0]

    @property
    def reference(self) -> str:
        return self.main.reference

    @property
    def heading(self) -> str:
        """« Mission 3 », « Missions 1 et 2 »; the reference before it has a number."""
        if not self.numbers:
            return f"Mission {self.reference}"
        if len(self.numbers) == 1:
            return f"Mission {self.numbers[0]}"
        *first, last = map(str, self.numbers)
        return f"Missions {', '.join(first)} et {last}"

    @property
    def days(self) -> str:
        if not self.duration:
            return ""
        return f"{self.duration} jour{'s' if self.duration > 1 else ''}"

    @property
    def types(self) -> list[str]:
        return list(dict.fromkeys(part.type for part in self.components if part.type))

    @property
    def goals(self) -> list[tuple[int, str]]:
        return [row for row in sdg_choices() if row[0] in self.main.project.sdgs]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands at the head of the sheet, on the page and on paper."""
        return [*self.bearings, ("Typologie", " ; ".join(self.types))]

    @property
    def bearings(self) -> list[tuple[str, str]]:
        """Where, who, how long; in the booklet the types stand beside their components."""
        many = "s" if len(self.home_structures) > 1 else ""
        return [
            ("Zone d’intervention", self.zone),
            ("Porteur de projet", self.holder.full_name),
            ("Partenaire sur place", self.partner.full_name if self.partner else ""),
            (f"Structure{many} des volontaires", ", ".join(self.home_structures)),
            ("Durée", self.days),
        ]

    @property
    def points(self) -> list[MapPoint]:
        if self.latitude is None or self.longitude is None:
            return []
        label = self.main.place or self.main.region or str(self.main.country.name)
        return [MapPoint(label, self.latitude, self.longitude, note=self.title)]


def public_missions() -> QuerySet[Mission]:
    """Missions with an approved sheet, those on another one's sheet included."""
    return Mission.objects.filter(
        Q(sheet_state=SheetState.APPROVED, joint_with__isnull=True)
        | Q(joint_with__sheet_state=SheetState.APPROVED)
    )


def sheet_numbers(
    programme: Programme | int | Collection[int], only: Iterable[Mission] | None = None
) -> dict[str, int]:
    """Reference → number in its programme: published missions in the order they left.

    PostgreSQL counts. With `only`, it brings back their numbers and those of the missions on
    their sheets.
    """
    place = Window(
        RowNumber(),
        partition_by=F("programme"),
        order_by=[F("departs_on").asc(nulls_last=True), in_order().asc()],
    )
    programmes = programme if isinstance(programme, Collection) else [programme]
    rows = public_missions().filter(programme__in=programmes).annotate(number=place)
    if only is not None:
        keys = [row.pk for row in only]
        # a condition on the number, even one that is never true, makes the whole of it apply
        # after the count and not before
        rows = rows.filter(Q(number=0) | Q(pk__in=keys) | Q(joint_with__in=keys))
    return dict(rows.order_by("number").values_list("reference", "number"))


def sheets(
    programme: Programme,
    territory: Territory | None = None,
    years: Sequence[int] = (),
) -> list[Sheet]:
    """Every published sheet of a programme in the order of its numbers; five queries."""
    rows = public_missions().filter(programme=programme, joint_with__isnull=True)
    if territory is not None:
        rows = rows.filter(territory=territory)
    if years:
        rows = rows.filter(departs_on__year__in=years)
    found = build_sheets(rows, sheet_numbers(programme))
    return sorted(
        found, key=lambda sheet: (sheet.numbers or (10**6,), words.in_order(sheet.reference))
    )


def build_sheets(
    mains: QuerySet[Mission] | Iterable[Mission], numbers: dict[str, int]
) -> list[Sheet]:
    """The sheets of these missions, in their order. Three queries whatever their number."""
    keys = [row.pk for row in mains]
    rows = Mission.objects.filter(Q(pk__in=keys) | Q(joint_with__in=keys))
    together: dict[int, list[Mission]] = {key: [] for key in keys}
    for row in _loaded(rows).order_by(in_order()):
        together[row.joint_with_id if row.joint_with_id in together else row.pk].append(row)
    return [
        _sheet(sorted(group, key=lambda row: row.pk != key), numbers)
        for key, group in together.items()
    ]


def sheet_of(mission: Mission) -> Sheet:
    """The sheet as it stands, published or not (a preview has no number)."""
    main = mission.joint_with or mission
    return build_sheets([main], sheet_numbers(mission.programme_id, [main]))[0]


def _loaded(rows: QuerySet[Mission]) -> QuerySet[Mission]:
    confirmed = (
        Engagement.objects.filter(state=EngagementState.CONFIRMED)
        .select_related("volunteer__home_structure")
        .order_by("pk")
    )
    return (
        rows.select_related("programme", "project__holder", "project__local_partner", "shown_sheet")
        .prefetch_related(
            Prefetch("components", components_with_aims()),
            Prefetch("engagements", confirmed, to_attr="confirmed"),
        )
        .defer("search")
    )


def _sheet(group: list[Mission], numbers: dict[str, int]) -> Sheet:
    main = group[0]
    structures = (
        engagement.volunteer.home_structure.full_name
        for row in group
        for engagement in row.confirmed  # type: ignore[attr-defined]
    )
    return Sheet(
        numbers=tuple(sorted(numbers[row.reference] for row in group if row.reference in numbers)),
        title=main.title,
        summary=main.summary,
        missions=tuple(group),
        zone=main.zone,
        holder=main.project.holder,
        partner=main.project.local_partner,
        home_structures=tuple(dict.fromkeys(structures)),
        duration=main.duration_days,
        components=_components(group),
        latitude=main.latitude,
        longitude=main.longitude,
    )


def _components(group: Iterable[Mission]) -> tuple[Aims, ...]:
    """In order. Joint missions that have the same component share it: its objectives follow one
    another, and what both say is said once."""
    found: dict[tuple[str, str], dict[Aim, None]] = {}
    for row in group:
        for part in map(aims_of, row.components.all()):
            found.setdefault((part.title, part.type), {}).update(dict.fromkeys(part.objectives))
    return tuple(Aims(title, kind, tuple(aims)) for (title, kind), aims in found.items())
