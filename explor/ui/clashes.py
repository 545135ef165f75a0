"""A stale save: what is saved now beside what was just typed, field by field."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form


@dataclass(frozen=True)
class Clash:
    label: str
    theirs: str
    mine: str


def clashes(form: Form) -> list[Clash]:
    """Every shown answer of a valid form that differs from what is saved now (`initial`)."""
    return [
        Clash(str(bound.label), words(bound.initial), words(form.cleaned_data.get(bound.name)))
        for bound in form
        if not bound.is_hidden and bound.name in form.changed_data
    ]


def words(value: Any) -> str:
    """An answer as a text that two people can compare."""
    if value is None or value is False:
        return ""
    if value is True:
        return "oui"
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return str(value)
    return ", ".join(str(row) for row in value)
