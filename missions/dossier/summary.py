"""The summary of a mission: what it is, what it aims at, what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Prefetch, Q

from explor.ui.components import Pair
from explor.ui.html import day
from explor.ui.map import MapPoint
from missions.dossier.models import Mission, Objective
from missions.dossier.reference import sdg_choices


@dataclass(frozen=True)
class ComponentView:
    """A « volet »: its objectives beside its achievements."""

    title: str
    type: str
    pairs: list[Pair]


def component_views(mission: Mission) -> list[ComponentView]:
    """Components in order. Two queries whatever their number."""
    objectives = Objective.objects.annotate(
        achieved=ArrayAgg(
            "achievements__text",
            order_by=F("achievements__position").asc(),
            filter=Q(achievements__isnull=False),
            default=[],
        )
    ).order_by("component", "position", "pk")
    rows = mission.components.prefetch_related(Prefetch("objectives", objectives))
    return [
        ComponentView(
            row.title,
            row.get_type_display(),
            [objective_pair(objective) for objective in row.objectives.all()],
        )
        for row in rows
    ]


def objective_pair(objective: Any) -> Pair:
    """`objective` carries `achieved`, the texts of its achievements in order."""
    heading = objective.get_outcome_display() if objective.outcome else ""
    return Pair(objective.text, "\n\n".join(objective.achieved), heading=heading)


def points_of(missions: Sequence[Mission]) -> list[MapPoint]:
    """The places that have coordinates, one point a mission."""
    return [
        MapPoint(
            row.place or row.region or str(row.country.name),
            row.latitude,
            row.longitude,
            url=row.get_absolute_url(),
            note=row.title,
        )
        for row in missions
        if row.latitude is not None and row.longitude is not None
    ]


def summary_context(mission: Mission) -> dict[str, Any]:
    """Costs two queries; `mission` comes from `find_mission`."""
    return {
        "components": component_views(mission),
        "points": points_of([mission]),
        "about": _facts(mission),
        "goals": [
            (number, name) for number, name in sdg_choices() if number in mission.project.sdgs
        ],
    }


def _facts(mission: Mission) -> list[tuple[str, object]]:
    days = mission.duration_days
    return [
        ("Projet", mission.project.title),
        ("Porteur de projet", mission.project.holder.full_name),
        (
            "Partenaire sur place",
            mission.project.local_partner.full_name if mission.project.local_partner else "",
        ),
        ("Zone d’intervention", mission.zone),
        ("Sens", mission.get_direction_display()),
        ("Avancement du projet", mission.project.get_stage_display()),
        ("Secteur (CAD)", mission.project.sector_label),
        ("Départ", day(mission.departs_on)),
        ("Retour", day(mission.returns_on)),
        ("Durée sur place", f"{days} jour{'s' if days > 1 else ''}" if days else ""),
        ("Programme", str(mission.programme)),
        ("Territoire", str(mission.territory)),
    ]
