"""What a mission aims at and what was done, component by component, read in one query."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from explor.ui.components import Pair
from missions.dossier.components import UNNAMED
from missions.dossier.models import Achievement, Component, Objective, Outcome


@dataclass(frozen=True)
class Aim:
    """An objective; `outcome` is its label, empty until the report is accepted."""

    text: str
    outcome: str
    achievements: tuple[str, ...]

    @property
    def pair(self) -> Pair:
        return Pair(self.text, "\n\n".join(self.achievements))


@dataclass(frozen=True)
class Aims:
    """A « volet »; `type` is its label, empty in a draft that has not chosen it."""

    title: str
    type: str
    objectives: tuple[Aim, ...]

    @property
    def name(self) -> str:
        return self.title or self.type or UNNAMED

    @property
    def pairs(self) -> list[Pair]:
        return [objective.pair for objective in self.objectives]

    @property
    def pairs_with_outcomes(self) -> list[Pair]:
        """The same, each under what became of it (« Objectif 2 : atteint en partie »)."""
        return [
            Pair(aim.text, aim.pair.right, heading=_heading(place, aim.outcome))
            for place, aim in enumerate(self.objectives, start=1)
        ]


def _heading(place: int, outcome: str) -> str:
    return f"Objectif {place}\u00a0: {outcome[:1].lower()}{outcome[1:]}" if outcome else ""


def components_with_aims() -> QuerySet[Component]:
    """Components that carry `aims`: objectives in order, each with its achievements."""
    achieved = (
        Achievement.objects.filter(objective=OuterRef("pk"))
        .order_by("position", "pk")
        .values("text")
    )
    objectives = (
        Objective.objects.filter(component=OuterRef("pk"))
        .order_by("position", "pk")
        .values(
            json=JSONObject(text=F("text"), outcome=F("outcome"), achieved=ArraySubquery(achieved))
        )
    )
    return Component.objects.annotate(aims=ArraySubquery(objectives))


def aims_of(component: Any) -> Aims:
    """`component` comes from `components_with_aims`."""
    return Aims(
        component.title,
        component.get_type_display(),
        tuple(
            Aim(row["text"], _label(row["outcome"]), tuple(row["achieved"]))
            for row in component.aims
        ),
    )


def _label(outcome: str) -> str:
    return str(Outcome(outcome).label) if outcome else ""
