"""A request as its readers see it, and the form as its sections show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from explor.ui.html import day
from missions.dossier.models import Mission, MissionType
from missions.dossier.reference import places
from missions.funding.forms import HEADINGS
from missions.funding.models import Side
from missions.funding.queries import euros
from missions.request.forms import OBJECTIVES, VOLETS, RequestForm
from missions.request.queries import Lack, lacks
from missions.request.words import SECTIONS

PLACES_SHOWN = 60


@dataclass(frozen=True)
class Section:
    """One of the seven parts of the form; `lacking` counts what submitting still needs in it.

    `open` is the part to fill next, and every part that holds a refused answer.
    """

    key: str
    number: int
    title: str
    fields: list[BoundField]
    lacking: int
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


CAPTIONS = {
    Side.EXPENSE: "Dépenses",
    Side.INCOME: "Ressources",
    Side.VALORISED: "Contributions valorisées (hors budget)",
}


def sections_of(form: RequestForm, lacking: list[Lack]) -> list[Section]:
    to_fill = lacking[0].section if lacking else ""
    refused = {section_of(name) for name in form.errors}
    return [
        Section(
            key,
            number,
            title,
            [form[name] for name in names],
            sum(lack.section == key for lack in lacking),
            key == to_fill or key in refused,
        )
        for number, (key, (title, names)) in enumerate(SECTIONS.items(), start=1)
    ]


def section_of(name: str) -> str:
    """The part of the form that holds a field."""
    for key, (_, names) in SECTIONS.items():
        if name in names:
            return key
    if name.startswith(("expense_", "income_", "valorised_")):
        return "budget"
    return "mission" if name.startswith("c") else "association"


def volets_in(form: RequestForm) -> list[tuple[int, list[BoundField]]]:
    """The fields of each component, under its number."""
    return [
        (
            number,
            [form[f"c{number}_type"], form[f"c{number}_title"]]
            + [form[f"c{number}_objective_{place}"] for place in range(1, OBJECTIVES + 1)],
        )
        for number in range(1, VOLETS + 1)
    ]


def budget_tables(form: RequestForm) -> list[BudgetTable]:
    return [
        BudgetTable(
            side,
            CAPTIONS[side],
            [_row(form, side, heading.value, str(heading.label)) for heading in headings],
        )
        for side, headings in HEADINGS.items()
    ]


def _row(form: RequestForm, side: Side, heading: str, label: str) -> BudgetRow:
    name = f"{side.value}_{heading}"
    secured = form[f"{name}_secured"] if side == Side.INCOME else None
    return BudgetRow(label, form[f"{name}_amount"], form[f"{name}_how"], secured)


def form_context(mission: Mission, form: RequestForm, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of the form shows; `found` is what is saved now."""
    lacking = lacks(mission, found)
    return {
        "form": form,
        "sections": sections_of(form, lacking),
        "volets": volets_in(form),
        "budget_tables": budget_tables(form),
        "budget": found["budget"],
        "lacking": lacking,
        "suggested_places": suggest_places(str(found["country"]), ""),
    }


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


def reading_of(found: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """`(section, [(label, words)])` without the budget, in the order of the form."""
    form = RequestForm(found=found)
    read = []
    for key, (title, names) in SECTIONS.items():
        rows = [
            (_plain(str(form[name].label)), _words(form.fields[name], found[name]))
            for name in names
        ]
        if key == "mission":
            rows += [
                (
                    f"Volet {number} : {volet.title or MissionType(volet.type).label}",
                    " ; ".join(volet.objectives),
                )
                for number, volet in enumerate(found["components"], start=1)
            ]
        if rows:
            read.append((title, rows))
    return read


def _plain(label: str) -> str:
    return label.removesuffix(" *")


def _words(field: forms.Field, value: Any) -> Any:
    if value in (None, "", [], False):
        return ""
    if value is True:
        return "oui"
    if isinstance(field, forms.ChoiceField):
        named = _flat(field.choices)
        values = value if isinstance(value, list) else [value]
        return ", ".join(named.get(str(one), str(one)) for one in values)
    if isinstance(field, forms.DateField):
        return day(value)
    if isinstance(field, forms.DecimalField):
        return euros(value)
    return value


def _flat(choices: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            found |= {str(inner): str(words) for inner, words in label}
        else:
            found[str(value)] = str(label)
    return found
