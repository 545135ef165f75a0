"""What a page shows of a record: its texts, those kept aside, those that await a choice."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from explor import clock
from explor.offline.models import Operation, Revision, RevisionState
from explor.offline.records import Texts, digest, record_type, texts_of
from explor.ui.html import marked_difference


@dataclass(frozen=True)
class Choice:
    """Texts of one field that met: the saved one, then those that wait, oldest first."""

    field: str
    label: str
    options: list["Option"]


@dataclass(frozen=True)
class Option:
    """One of the texts, what differs from the saved one marked; `button` is what its button
    sends."""

    words: str
    who: str
    at: Any
    saved: bool
    button: str


@dataclass(frozen=True)
class Sheet:
    """What the page of a form carries: `include "offline/_sheet.html"` draws it."""

    kind: str
    record: UUID
    values: Texts
    reasons: dict[str, str]
    choices: list[Choice]
    token: UUID

    @property
    def bases(self) -> dict[str, str]:
        return {field: digest(value) for field, value in self.values.items()}

    @property
    def bases_text(self) -> str:
        return json.dumps(self.bases)

    @property
    def attributes(self) -> SafeString:
        """Of the `<form>`. `data-at`, in milliseconds, tells a page kept on the device from
        what the device has learnt since."""
        return format_html(
            'data-offline="{}" data-record="{}" data-schema="{}" data-at="{}" autocomplete="off"',
            self.kind,
            self.record,
            record_type(self.kind).schema,
            int(clock.now().timestamp() * 1000),
        )


def open_revisions(kind: str, record: UUID) -> list[Revision]:
    """Texts kept aside and texts that await a choice, oldest first."""
    rows = Revision.objects.filter(
        kind=kind, record=record, state__in=[RevisionState.PENDING, RevisionState.UNAPPLIED]
    )
    return list(rows.select_related("by"))


def kept_aside(rows: Iterable[Revision]) -> dict[str, Revision]:
    """The text each field shows although it could not be saved."""
    return {row.field: row for row in rows if row.state == RevisionState.UNAPPLIED}


def pending(kind: str, record: UUID) -> list[Revision]:
    """The texts that await a choice."""
    rows = open_revisions(kind, record)
    return [row for row in rows if row.state == RevisionState.PENDING]


def last_written(kind: str, record: UUID, field: str) -> QuerySet[Revision]:
    """The twenty last texts that stood in the field, saved or refused, newest first."""
    stood = [RevisionState.APPLIED, RevisionState.UNAPPLIED, RevisionState.REPLACED]
    rows = Revision.objects.filter(kind=kind, record=record, field=field, state__in=stood)
    return rows.order_by("-pk")[:20]


def stands(kind: str, record: UUID, field: str, base: str, whose: tuple[int, str]) -> bool:
    """Whether the text of that digest was answered to this person on this device."""
    person, device = whose
    told = {field: {"base": base}}
    sent = Operation.objects.filter(kind=kind, record=record, answer__contains=told)
    return sent.filter(person=person, device=device).exists()


def known_operation(op_id: UUID) -> Operation | None:
    return Operation.objects.filter(op_id=op_id).first()


def open_sheet(kind: str, record: Any, form: forms.Form) -> Sheet:
    """The sheet of an unbound form, which from then on shows the texts to show.

    A refused text stands in its field with its reason, whoever looks. Choices that concern
    other pages of the record are shown too.
    """
    rows = open_revisions(kind, record.uuid)
    aside = kept_aside(rows)
    values = texts_of(form)
    reasons = {name: row.reason for name, row in aside.items() if name in values}
    values |= {name: list(aside[name].value) for name in reasons}
    choices = _choices(kind, record, rows, values)
    sheet = Sheet(kind, record.uuid, values, reasons, choices, uuid4())
    if reasons:
        _show(form, sheet)
    return sheet


def open_choices(kind: str, record: Any, rows: list[Revision] | None = None) -> list[Choice]:
    """Every choice that awaits someone, for a page that edits nothing.

    `rows` are the record's `open_revisions`, when the page has them already.
    """
    known = open_revisions(kind, record.uuid) if rows is None else rows
    return _choices(kind, record, known, {})


def refused(kind: str, record: Any, rows: list[Revision] | None = None) -> dict[str, str]:
    """The fields whose text is kept without being saved, and why; `rows` as above."""
    aside = kept_aside(open_revisions(kind, record.uuid) if rows is None else rows)
    return {name: row.reason for name, row in aside.items()}


def _show(form: forms.Form, sheet: Sheet) -> None:
    """Bound to the texts as typed, without checking them again: the reasons are known."""
    data = QueryDict(mutable=True)
    for name, value in sheet.values.items():
        data.setlist(name, list(value))
    form.data, form.is_bound = data, True
    form.cleaned_data = {}
    errors = {name: ErrorList([text]) for name, text in sheet.reasons.items()}
    form._errors = ErrorDict(errors)  # type: ignore[attr-defined]


def _choices(kind: str, record: Any, rows: list[Revision], values: Texts) -> list[Choice]:
    waiting: dict[str, list[Revision]] = {}
    for row in rows:
        if row.state == RevisionState.PENDING:
            waiting.setdefault(row.field, []).append(row)
    if absent := set(waiting) - set(values):
        aside = {name: list(row.value) for name, row in kept_aside(rows).items()}
        values = record_type(kind).values(record, absent) | aside | values
    return [_choice(kind, name, values.get(name, []), texts) for name, texts in waiting.items()]


def _choice(kind: str, field: str, saved: list[str], rows: list[Revision]) -> Choice:
    known, base = record_type(kind), digest(saved)
    over = [str(row.uuid) for row in rows]

    def button(keep: str) -> str:
        return json.dumps({"field": field, "keep": keep, "over": over, "base": base})

    text = known.words(field, saved)
    options = [Option(text, "", None, True, button("saved"))]
    for row in rows:
        _, words = marked_difference(text, known.words(field, row.value))
        options.append(Option(words, str(row.by or ""), row.at, False, button(str(row.uuid))))
    return Choice(field, known.label(field), options)
