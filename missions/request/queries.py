"""Reading a request: its answers in one flat mapping, and what it still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from missions.actors.models import OsimProfile
from missions.dossier.models import Mission
from missions.funding.queries import Budget, budget_of, euros
from missions.request.fields import (
    MISSION,
    NEEDED,
    ORGANISATION,
    PROFILE,
    PROJECT,
    REQUEST,
)
from missions.request.models import Request


@dataclass(frozen=True)
class Lack:
    """Something to fill before submitting: `words` in French, where it is asked."""

    words: str
    section: str
    field: str


@dataclass(frozen=True)
class Volet:
    """A component as the request writes it."""

    title: str
    type: str
    objectives: list[str]


def request_of(mission: Mission) -> Request:
    """Its answers as they are now, with what the association said of itself, in one query.

    An unsaved blank when nothing was written yet.
    """
    rows = Request.objects.select_related("mission__project__holder__osim_profile")
    found = rows.defer("mission__search").filter(mission=mission).first()
    return found or Request(mission=mission)


def profile_of(asked: Request) -> OsimProfile:
    """What the association said of itself, once for all its requests."""
    holder = asked.mission.project.holder
    try:
        return holder.osim_profile
    except OsimProfile.DoesNotExist:
        return OsimProfile(organisation=holder)


def volets_of(mission: Mission) -> list[Volet]:
    rows = mission.components.prefetch_related("objectives").order_by("position")
    return [Volet(row.title, row.type, [one.text for one in row.objectives.all()]) for row in rows]


def answers(mission: Mission, asked: Request | None = None) -> dict[str, Any]:
    """Every answer under the keys of `save_request`; `asked` is `request_of(mission)`."""
    asked = asked or request_of(mission)
    project, holder = mission.project, mission.project.holder
    sources: tuple[tuple[Any, Mapping[str, str]], ...] = (
        (project, PROJECT),
        (mission, MISSION),
        (holder, ORGANISATION),
        (profile_of(asked), PROFILE),
        (asked, REQUEST),
    )
    found = {key: getattr(source, name) for source, names in sources for key, name in names.items()}
    found["country"] = str(mission.country)
    found["local_partner"] = project.local_partner.name if project.local_partner else ""
    found["components"] = volets_of(mission)
    found["budget"] = budget_of(mission)
    return found


def lacks(mission: Mission, found: Mapping[str, Any] | None = None) -> list[Lack]:
    """Everything that submitting still needs, in the order of the form."""
    found = answers(mission) if found is None else found
    lacking: list[Lack] = []
    for section, needed in NEEDED.items():
        if section == "association" and not (found["rna"] or found["siret"]):
            lacking.append(Lack("le numéro RNA ou SIRET", section, "rna"))
        lacking += [Lack(words, section, key) for key, words in needed.items() if not found[key]]
        if section == "mission":
            lacking += _volets_lack(found["components"])
        if section == "expertise":
            lacking += _budget_lacks(found["budget"])
    return lacking


def missing(mission: Mission) -> list[str]:
    """The same, as words for a milestone: « le secteur (CAD) »."""
    return [lack.words for lack in lacks(mission)]


def _volets_lack(volets: list[Volet]) -> list[Lack]:
    if not volets:
        return [Lack("le type de mission et ses objectifs", "mission", "c1_type")]
    return [
        Lack(f"un objectif au volet {number}", "mission", f"c{number}_objective_1")
        for number, volet in enumerate(volets, start=1)
        if not volet.objectives
    ]


def _budget_lacks(budget: Budget) -> list[Lack]:
    lacking: list[Lack] = []
    if not budget.expenses:
        lacking.append(Lack("les dépenses du budget", "budget", "expense_travel_amount"))
    for line in budget.expenses:
        if not line.how:
            words = f"le mode de calcul de la dépense « {line.get_heading_display()} »"
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
