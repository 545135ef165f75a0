"""The summary of a mission: what it is, what it aims at, what was done."""

from typing import Any

from explor.ui.html import day
from explor.ui.map import MapPoint
from missions.dossier.aims import aims_of, components_with_aims
from missions.dossier.models import Mission
from missions.dossier.reference import sdg_choices


def points_of(mission: Mission) -> list[MapPoint]:
    """Its place, when it has coordinates."""
    if mission.latitude is None or mission.longitude is None:
        return []
    label = mission.place or mission.region or str(mission.country.name)
    return [MapPoint(label, mission.latitude, mission.longitude)]


def summary_context(mission: Mission) -> dict[str, Any]:
    """Costs one query; `mission` comes from `find_mission`."""
    return {
        "components": [aims_of(part) for part in components_with_aims().filter(mission=mission)],
        "points": points_of(mission),
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
