"""The request as a record written offline: see `explor.offline.records`."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.forms import BooleanField, Field
from django.http import Http404

from explor.accounts.models import User
from explor.offline.records import Texts, texts_of
from explor.ui.errors import Refusal
from explor.ui.html import day
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.request.actions import hold_answers, save_request
from missions.request.form_fields import fields_of
from missions.request.forms import Read, RequestForm, answer_of, read_changes, step_of
from missions.request.queries import answers, request_of


class Requests:
    """Its texts are the raw answers of the seven steps, under the names of their fields."""

    schema = 1

    def find(self, user: User, uuid: UUID) -> Mission:
        rows = Mission.objects.visible_to(user).defer("search").filter(uuid=uuid)
        mission = rows.select_related("project__holder").first()
        if mission is None:
            raise Http404("Aucune demande de cette référence.")
        return mission

    def may_write(self, user: User, record: Mission) -> bool:
        return user.has_perm("missions.edit_request", record)

    def lock(self, record: Mission) -> Mission:
        """With all that its answers are kept on: what is compared is what will be written."""
        mission = lock(record)
        hold_answers(mission)
        return mission

    def stream(self, record: Mission) -> str:
        return record.stream

    def values(self, record: Mission, fields: Collection[str]) -> Texts:
        steps = _steps(fields)
        if not steps:
            return {}
        texts = texts_of(RequestForm(found=_found(record, steps), steps=steps))
        return {name: texts[name] for name in fields if name in texts}

    def take(
        self, record: Mission, changes: Mapping[str, list[str]], *, actor: User
    ) -> dict[str, str]:
        """A refusal that concerns the whole request falls on the answers that bring it."""
        read = read_changes(_found(record, _steps(changes)), changes)
        accepted = {name: texts for name, texts in changes.items() if name not in read.refused}
        return read.refused | _save(record, read, accepted, actor)

    def label(self, field: str) -> str:
        found = _field(field)
        return str(found.label).removesuffix("\u00a0*") if found else field

    def words(self, field: str, value: list[str]) -> str:
        found = _field(field)
        if isinstance(found, BooleanField):
            return "oui" if value else "non"
        named = _named(found)
        return ", ".join(named.get(text, _dated(text)) for text in value)


def _save(
    record: Mission, read: Read, accepted: Mapping[str, list[str]], actor: User
) -> dict[str, str]:
    """Together when possible; one answer at a time when the whole is refused."""
    try:
        save_request(record, read.data, actor=actor, version=None)
        return {}
    except Refusal as refusal:
        if len(read.data) < 2:
            return dict.fromkeys(accepted, refusal.reason)
    refused: dict[str, str] = {}
    for key, value in read.data.items():
        names = {name: texts for name, texts in accepted.items() if answer_of(name) == key}
        refused |= _save(record, Read({key: value}, {}), names, actor)
    return refused


def _steps(fields: Collection[str]) -> list[str]:
    return list(dict.fromkeys(step for name in fields if (step := step_of(name))))


def _found(record: Mission, steps: Collection[str]) -> dict[str, Any]:
    return answers(record, request_of(record), steps=steps)


def _field(name: str) -> Field | None:
    step = step_of(name)
    return fields_of(step).get(name) if step else None


def _named(field: Field | None) -> dict[str, str]:
    """Value → word, for an answer chosen in a list."""
    named: dict[str, str] = {}
    for value, label in getattr(field, "choices", ()):
        inner = label if isinstance(label, list | tuple) else [(value, label)]
        named |= {str(one): str(words) for one, words in inner}
    return named


def _dated(text: str) -> str:
    """« 3 mars 2026 » for a day as browsers send it."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
