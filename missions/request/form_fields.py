"""The fields of the request, step by step. Nothing is required to save a draft."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.db import models
from django.forms import fields_for_model

from explor import clock
from explor.accounts.models import Organisation
from explor.accounts.numbers import RnaField, SiretField
from missions.actors.languages import LANGUAGES
from missions.actors.models import OsimProfile
from missions.dossier.models import Mission, MissionType, Project
from missions.dossier.reference import dac_choices, sdg_choices
from missions.funding.forms import EuroField, budget_fields
from missions.request.fields import MISSION, NEEDED, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.models import AnnexKind, Request
from missions.request.widgets import LongSelect
from missions.request.words import HELP, LABELS, SECTIONS

VOLETS, OBJECTIVES, DELIVERABLES = 2, 3, 4
LONG = 5000
PARTS = ("title", "format", "audience", "due_on")

#: Columns that hold something at all times: emptied, they keep their value and say so.
NEVER_EMPTY = (
    "project_title",
    "title",
    "country",
    "project_stage",
    "direction",
    "people_count",
    "preferred_channel",
)
LIMITS = {
    "members_count": (0, 1_000_000),
    "people_count": (1, 50),
    "days_on_spot": (1, 365),
    "public_women": (0, 10_000_000),
    "public_men": (0, 10_000_000),
    "public_youth": (0, 10_000_000),
}
PHONES = ("contact_phone", "emergency_phone")
FIRST_YEAR, LAST_YEAR = 1850, 2100


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def fields_of(step: str) -> dict[str, forms.Field]:
    """The fields of one step, ready for one form. Built once for each step, then copied."""
    return deepcopy(_fields_of(step))


@cache
def _fields_of(step: str) -> dict[str, forms.Field]:
    _, names = SECTIONS[step]
    found = {name: field for name, field in _columns().items() if name in names}
    found |= _own_fields()[step]
    if step == "mission":
        found |= _volet_fields() | _deliverable_fields()
    if step == "budget":
        found |= budget_fields()
    needed = {*NEEDED[step], "d1_title", "c1_type", "c1_objective_1"}
    for key, field in found.items():
        _dress(key, field, needed=key in needed)
    ordered = {name: found.pop(name) for name in names}
    return ordered | found


def _columns() -> dict[str, forms.Field]:
    """The form fields of every one-column answer, under the keys of `save_request`."""
    found: dict[str, forms.Field] = {}
    sources: tuple[tuple[type[models.Model], Mapping[str, str]], ...] = (
        (Organisation, ORGANISATION),
        (OsimProfile, PROFILE),
        (Project, PROJECT),
        (Mission, {key: name for key, name in MISSION.items() if key != "shared_draft"}),
        (Request, {key: name for key, name in REQUEST.items() if key != "absences"}),
    )
    for model, names in sources:
        made = fields_for_model(model, fields=list(names.values()))
        found |= {key: made[name] for key, name in names.items() if made.get(name) is not None}
    return found


def _own_fields() -> dict[str, dict[str, forms.Field]]:
    """What no column draws well by itself, step by step."""
    own: dict[str, dict[str, forms.Field]] = {step: {} for step in SECTIONS}
    own["association"] = {
        "shared_draft": forms.BooleanField(
            label="La coordination de mon territoire peut lire ce brouillon et m’aider",
        ),
        "profile_confirmed": forms.BooleanField(label="Oui, tout est encore exact"),
        "rna": RnaField(),
        "siret": SiretField(),
        "annual_budget": EuroField(label="Budget de l’an dernier (€)"),
    }
    own["projet"] = {
        "sector": forms.ChoiceField(
            label="Secteur (CAD)", choices=lambda: [("", "—"), *dac_choices()]
        ),
        "sdgs": forms.TypedMultipleChoiceField(
            label="Objectifs de développement durable",
            coerce=int,
            choices=sdg_choices,
            widget=forms.CheckboxSelectMultiple,
        ),
    }
    own["partenaire"] = {
        "local_partner": forms.CharField(label="Nom du partenaire", max_length=200),
    }
    own["expertise"] = {
        "languages": forms.MultipleChoiceField(
            label="Langues",
            choices=list(LANGUAGES.items()),
            widget=forms.CheckboxSelectMultiple,
        ),
    }
    own["securite"] = {
        f"absent_{kind.value}": forms.CharField(
            label="Nous n’avons pas cette pièce, parce que…", max_length=300
        )
        for kind in AnnexKind.needed()
    }
    return own


def volet_names(number: int) -> list[str]:
    objectives = [f"c{number}_objective_{place}" for place in range(1, OBJECTIVES + 1)]
    return [f"c{number}_type", f"c{number}_title", *objectives]


def _volet_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for number in range(1, VOLETS + 1):
        kind, title, *objectives = volet_names(number)
        choices = [("", "—"), *MissionType.choices]
        found[kind] = forms.ChoiceField(label="Type de mission", choices=choices)
        found[title] = forms.CharField(label="Titre du volet", max_length=200)
        for place, name in enumerate(objectives, start=1):
            found[name] = forms.CharField(label=f"Objectif {place}", max_length=500)
    return found


def deliverable_names(number: int) -> list[str]:
    return [f"d{number}_{part}" for part in PARTS]


def _deliverable_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for number in range(1, DELIVERABLES + 1):
        title, kind, audience, due = deliverable_names(number)
        found[title] = forms.CharField(label="Ce qui sera remis", max_length=200)
        found[kind] = forms.CharField(
            label="Sous quelle forme", max_length=100, help_text="Fiche, affiche, film, tableau…"
        )
        found[audience] = forms.CharField(label="Pour qui", max_length=200)
        found[due] = forms.DateField(label="Pour le")
    return found


def _dress(key: str, field: forms.Field, *, needed: bool) -> None:
    """Nothing is required to save, save what always holds a value; limits, help, French words."""
    field.required = key in NEVER_EMPTY
    field.widget.is_required = False
    field.help_text = HELP.get(key, field.help_text)
    label = str(LABELS.get(key, field.label or key))
    label = label[:1].upper() + label[1:]
    field.label = f"{label}\u00a0*" if needed and not field.required else label
    if key in LIMITS and isinstance(field, forms.IntegerField):
        field.validators.append(_between(*LIMITS[key]))
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs.update(rows=3, maxlength=LONG)
        field.validators.append(_at_most(LONG))
    if isinstance(field, forms.DateField):
        field.widget = DayInput()
        field.validators.append(_not_yet if key == "declared_on" else _plausible)
    if key in PHONES:
        field.widget.attrs.update(inputmode="tel", autocomplete="off")
        field.validators.append(_phone)
    if key in ("country", "sector") and isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        choices = list(offered)
        field.choices, field.widget = choices, LongSelect(choices=choices)
    if key == "place":
        field.widget.attrs.update(list="lieux", autocomplete="off")


def _between(low: int, high: int) -> Callable[[int], None]:
    def check(value: int) -> None:
        if not low <= value <= high:
            raise forms.ValidationError(f"Écrivez un nombre entre {low} et {high}.")

    return check


def _at_most(limit: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if len(value) > limit:
            raise forms.ValidationError(
                f"Ce texte compte {len(value)} signes, {limit} au plus tiennent ici."
            )

    return check


def _plausible(value: date) -> None:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError(
            f"Vérifiez l’année\u00a0: {value.year} ne peut pas être la bonne."
        )


def _not_yet(value: date) -> None:
    _plausible(value)
    if value > clock.today():
        raise forms.ValidationError("Cette date est dans l’avenir.")


def _phone(value: str) -> None:
    if not re.fullmatch(r"\+?[\d\s().\-/]{4,29}", value):
        raise forms.ValidationError(
            "Écrivez un numéro de téléphone avec des chiffres, par exemple 06\u00a000\u00a000\u00a0"
            "00\u00a000."
        )
