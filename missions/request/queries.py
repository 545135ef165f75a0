"""Reading a request: its answers in one flat mapping, and what it still lacks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date

from explor import clock
from missions.actors.models import OsimProfile
from missions.dossier.models import Component, Mission, MissionType, Objective
from missions.funding.queries import Budget, budget_of, euros
from missions.request.fields import (
    MISSION,
    NEEDED,
    ORGANISATION,
    PROFILE,
    PROJECT,
    REQUEST,
)
from missions.request.models import Annex, AnnexKind, Deliverable, Request
from missions.request.words import STEPS


@dataclass(frozen=True)
class Lack:
    """Something to fill before submitting: `words` in French, where it is asked."""

    words: str
    section: str
    field: str


@dataclass(frozen=True)
class Volet:
    """A component as the request writes it; `kind` is its type in words."""

    title: str
    type: str
    objectives: list[str]

    @property
    def kind(self) -> str:
        return str(MissionType(self.type).label) if self.type else "type à choisir"


@dataclass(frozen=True)
class Promise:
    """A deliverable as the request writes it."""

    title: str
    format: str = ""
    audience: str = ""
    due_on: date | None = None


def request_of(mission: Mission) -> Request:
    """Its answers as they are now, with what the association said of itself, in one query.

    The row carries `volets` and `promises` as `answers` reads them. An unsaved blank when
    nothing was written yet.
    """
    rows = Request.objects.select_related("mission__project__holder__osim_profile")
    objectives = Objective.objects.filter(component=OuterRef("pk")).order_by("position", "pk")
    components = Component.objects.filter(mission=OuterRef("mission")).order_by("position")
    deliverables = Deliverable.objects.filter(request=OuterRef("pk")).order_by("position")
    volet = JSONObject(
        title=F("title"), type=F("type"), objectives=ArraySubquery(objectives.values("text"))
    )
    promise = JSONObject(
        title=F("title"), format=F("format"), audience=F("audience"), due_on=F("due_on")
    )
    found = (
        rows.filter(mission=mission)
        .annotate(
            volets=ArraySubquery(components.values(json=volet)),
            promises=ArraySubquery(deliverables.values(json=promise)),
        )
        .defer("mission__search")
        .first()
    )
    return found or Request(mission=mission)


def profile_of(asked: Request) -> OsimProfile:
    """What the association said of itself, once for all its requests."""
    holder = asked.mission.project.holder
    try:
        return holder.osim_profile
    except OsimProfile.DoesNotExist:
        return OsimProfile(organisation=holder)


def volets_of(mission: Mission) -> list[Volet]:
    return volets_in(request_of(mission))


def promises_of(mission: Mission) -> list[Promise]:
    """The deliverables promised, in order."""
    return promises_in(request_of(mission))


def volets_in(asked: Request) -> list[Volet]:
    return [Volet(**row) for row in getattr(asked, "volets", [])]


def promises_in(asked: Request) -> list[Promise]:
    return [
        Promise(**{**row, "due_on": parse_date(row["due_on"] or "")})
        for row in getattr(asked, "promises", [])
    ]


def annexes_of(mission: Mission) -> list[Annex]:
    """The papers joined now, in the order in which they are asked."""
    order = list(AnnexKind)
    rows = Annex.objects.filter(mission=mission, removed_at__isnull=True).select_related("file")
    return sorted(rows, key=lambda row: (order.index(AnnexKind(row.kind)), row.added_at, row.pk))


def answers(
    mission: Mission, asked: Request | None = None, *, steps: Collection[str] = STEPS
) -> dict[str, Any]:
    """Every answer under the keys of `save_request`; `asked` is `request_of(mission)`.

    Budget and papers (`annexes`) cost a query each: read only for the `steps` that show them.
    `asked` must be fresh when volets or deliverables were written since.
    """
    asked = asked or request_of(mission)
    project, holder = mission.project, mission.project.holder
    profile = profile_of(asked)
    sources: tuple[tuple[Any, Mapping[str, str]], ...] = (
        (project, PROJECT),
        (mission, MISSION),
        (holder, ORGANISATION),
        (profile, PROFILE),
        (asked, REQUEST),
    )
    found = {key: getattr(source, name) for source, names in sources for key, name in names.items()}
    found["country"] = str(mission.country)
    found["local_partner"] = project.local_partner.name if project.local_partner else ""
    found["profile_confirmed"] = _confirmed_since(profile, mission)
    found["components"], found["deliverables"] = volets_in(asked), promises_in(asked)
    if "budget" in steps:
        found["budget"] = budget_of(mission)
    if "securite" in steps:
        found["annexes"] = annexes_of(mission)
    return found


def _confirmed_since(profile: OsimProfile, mission: Mission) -> bool:
    """Whether the association said that its card is exact since it began this request."""
    if profile.confirmed_on is None or mission.created_at is None:
        return False
    return profile.confirmed_on >= clock.local_day(mission.created_at)


def lacks(mission: Mission, found: Mapping[str, Any] | None = None) -> list[Lack]:
    """Everything that submitting still needs, in the order of the form."""
    found = answers(mission) if found is None else found
    lacking: list[Lack] = []
    for section, needed in NEEDED.items():
        if section == "association" and not (found["rna"] or found["siret"]):
            lacking.append(Lack("le numéro RNA ou SIRET", section, "rna"))
        lacking += [Lack(words, section, key) for key, words in needed.items() if not found[key]]
        if section == "mission":
            lacking += _volets_lack(found["components"]) + _promises_lack(found["deliverables"])
        if section == "budget":
            lacking += _budget_lacks(found["budget"])
        if section == "securite":
            lacking += _annexes_lack(found["annexes"], found["absences"])
    return lacking


def missing(mission: Mission) -> list[str]:
    """The same, as words for a milestone: « le secteur (CAD) »."""
    return [lack.words for lack in lacks(mission)]


def _volets_lack(volets: list[Volet]) -> list[Lack]:
    if not volets:
        return [Lack("le type de mission et ses objectifs", "mission", "c1_type")]
    lacking = []
    for number, volet in enumerate(volets, start=1):
        if not volet.type:
            lacking.append(Lack(f"le type du volet {number}", "mission", f"c{number}_type"))
        if not volet.objectives:
            name = f"c{number}_objective_1"
            lacking.append(Lack(f"un objectif au volet {number}", "mission", name))
    return lacking


def _promises_lack(promises: list[Promise]) -> list[Lack]:
    if not promises:
        return [Lack("les livrables attendus", "mission", "d1_title")]
    lacking = []
    for number, row in enumerate(promises, start=1):
        name = f"du livrable «\u00a0{row.title}\u00a0»" if row.title else f"du livrable {number}"
        asked = (
            (row.title, "title", "le titre"),
            (row.format, "format", "la forme"),
            (row.audience, "audience", "les destinataires"),
            (row.due_on, "due_on", "la date"),
        )
        lacking += [
            Lack(f"{words} {name}", "mission", f"d{number}_{part}")
            for value, part, words in asked
            if not value
        ]
    return lacking


def _annexes_lack(annexes: list[Annex], absences: Mapping[str, str]) -> list[Lack]:
    joined = {row.kind for row in annexes}
    words = "la pièce «\u00a0{}\u00a0», ou pourquoi vous ne l’avez pas"
    return [
        Lack(words.format(kind.label), "securite", f"annex_{kind}")
        for kind in AnnexKind.needed()
        if kind not in joined and not absences.get(kind)
    ]


def _budget_lacks(budget: Budget) -> list[Lack]:
    lacking: list[Lack] = []
    if not budget.expenses:
        lacking.append(Lack("les dépenses du budget", "budget", "expense_travel_amount"))
    for line in budget.expenses:
        if not line.how:
            words = f"le mode de calcul de la dépense «\u00a0{line.get_heading_display()}\u00a0»"
            lacking.append(Lack(words, "budget", f"expense_{line.heading}_how"))
    if not budget.incomes:
        lacking.append(Lack("les ressources du budget", "budget", "income_programme_amount"))
    elif budget.gap:
        words = (
            f"l’équilibre du budget (dépenses {euros(budget.spent)}, "
            f"ressources {euros(budget.received)})"
        )
        lacking.append(Lack(words, "budget", "income_programme_amount"))
    return lacking
