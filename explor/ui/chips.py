"""The filters in force, each with the address that takes it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.http import urlencode


@dataclass(frozen=True)
class Chip:
    """`url` is the same list without this filter."""

    label: str
    value: str
    url: str


def chips_of(form: BaseForm, data: Mapping[str, Any], path: str) -> list[Chip]:
    """A chip for each visible field of `form` that the address fills; the page number falls."""
    kept = {name: str(data[name]) for name in data if name != "page" and data[name]}
    found = []
    for bound in form.visible_fields():
        if value := kept.get(bound.name):
            rest = urlencode({name: text for name, text in kept.items() if name != bound.name})
            url = f"{path}?{rest}" if rest else path
            found.append(Chip(str(bound.label), _words(bound.field, value), url))
    return found


def _words(field: Any, value: str) -> str:
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return choices.get(value, value)
