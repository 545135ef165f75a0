"""Each answer of a request in plain words, as a correction, an opinion and a sheet quote it."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from explor.accounts.models import Organisation
from explor.ui.html import day
from missions.actors.languages import LANGUAGES
from missions.actors.models import OsimProfile
from missions.dossier.models import Mission, Project
from missions.dossier.reference import dac_labels, sdg_choices
from missions.funding.queries import Budget, euros
from missions.request.fields import KEYS, MISSION, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.models import AnnexKind, Request
from missions.request.queries import Volet, answers
from missions.request.words import LABELS, SECTIONS

_SOURCES: tuple[tuple[type[Model], Mapping[str, str]], ...] = (
    (Project, PROJECT),
    (Mission, MISSION),
    (Organisation, ORGANISATION),
    (OsimProfile, PROFILE),
    (Request, REQUEST),
)
_OTHERS = {
    "local_partner": "Nom du partenaire",
    "components": "Type de mission, volets et objectifs",
    "deliverables": "Livrables attendus",
    "budget": "Budget",
}
#: Shown in a part of the form without being one of its plain fields.
_ALSO_IN = {
    "components": "mission",
    "deliverables": "mission",
    "budget": "budget",
    "absences": "securite",
}
#: The steps whose answers cost a query of their own.
_STEPS_READ = ("mission", "budget")
_NAMED = {
    "languages": LANGUAGES,
    "sector": dac_labels,
    "sdgs": lambda: dict(sdg_choices()),
}
#: Never asked to be corrected: who may read the draft, and three promises.
NOT_ANSWERS = frozenset({"shared_draft", "profile_confirmed", "sworn", "privacy_read"})


def label_of(key: str) -> str:
    """What the form calls the answer."""
    if key in LABELS:
        return LABELS[key]
    found = _column(key)
    label = str(getattr(found, "verbose_name", "")) or _OTHERS.get(key, key)
    return label[:1].upper() + label[1:]


def section_of(key: str) -> str:
    """The part of the form that asks for it."""
    if key in _ALSO_IN:
        return _ALSO_IN[key]
    return next((part for part, (_, keys) in SECTIONS.items() if key in keys), "mission")


def keys_by_section() -> list[tuple[str, str, list[str]]]:
    """`(section, title, keys)` of every answer that a correction may be about."""
    asked: dict[str, list[str]] = {part: [] for part in SECTIONS}
    listed = [key for _, keys in SECTIONS.values() for key in keys]
    rest = sorted(KEYS - set(listed))
    for key in [*(key for key in listed if key in KEYS), *rest]:
        if key not in NOT_ANSWERS:
            asked[section_of(key)].append(key)
    return [(part, SECTIONS[part][0], keys) for part, keys in asked.items() if keys]


def said(mission: Mission) -> dict[str, str]:
    """Every answer in words under the keys of `save_request`; empty when not given.

    The papers are not answers: they are not read.
    """
    found = answers(mission, steps=_STEPS_READ)
    return {key: in_words(key, value) for key, value in found.items() if key in KEYS}


def in_words(key: str, value: Any) -> str:
    """One answer in words: « oui », « français, fon », « 1 200,00 € », lines for a table."""
    if isinstance(value, Budget):
        return _budget(value)
    if isinstance(value, dict):
        return "\n".join(f"{AnnexKind(kind).label}\u00a0: {why}" for kind, why in value.items())
    if value in (None, "", [], ()) or value is False:
        return "non" if value is False else ""
    if value is True:
        return "oui"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return euros(value)
    names = _names(key)
    if isinstance(value, list | tuple):
        return _several(key, value, names)
    return names.get(str(value), str(value)).replace("\r\n", "\n").strip()


def _several(key: str, values: Iterable[Any], names: Mapping[str, str]) -> str:
    if key == "components":
        return "\n".join(_volet(number, one) for number, one in enumerate(values, start=1))
    rows = list(values)
    if any(is_dataclass(row) for row in rows):
        return "\n".join(_row(row) for row in rows)
    return ", ".join(names.get(str(one), str(one)) for one in rows)


def _row(row: Any) -> str:
    cells = [day(cell) if isinstance(cell, date) else cell for cell in astuple(row)]
    return " · ".join(str(cell) for cell in cells if cell not in (None, ""))


def _volet(number: int, volet: Volet) -> str:
    title = f"{volet.kind}, {volet.title}" if volet.title else volet.kind
    return "\n".join([f"Volet {number}\u00a0: {title}", *(f"– {one}" for one in volet.objectives)])


def _budget(budget: Budget) -> str:
    lines = []
    for title, rows, total in budget.parts:
        if rows:
            lines.append(f"{title}\u00a0: {euros(total)}")
        for row in rows:
            how = f" ({row.how})" if row.how else ""
            lines.append(f"– {row.get_heading_display()}\u00a0: {euros(row.amount)}{how}")
    return "\n".join(lines)


def _names(key: str) -> Mapping[str, str]:
    """Stored value → word, for the answers chosen in a list."""
    named = _NAMED.get(key)
    if named is not None:
        table: Any = named() if callable(named) else named
        return {str(value): word for value, word in table.items()}
    found = _column(key)
    choices: Any = getattr(found, "flatchoices", None) or ()
    return {str(value): str(word) for value, word in choices}


def _column(key: str) -> Any:
    for model, names in _SOURCES:
        if key in names:
            return model._meta.get_field(names[key])
    return None
