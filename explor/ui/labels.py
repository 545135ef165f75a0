"""The French label of a field, for pages that have lost the form it came from."""

from collections.abc import Iterator
from functools import cache

from django.apps import apps
from django.forms import BaseForm

OURS = ("explor", "missions", "capitalisation")


def label_of(name: str, module: str = "") -> str:
    """What the form that sends `name` calls it; « » when no form or model of ours does.

    Several forms may send the same name: the one nearest to `module`, where the view is, wins.
    """
    found = _labels().get(name, ())
    best = max(found, key=lambda row: _nearness(row[0], module), default=("", ""))
    return best[1]


@cache
def _labels() -> dict[str, list[tuple[str, str]]]:
    """Name of a field → the modules that know it, with the label of each; forms come first."""
    known: dict[str, list[tuple[str, str]]] = {}
    for module, name, label in (*_of_forms(), *_of_models()):
        known.setdefault(name, []).append((module, label[:1].upper() + label[1:]))
    return known


def _of_forms() -> Iterator[tuple[str, str, str]]:
    waiting = [BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith(OURS):
            for name, field in getattr(form, "base_fields", {}).items():
                if field.label:
                    yield form.__module__, name, str(field.label)


def _of_models() -> Iterator[tuple[str, str, str]]:
    for model in apps.get_models():
        if model.__module__.startswith(OURS):
            for field in model._meta.fields:
                words = str(field.verbose_name)
                if words != field.name.replace("_", " "):
                    yield model.__module__, field.name, words


def _nearness(module: str, wanted: str) -> int:
    """How many steps of the dotted path the two have in common."""
    steps = zip(module.split("."), wanted.split("."), strict=False)
    common = 0
    for ours, theirs in steps:
        if ours != theirs:
            break
        common += 1
    return common
