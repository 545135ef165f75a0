"""The form of a request, whole or one step of it; nothing is required to save.

`read_changes` is how a few typed texts become answers for `save_request`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from explor.accounts.queries import number_is_taken
from explor.intake.text import clean
from missions.funding.forms import initial_of, lines_of
from missions.funding.queries import Budget
from missions.request.fields import MISSION, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.form_fields import (
    DELIVERABLES,
    NEVER_EMPTY,
    PARTS,
    VOLETS,
    DayInput,
    deliverable_names,
    fields_of,
    volet_names,
)
from missions.request.models import AnnexKind
from missions.request.queries import Promise, Volet
from missions.request.words import SECTIONS, STEPS

__all__ = ["DayInput", "Read", "RequestForm", "answer_of", "read_changes", "step_of"]

BUDGET_FIELDS = ("expense_", "income_", "valorised_")
ONE_COLUMN = frozenset({*PROJECT, *MISSION, *ORGANISATION, *PROFILE, *REQUEST}) | {
    "local_partner",
    "profile_confirmed",
}


class RequestForm(forms.Form):
    """Every answer of a request, or those of `steps`. Valid answers are saved even when others
    are refused; `found` is what `queries.answers` gave for these steps."""

    def __init__(
        self,
        data: Any = None,
        *,
        found: Mapping[str, Any],
        steps: Iterable[str] = STEPS,
    ) -> None:
        super().__init__(data, initial=_initial(found))
        self.steps = tuple(steps)
        for step in self.steps:
            self.fields |= fields_of(step)

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
        for key, value in cleaned.items():
            if isinstance(value, str):
                cleaned[key] = clean(value)
        first: date | None = cleaned.get("window_from")
        last: date | None = cleaned.get("window_to")
        if first and last and last < first:
            self.add_error("window_to", "La période se termine avant de commencer.")
        return cleaned

    def answers(self) -> dict[str, Any]:
        """The valid answers, under the keys of `save_request`; what was refused is left out."""
        found = {key: value for key, value in self.cleaned_data.items() if key in ONE_COLUMN}
        for key in NEVER_EMPTY:
            if found.get(key) in ("", None):
                found.pop(key, None)
        if {"window_from", "window_to"} & set(self.errors):
            found.pop("window_from", None)
            found.pop("window_to", None)
        refused = {answer_of(name) for name in self.errors}
        groups = {
            "components": ("mission", self._volets),
            "deliverables": ("mission", self._promises),
            "budget": ("budget", lambda: lines_of(self.cleaned_data)),
            "absences": ("securite", self._absences),
        }
        for key, (step, read) in groups.items():
            if step in self.steps and key not in refused:
                found[key] = read()
        return found

    def _volets(self) -> list[Volet]:
        found = []
        for number in range(1, VOLETS + 1):
            kind, title, *objectives = (self.cleaned_data.get(n) for n in volet_names(number))
            if kind or title or any(objectives):
                found.append(Volet(title or "", kind or "", [text for text in objectives if text]))
        return found

    def _promises(self) -> list[Promise]:
        found = []
        for number in range(1, DELIVERABLES + 1):
            title, kind, audience, due = map(self.cleaned_data.get, deliverable_names(number))
            if any((title, kind, audience, due)):
                found.append(Promise(title or "", kind or "", audience or "", due))
        return found

    def _absences(self) -> dict[str, str]:
        rows = {kind.value: self.cleaned_data.get(f"absent_{kind}") for kind in AnnexKind.needed()}
        return {kind: words for kind, words in rows.items() if words}


@dataclass(frozen=True)
class Read:
    """Typed texts once read: `data` for `save_request`, and why the others are refused."""

    data: dict[str, Any]
    refused: dict[str, str]


def read_changes(found: Mapping[str, Any], changes: Mapping[str, list[str]]) -> Read:
    """Read `changes` (field → texts) beside what is saved (`found`, every answer).

    A field alone is refused for itself; when it does not fit a saved neighbour (a period, a
    « volet »), it is refused with what is wrong. Names that are no field are left out.
    """
    steps = tuple(dict.fromkeys(step for name in changes if (step := step_of(name))))
    saved = _posted(RequestForm(found=found, steps=steps))
    data = {**saved, **{name: list(texts) for name, texts in changes.items()}}
    refused: dict[str, str] = {}
    while True:
        form = RequestForm(_query(data), found=found, steps=steps)
        form.is_valid()
        wrong = _wrong(form, changes, refused)
        if not wrong:
            break
        refused |= wrong
        for name in wrong:
            data[name] = saved.get(name, [])
    wanted = {answer_of(name) for name in changes if name not in refused}
    read = {key: value for key, value in form.answers().items() if key in wanted}
    return Read(read, refused)


def _wrong(
    form: RequestForm, changes: Mapping[str, list[str]], known: Mapping[str, str]
) -> dict[str, str]:
    """The changes to refuse now: themselves, or the neighbours of what they make wrong."""
    errors = {
        name: " ".join(map(str, words))
        for name, words in form.errors.items()
        if name in form.fields
    }
    own = {name: words for name, words in errors.items() if name in changes and name not in known}
    if own:
        return own
    return {
        name: f"{form.fields[wrong].label}\u00a0: {words}"
        for wrong, words in errors.items()
        for name in changes
        if name not in known and name in form.fields and _group(name) == _group(wrong)
    }


def _query(data: Mapping[str, list[str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, texts in data.items():
        query.setlist(name, texts)
    return query


def _posted(form: RequestForm) -> dict[str, list[str]]:
    """What the page would send when nothing is changed."""
    found: dict[str, list[str]] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field, forms.BooleanField):
            found[bound.name] = ["on"] if value else []
        elif isinstance(value, list | tuple):
            found[bound.name] = [str(one) for one in value]
        elif value not in (None, ""):
            shown = bound.field.widget.format_value(value)
            found[bound.name] = [str(one) for one in shown] if isinstance(shown, list) else [shown]
    return found


def answer_of(name: str) -> str:
    """The answer (a key of `save_request`) that a field is part of."""
    if name.startswith(BUDGET_FIELDS):
        return "budget"
    if name.startswith("absent_"):
        return "absences"
    if name[:1] == "c" and name[1:2].isdigit():
        return "components"
    if name[:1] == "d" and name[1:2].isdigit() and name[3:] in PARTS:
        return "deliverables"
    return name


def _group(name: str) -> str:
    return "window" if name.startswith("window_") else answer_of(name)


def step_of(name: str) -> str:
    """The step that asks a field; nothing when no step does."""
    for step, (_, names) in SECTIONS.items():
        if name in names:
            return step
    own = {
        "budget": "budget",
        "absences": "securite",
        "components": "mission",
        "deliverables": "mission",
        "shared_draft": "association",
        "profile_confirmed": "association",
    }
    return own.get(answer_of(name), "")


def _initial(found: Mapping[str, Any]) -> dict[str, Any]:
    groups = {"components", "deliverables", "budget", "absences", "annexes"}
    initial = {key: value for key, value in found.items() if key not in groups}
    for number, volet in enumerate(found.get("components", [])[:VOLETS], start=1):
        values = [volet.type, volet.title, *volet.objectives]
        initial |= dict(zip(volet_names(number), values, strict=False))
    for number, promise in enumerate(found.get("deliverables", [])[:DELIVERABLES], start=1):
        values = [promise.title, promise.format, promise.audience, promise.due_on]
        initial |= dict(zip(deliverable_names(number), values, strict=True))
    for kind, words in (found.get("absences") or {}).items():
        initial[f"absent_{kind}"] = words
    budget: Budget | None = found.get("budget")
    lines = [*budget.expenses, *budget.incomes, *budget.valorised] if budget else []
    return initial | initial_of(lines)
