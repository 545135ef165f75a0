"""A request as its readers see it, and its seven steps as who writes it sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.urls import reverse

from explor.ui.components import Step
from missions.dossier.models import Mission
from missions.dossier.reference import places
from missions.funding.forms import HEADINGS
from missions.funding.models import Side
from missions.request.form_fields import (
    DELIVERABLES,
    VOLETS,
    deliverable_names,
    fields_of,
    volet_names,
)
from missions.request.forms import RequestForm, step_of
from missions.request.models import Annex, AnnexKind, Request
from missions.request.queries import Lack
from missions.request.saying import in_words, label_of
from missions.request.words import SECTIONS, STEPS

PLACES_SHOWN = 60


@dataclass(frozen=True)
class Part:
    """One of the seven steps on the summary: what is said, what submitting still needs."""

    key: str
    number: int
    title: str
    url: str
    rows: list[tuple[str, Any]]
    lacking: list[Lack]

    @property
    def said(self) -> int:
        return len([value for _, value in self.rows if value])


@dataclass(frozen=True)
class Group:
    """Fields of a step that go together: a « volet », a deliverable. `open` when it says
    something or is the first."""

    legend: str
    fields: list[BoundField]
    open: bool


@dataclass(frozen=True)
class BudgetRow:
    label: str
    amount: BoundField
    how: BoundField
    secured: BoundField | None


@dataclass(frozen=True)
class BudgetTable:
    side: Side
    caption: str
    rows: list[BudgetRow]


@dataclass(frozen=True)
class Paper:
    """A kind of annex on the last step: what is joined, why it is absent."""

    kind: AnnexKind
    joined: list[Annex]
    absent: BoundField | None

    @property
    def name(self) -> str:
        return f"annex_{self.kind.value}"

    @property
    def help(self) -> str:
        return PAPER_HELP.get(self.kind, "")

    @property
    def needed(self) -> bool:
        return self.kind in AnnexKind.needed()

    @property
    def takes_more(self) -> bool:
        return self.kind == AnnexKind.OTHER


CAPTIONS = {
    Side.EXPENSE: "Dépenses",
    Side.INCOME: "Ressources",
    Side.VALORISED: "Contributions valorisées (hors budget)",
}
PAPER_HELP = {
    AnnexKind.BANK: "Seulement si la mission est financée. Lues par votre association, la "
    "coordination de votre territoire et l’administration.",
    AnnexKind.AGREEMENT: "Nécessaire avant le départ.",
}


def step_url(mission: Mission, step: str) -> str:
    return reverse("request_step", args=[mission.reference, step])


def steps_of(mission: Mission, asked: Request, current: str = "") -> list[Step]:
    """The seven steps with their state, from what lacked at the last saving."""
    lacking = {row[0] for row in asked.lacking}
    return [
        Step(
            title,
            step_url(mission, key),
            "current" if key == current else "next" if key in lacking else "done",
        )
        for key, (title, _) in SECTIONS.items()
    ]


def around(step: str) -> tuple[str, str]:
    """The steps before and after; nothing at the ends."""
    place = STEPS.index(step)
    return (
        STEPS[place - 1] if place else "",
        STEPS[place + 1] if place + 1 < len(STEPS) else "",
    )


def parts_of(mission: Mission, found: Mapping[str, Any], lacking: Iterable[Lack]) -> list[Part]:
    rows = list(lacking)
    return [
        Part(
            key,
            number,
            title,
            step_url(mission, key),
            rows_of(key, found),
            [lack for lack in rows if lack.section == key],
        )
        for number, (key, (title, _)) in enumerate(SECTIONS.items(), start=1)
    ]


def reading_of(found: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """`(section, [(label, words)])` without the budget, in the order of the form."""
    read = [(title, rows_of(key, found)) for key, (title, _) in SECTIONS.items() if key != "budget"]
    return [(title, rows) for title, rows in read if rows]


def rows_of(step: str, found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (label_of(name), in_words(name, found[name]) if found[name] is not False else "")
        for name in SECTIONS[step][1]
    ]
    if step == "mission":
        rows += [
            (
                f"Volet {number}\u00a0: {volet.title or volet.kind}",
                " ; ".join(volet.objectives),
            )
            for number, volet in enumerate(found["components"], start=1)
        ]
        rows.append(
            (label_of("deliverables"), in_words("deliverables", found["deliverables"])),
        )
    if step == "securite" and found["absences"]:
        rows.append((label_of("absences"), in_words("absences", found["absences"])))
    return rows


def volets_in(form: RequestForm) -> list[Group]:
    return _groups(form, "Volet", [volet_names(number) for number in range(1, VOLETS + 1)])


def deliverables_in(form: RequestForm) -> list[Group]:
    names = [deliverable_names(number) for number in range(1, DELIVERABLES + 1)]
    return _groups(form, "Livrable", names)


def _groups(form: RequestForm, word: str, rows: list[list[str]]) -> list[Group]:
    """The filled ones are open; the first too, so that there is always one to fill."""
    found = []
    for number, names in enumerate(rows, start=1):
        fields = [form[name] for name in names if name in form.fields]
        if fields:
            filled = any(field.value() or field.errors for field in fields)
            found.append(Group(f"{word} {number}", fields, number == 1 or filled))
    return found


def budget_tables(form: RequestForm) -> list[BudgetTable]:
    return [
        BudgetTable(
            side,
            CAPTIONS[side],
            [_budget_row(form, side, heading.value, str(heading.label)) for heading in headings],
        )
        for side, headings in HEADINGS.items()
    ]


def _budget_row(form: RequestForm, side: Side, heading: str, label: str) -> BudgetRow:
    name = f"{side.value}_{heading}"
    secured = form[f"{name}_secured"] if side == Side.INCOME else None
    return BudgetRow(label, form[f"{name}_amount"], form[f"{name}_how"], secured)


def papers_in(annexes: Iterable[Annex], form: RequestForm | None = None) -> list[Paper]:
    """Every kind of annex with what is joined, and the field that says why it is not."""
    joined = list(annexes)
    return [
        Paper(
            kind,
            [row for row in joined if row.kind == kind],
            form[f"absent_{kind}"] if form and f"absent_{kind}" in form.fields else None,
        )
        for kind in AnnexKind
    ]


def suggest_places(country: str, start: str) -> list[str]:
    """Names of the country's places that begin with, then that hold, what is typed."""
    wanted = start.strip().casefold()
    names = dict.fromkeys(place.name for place in places().get(country, []))
    begin = [name for name in names if name.casefold().startswith(wanted)]
    if len(begin) >= PLACES_SHOWN:
        return begin[:PLACES_SHOWN]
    known = set(begin)
    hold = [name for name in names if name not in known and wanted in name.casefold()]
    return [*begin, *hold][:PLACES_SHOWN]


def refused_words(mission: Mission, refused: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """`(address of the field, its label, reason)` of each text kept without being saved."""
    found = []
    for name, reason in refused.items():
        step = step_of(name)
        if step:
            label = str(fields_of(step)[name].label).removesuffix("\u00a0*")
            found.append((f"{step_url(mission, step)}#id_{name}", label, reason))
    return found
