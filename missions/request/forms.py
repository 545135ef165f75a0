"""The form of a request: seven sections, nothing required to save."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.forms import fields_for_model

from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.accounts.numbers import RnaField, SiretField
from explor.accounts.queries import number_is_taken
from missions.actors.languages import LANGUAGES
from missions.actors.models import OsimProfile
from missions.dossier.models import Mission, MissionType, Programme, Project, Territory
from missions.dossier.reference import dac_choices, sdg_choices
from missions.funding.forms import EuroField, budget_fields, initial_of, lines_of
from missions.funding.queries import Budget
from missions.request.fields import MISSION, NEEDED, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.models import Request
from missions.request.queries import Volet
from missions.request.words import HELP, LABELS

VOLETS, OBJECTIVES = 2, 3
LONG = 5000

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

LIMITS = {"members_count": (0, 1_000_000), "people_count": (1, 50), "days_on_spot": (1, 365)}


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class StartForm(forms.Form):
    """What a draft needs to exist."""

    holder = forms.ModelChoiceField(Organisation.objects.none(), label="Association")
    programme = forms.ModelChoiceField(Programme.objects.filter(is_open=True), label="Programme")
    territory = forms.ModelChoiceField(
        Territory.objects.all(),
        label="Territoire",
        help_text="La région française de votre association.",
    )
    title = forms.CharField(
        label="Titre de la mission",
        max_length=200,
        help_text="En quelques mots ; vous pourrez le changer.",
    )
    country = Mission._meta.get_field("country").formfield()
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = user.standing.organisations(Role.MEMBER)
        rows = Organisation.objects.filter(kind=OrganisationKind.OSIM)
        self.coordinates = user.has_perm("missions.add_request_on_behalf")
        self.own = own
        choice = self.fields["holder"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows if self.coordinates else rows.filter(pk__in=own)
        for name in ("holder", "programme", "territory"):
            self._offer(name)

    def _offer(self, name: str) -> None:
        """Read the choices once; the only one there is, is chosen already."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField) and field.queryset is not None
        rows = [(row.pk, str(row)) for row in field.queryset]
        field.choices = rows if len(rows) == 1 else [("", "—"), *rows]

    @property
    def on_behalf(self) -> bool:
        """The coordination types for an association it is no member of."""
        holder: Organisation = self.cleaned_data["holder"]
        return self.coordinates and holder.pk not in self.own


def _columns() -> dict[str, forms.Field]:
    """The form fields of every one-column answer, under the keys of `save_request`."""
    found: dict[str, forms.Field] = {}
    sources: tuple[tuple[type[models.Model], Mapping[str, str]], ...] = (
        (Organisation, ORGANISATION),
        (OsimProfile, PROFILE),
        (Project, PROJECT),
        (Mission, {key: name for key, name in MISSION.items() if key != "shared_draft"}),
        (Request, REQUEST),
    )
    for model, names in sources:
        made = fields_for_model(model, fields=list(names.values()))
        found |= {key: made[name] for key, name in names.items() if made.get(name) is not None}
    return found


class RequestForm(forms.Form):
    """Every answer of a request. Valid answers are saved even when others are refused."""

    shared_draft = forms.BooleanField(
        label="La coordination de mon territoire peut lire ce brouillon et m’aider",
        required=False,
    )
    local_partner = forms.CharField(label="Nom du partenaire", max_length=200, required=False)
    sector = forms.ChoiceField(
        label="Secteur (CAD)", required=False, choices=lambda: [("", "—"), *dac_choices()]
    )
    sdgs = forms.TypedMultipleChoiceField(
        label="Objectifs de développement durable",
        required=False,
        coerce=int,
        choices=sdg_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label="Langues",
        required=False,
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    rna = RnaField()
    siret = SiretField()
    annual_budget = EuroField(label="Budget de l’an dernier (€)", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        found: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=_initial(found))
        self.fields = {**_columns(), **self.fields, **_volet_fields(), **budget_fields()}
        needed = {key for section in NEEDED.values() for key in section}
        for key, field in self.fields.items():
            _dress(key, field, needed=key in needed)

    def clean_rna(self) -> str:
        return self._not_of_another("rna")

    def clean_siret(self) -> str:
        return self._not_of_another("siret")

    def _not_of_another(self, name: str) -> str:
        """A number belongs to one association; the one shown by the form is its own."""
        value: str = self.cleaned_data[name]
        if value and value != self.initial.get(name) and number_is_taken(name, value):
            raise forms.ValidationError("Ce numéro est déjà celui d’une autre association.")
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: date | None = cleaned.get("window_from")
        last: date | None = cleaned.get("window_to")
        if first and last and last < first:
            self.add_error("window_to", "La période se termine avant de commencer.")
        for number in range(1, VOLETS + 1):
            filled = any(cleaned.get(name) for name in _volet_names(number)[1:])
            if filled and not cleaned.get(f"c{number}_type"):
                self.add_error(f"c{number}_type", "Choisissez le type de ce volet.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The valid answers, under the keys of `save_request`; what was refused is left out."""
        found = {
            key: value
            for key, value in self.cleaned_data.items()
            if key in PROJECT | MISSION | ORGANISATION | PROFILE | REQUEST or key == "local_partner"
        }
        for key in NEVER_EMPTY:
            if found.get(key) in ("", None):
                found.pop(key, None)
        if {"window_from", "window_to"} & set(self.errors):
            found.pop("window_from", None)
            found.pop("window_to", None)
        if not self._refused(f"c{number}_" for number in range(1, VOLETS + 1)):
            found["components"] = self._volets()
        if not self._refused(("expense_", "income_", "valorised_")):
            found["budget"] = lines_of(self.cleaned_data)
        return found

    def _refused(self, prefixes: Any) -> bool:
        starts = tuple(prefixes)
        return any(name.startswith(starts) for name in self.errors)

    def _volets(self) -> list[Volet]:
        found = []
        for number in range(1, VOLETS + 1):
            kind, title, *objectives = (self.cleaned_data.get(n) for n in _volet_names(number))
            if kind:
                found.append(Volet(title or "", kind, [text for text in objectives if text]))
        return found


def _volet_names(number: int) -> list[str]:
    objectives = [f"c{number}_objective_{place}" for place in range(1, OBJECTIVES + 1)]
    return [f"c{number}_type", f"c{number}_title", *objectives]


def _volet_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for number in range(1, VOLETS + 1):
        kind, title, *objectives = _volet_names(number)
        found[kind] = forms.ChoiceField(
            label="Type de mission",
            required=False,
            choices=[("", "—"), *MissionType.choices],
        )
        found[title] = forms.CharField(label="Titre du volet", max_length=200, required=False)
        for place, name in enumerate(objectives, start=1):
            found[name] = forms.CharField(label=f"Objectif {place}", max_length=500, required=False)
    return found


def _initial(found: Mapping[str, Any]) -> dict[str, Any]:
    initial = {key: value for key, value in found.items() if key not in ("components", "budget")}
    for number, volet in enumerate(found["components"][:VOLETS], start=1):
        values = [volet.type, volet.title, *volet.objectives]
        initial |= dict(zip(_volet_names(number), values, strict=False))
    budget: Budget = found["budget"]
    return initial | initial_of([*budget.expenses, *budget.incomes, *budget.valorised])


def _dress(key: str, field: forms.Field, *, needed: bool) -> None:
    """Nothing is required to save, save what always holds a value; limits, help, French words."""
    field.required = key in NEVER_EMPTY
    field.widget.is_required = False
    field.help_text = HELP.get(key, field.help_text)
    label = str(LABELS.get(key, field.label or key))
    label = label[:1].upper() + label[1:]
    field.label = f"{label} *" if needed and not field.required else label
    if key in LIMITS and isinstance(field, forms.IntegerField):
        low, high = LIMITS[key]
        field.validators.append(_between(low, high))
    if isinstance(field.widget, forms.Textarea):
        field.widget.attrs.update(rows=3, maxlength=LONG)
        field.validators.append(_at_most(LONG))
    if isinstance(field, forms.DateField):
        field.widget = DayInput()
    if key == "place":
        field.widget.attrs.update(list="lieux", autocomplete="off")


def _between(low: int, high: int) -> Any:
    def check(value: int) -> None:
        if not low <= value <= high:
            raise forms.ValidationError(f"Écrivez un nombre entre {low} et {high}.")

    return check


def _at_most(limit: int) -> Any:
    def check(value: str) -> None:
        if len(value) > limit:
            raise forms.ValidationError(
                f"Ce texte compte {len(value)} signes, {limit} au plus tiennent ici."
            )

    return check
