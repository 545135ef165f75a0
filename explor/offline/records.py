"""What may be written offline, and how a page takes part. Read this first.

A *record* (a request, later a field log or a report) is a set of named texts: field → list of
strings, exactly as `request.POST.getlist(field)` gives them. A *base* is the digest of the text
the reader had in front of them. A text is written only over the text it was read on; otherwise
both are kept and shown until someone chooses. Synchronising never refuses a text: what is not
valid is kept aside, with its reason, and shown again in its field.

A kind of record is declared once, in the application that owns it:

    class Requests:                                   # see RecordType below
        schema = 1
        ...
    register("request", Requests())                   # in AppConfig.ready()

A page that edits it:

    form = StepForm(found=found)                      # unbound, initial = what is saved
    sheet = open_sheet("request", mission, form)    # explor.offline.queries
    # the form now shows the texts to show (refused ones included) with their reasons in errors

    <form method="post" {{ sheet.attributes }}>       # data-offline, data-record, data-schema…
      {% csrf_token %}
      {% include "offline/_sheet.html" %}             # token, bases, status line, choices
      {% field form.need %} …
      <button type="submit">Enregistrer et continuer</button>

and its POST, with or without JavaScript, through the same door:

    outcome = save_form("request", mission, request.POST, actor=request.user)
    # explor.offline.actions; atomic, permission checked, Http404 for another's record
    # then always redirect: outcome.settled → the next page; otherwise → this page again, where
    # the refused texts (outcome.refused: field → reason) and the choices (outcome.pending:
    # fields) are shown.

Nothing else is needed: one hidden `token` is the identity of the operation (sent twice, written
once), one hidden `bases` names the fields of the form (so an unticked box is seen). The script
keeps what is typed on the device and sends it by itself; it lets the form go only once the
device has nothing left to send. A form that must wait until nothing of the record is left on
the device (« Déposer ») carries `data-offline-wait="request:<uuid>"`. On the edited form,
`data-offline-along="/path/ /path/"` names the pages to take along besides its own, and
`data-offline-next="/path/"` the one to open when it cannot be sent for want of a network.
A page without fields lists what is open with `open_choices` and
`refused` (explor.offline.queries) and posts a choice through `save_form` too.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

from django.forms import BaseForm, CheckboxInput

from explor.accounts.models import User
from explor.intake.text import clean

Texts = dict[str, list[str]]


class RecordType(Protocol):
    """What a kind of record answers. `record` is its own object, with a `uuid`."""

    #: Raised when fields change their meaning; older devices still send theirs.
    schema: int

    def find(self, user: User, uuid: UUID) -> Any:
        """Raises Http404 for a record this person may not see."""

    def may_write(self, user: User, record: Any) -> bool: ...

    def lock(self, record: Any) -> Any:
        """The row again, locked for the transaction."""

    def values(self, record: Any, fields: Collection[str]) -> Texts:
        """The saved text of each of `fields`; a field unknown today is left out."""

    def take(self, record: Any, changes: Mapping[str, list[str]], *, actor: User) -> dict[str, str]:
        """Write the valid ones; answers the refused fields with the reason in French.

        The texts of one call come from one person at one moment: fields that depend on each
        other are checked together with what is saved.
        """

    def stream(self, record: Any) -> str:
        """Its stream in the journal."""

    def label(self, field: str) -> str:
        """What the field asks, for the person who chooses between two texts."""

    def words(self, field: str, value: list[str]) -> str:
        """A text as one reads it: « Bénin » for `BJ`."""


_KINDS: dict[str, RecordType] = {}


def register(kind: str, record_type: RecordType) -> None:
    _KINDS[kind] = record_type


class UnknownKind(LookupError):
    """A kind of record that nobody declared."""


def record_type(kind: str) -> RecordType:
    """Raises `UnknownKind`."""
    if kind not in _KINDS:
        raise UnknownKind(kind)
    return _KINDS[kind]


def kinds() -> dict[str, RecordType]:
    return dict(_KINDS)


def plain(value: Collection[str]) -> list[str]:
    """A text as it can be kept and compared: cleaned as whatever comes in, without the blanks
    around it; an empty text and an absent one say the same."""
    kept = [clean(text).strip() for text in value]
    return [] if not any(kept) else kept


def digest(value: Collection[str]) -> str:
    """The base of a text: twelve hexadecimal signs. The order of ticked boxes says nothing."""
    text = json.dumps(sorted(plain(value)), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def texts_of(form: BaseForm) -> Texts:
    """The text of each field as the page would post it untouched."""
    found: Texts = {}
    for name, field in form.fields.items():
        bound = form[name]
        if isinstance(field.widget, CheckboxInput):
            found[bound.html_name] = ["on"] if bound.value() else []
            continue
        value = field.widget.format_value(bound.value())
        shown = value if isinstance(value, list | tuple) else [value]
        found[bound.html_name] = [str(one) for one in shown if one not in ("", None)]
    return found
