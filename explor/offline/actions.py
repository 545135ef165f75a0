"""The one door by which texts reach a record, whether a script or a plain form brings them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record as tell
from explor.journal.verbs import READERS, Verb
from explor.offline.models import Operation, Revision, RevisionState
from explor.offline.operations import Change, Outcome, Picked, Sending, read_form
from explor.offline.queries import kept_aside, known_operation, last_written, open_revisions, stands
from explor.offline.records import RecordType, Texts, digest, record_type
from explor.ui.errors import Refusal

KEEP_BOTH = Verb("offline.keep_both", READERS)
CHOOSE_TEXT = Verb("offline.choose_text", READERS)

UNKNOWN = "Cette question n’existe plus dans le formulaire. Votre texte est gardé ici."


class Reused(Refusal):
    """The identity of a sending already received, with something else inside."""


def save_form(kind: str, record: Any, posted: QueryDict, *, actor: User) -> Outcome:
    """What a plain form posts. Raises `Http404`, `PermissionDenied`, `operations.Malformed`.

    The same page sent again with another text (back, corrected, sent) continues its first
    sending: nobody has to choose between two texts of their own.
    """
    sending = read_form(posted)
    try:
        return apply_operation(kind, record, sending, actor=actor)
    except Reused:
        return apply_operation(kind, record, _continued(sending, actor), actor=actor)


def _continued(sending: Sending, actor: User) -> Sending:
    first = known_operation(sending.op_id)
    told = first.answer if first is not None and first.person_id == actor.pk else {}
    changes = {
        name: replace(change, base=told.get(name, {}).get("base", change.base))
        for name, change in sending.changes.items()
    }
    return replace(sending, op_id=uuid4(), changes=changes)


@transaction.atomic
def apply_operation(kind: str, record: Any, sending: Sending, *, actor: User) -> Outcome:
    """Write what can be written, keep the rest aside; the same sending twice, the same answer.

    Raises `Http404` for another's record, `PermissionDenied` to who may only read, `Reused`
    when the identity has already served for something else.
    """
    known = record_type(kind)
    locked = known.lock(known.find(actor, record.uuid))
    done = known_operation(sending.op_id)
    if done is not None:
        return _again(done, kind, record, sending, actor)
    if not known.may_write(actor, locked):
        raise PermissionDenied
    if not sending.changes and not sending.picked:
        return Outcome({})
    outcome = Outcome(_Table(known, kind, locked, sending, actor).write())
    Operation.objects.create(
        op_id=sending.op_id,
        body_sha256=sending.sha256,
        person=actor,
        device=sending.device,
        kind=kind,
        record=record.uuid,
        answer=outcome.fields,
        at=clock.now(),
    )
    return outcome


def _again(done: Operation, kind: str, record: Any, sending: Sending, actor: User) -> Outcome:
    same = (actor.pk, kind, record.uuid, sending.sha256)
    if (done.person_id, done.kind, done.record, done.body_sha256) != same:
        raise Reused("Cet envoi a déjà servi à autre chose. Rien n’a été changé.")
    return Outcome(done.answer)


@dataclass
class _Table:
    """One sending over one locked record."""

    known: RecordType
    kind: str
    record: Any
    sending: Sending
    actor: User

    def write(self) -> dict[str, dict[str, Any]]:
        changes = self.sending.changes
        picked = {one.field: one for one in self.sending.picked if one.field not in changes}
        self._read({*changes, *picked})
        told = self._write_all(changes)
        for name, choice in picked.items():
            told |= self._choose(name, choice)
        return told

    def _read(self, names: set[str]) -> None:
        rows = open_revisions(self.kind, self.record.uuid)
        self.aside = kept_aside(rows)
        self.saved = self.known.values(self.record, names | set(self.aside))
        self.waiting = [row for row in rows if row.state == RevisionState.PENDING]

    def _shown(self, name: str) -> list[str]:
        """The text that stands in the field for everyone: refused or saved."""
        aside = self.aside.get(name)
        return list(aside.value) if aside is not None else self.saved.get(name, [])

    def _write_all(self, changes: Mapping[str, Change]) -> dict[str, dict[str, Any]]:
        told: dict[str, dict[str, Any]] = {}
        fresh: dict[str, Change] = {}
        for name, change in changes.items():
            present = digest(self._shown(name))
            if digest(change.value) == present:
                told[name] = {"state": "same", "base": present}
            elif change.base != present and not self._continues(name, change, present):
                told[name] = self._wait(name, change)
            else:
                fresh[name] = change
        return told | self._take(fresh)

    def _continues(self, name: str, change: Change, present: str) -> bool:
        """Whether all that was written over the text's base came from this very device: an
        answer was late, and a person does not disagree with herself."""
        whose = (self.actor.pk, self.sending.device)
        if not self.sending.device or not stands(self.kind, self.record.uuid, name, present, whose):
            return False
        for row in last_written(self.kind, self.record.uuid, name):
            if (row.by_id, row.device) != whose:
                return False
            if change.base in (row.base, digest(row.value)):
                return True
        return False

    def _take(
        self, changes: Mapping[str, Change], chosen: Revision | None = None
    ) -> dict[str, dict[str, Any]]:
        """Saved when valid, kept aside with the reason when not; `chosen` is the text that
        waited, when it is one."""
        if not changes:
            return {}
        texts = {name: list(change.value) for name, change in changes.items()}
        again = self._again(changes)
        possible = {name: text for name, text in texts.items() if name in self.saved}
        refused = dict.fromkeys(set(texts) - set(possible), UNKNOWN)
        if possible or again:
            refused |= self.known.take(self.record, again | possible, actor=self.actor)
        if written := {*texts, *again} - set(refused):
            self.saved |= self.known.values(self.record, written)
        rows = {name: chosen or self._revision(name, change) for name, change in changes.items()}
        rows |= {name: self.aside.pop(name) for name in again if name not in refused}
        return {name: self._settle(name, row, refused.get(name)) for name, row in rows.items()}

    def _again(self, changes: Mapping[str, Change]) -> Texts:
        """The refused texts to try again: what they lacked may come with this sending."""
        return {
            name: list(row.value)
            for name, row in self.aside.items()
            if name not in changes and name in self.saved and row.base == digest(self.saved[name])
        }

    def _settle(self, name: str, row: Revision, reason: str | None) -> dict[str, Any]:
        if (old := self.aside.pop(name, None)) is not None:
            self._turn(old, RevisionState.REPLACED)
        if reason is None:
            self._turn(row, RevisionState.APPLIED)
            return {"state": "applied", "base": digest(self.saved[name])}
        row.reason = reason
        self._turn(row, RevisionState.UNAPPLIED)
        self.aside[name] = row
        return {"state": "unapplied", "base": digest(row.value), "reason": reason}

    def _wait(self, name: str, change: Change) -> dict[str, Any]:
        """Somebody else's text stands there: this one waits beside it."""
        mine = (self.actor.pk, self.sending.device, change.base)
        for row in self.waiting:
            if row.field == name and (row.by_id, row.device, row.base) == mine:
                self._turn(row, RevisionState.REPLACED)
        self._turn(self._revision(name, change), RevisionState.PENDING)
        self._tell(KEEP_BOTH, "Deux textes gardés, à choisir", name)
        return {"state": "pending", "base": change.base}

    def _choose(self, name: str, choice: Picked) -> dict[str, dict[str, Any]]:
        """Only what was shown is settled: a text that came since waits for another choice."""
        rows = {
            str(row.uuid): row
            for row in self.waiting
            if row.field == name and str(row.uuid) in choice.over
        }
        stale = choice.base != digest(self._shown(name))
        if not rows or (choice.keep != "saved" and (stale or choice.keep not in rows)):
            return {name: {"state": "pending", "base": digest(self._shown(name))}}
        self._tell(CHOOSE_TEXT, "Un texte choisi entre plusieurs", name)
        kept = rows.pop(choice.keep, None)
        for row in rows.values():
            self._turn(row, RevisionState.DISCARDED, chosen=True)
        if kept is None:
            return {name: {"state": "applied", "base": digest(self._shown(name))}}
        return self._prefer(name, kept)

    def _prefer(self, name: str, kept: Revision) -> dict[str, dict[str, Any]]:
        """The waiting text takes the place of the saved one, which stays in the history."""
        if shown := self._shown(name):
            left = self._revision(name, Change(shown, kept.base), by=None)
            self._turn(left, RevisionState.DISCARDED, chosen=True)
        kept.chosen_by, kept.chosen_at = self.actor, clock.now()
        return self._take({name: Change(list(kept.value), kept.base)}, kept)

    def _revision(self, name: str, change: Change, **more: Any) -> Revision:
        """The text, not written yet: what became of it comes with `_turn`.

        Over a refused text, its base is that of the saved text below.
        """
        below = self.aside.get(name)
        given = {"by": self.actor, "device": self.sending.device, **more}
        return Revision(
            kind=self.kind,
            record=self.record.uuid,
            field=name,
            value=list(change.value),
            base=below.base if below is not None else change.base,
            at=clock.now(),
            **given,
        )

    def _turn(self, row: Revision, state: RevisionState, *, chosen: bool = False) -> None:
        row.state = state
        if chosen:
            row.chosen_by, row.chosen_at = self.actor, clock.now()
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=["state", "reason", "chosen_by", "chosen_at"])

    def _tell(self, verb: Verb, words: str, name: str) -> None:
        text = f"{words} : {self.known.label(name)}."
        tell(self.known.stream(self.record), verb, text, actor=self.actor, data={"field": name})
