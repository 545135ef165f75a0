"""Holding rows until the transaction ends: one door, one order.

A write rests on what it reads once it holds its row: PostgreSQL gives the joined tables of a
`SELECT … FOR UPDATE` as they were before the wait, so a row is held first, then read. A row is
held against other writers only (`FOR NO KEY UPDATE`): a line of history that names it does not
wait. Rows are held in the order of `ORDER`, those of one table by their keys, so that two acts
never wait for each other; the tests refuse another order (`strict`).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

from explor.ui.errors import Gone

#: From what is held first to what is held last. A mission comes before all that hangs on it,
#: and a sitting before the missions it looks at; what several missions share comes after.
ORDER = (
    "missions.Programme",
    "missions.Territory",
    "capitalisation.CommitteeMonth",
    "capitalisation.CommitteeSession",
    "missions.Mission",
    "capitalisation.ReturnReport",
    "missions.Request",
    "missions.Review",
    "missions.ReviewSheet",
    "missions.Receipt",
    "missions.Correction",
    "missions.Confirmation",
    "missions.Annex",
    "missions.Opinion",
    "missions.DecisionLetter",
    "missions.Milestone",
    "missions.Engagement",
    "missions.Envelope",
    "missions.Commitment",
    "missions.Instalment",
    "missions.Expense",
    "missions.CoFunding",
    "missions.Project",
    "capitalisation.SessionMinutes",
    "capitalisation.Interview",
    "capitalisation.Text",
    "capitalisation.Excerpt",
    "capitalisation.Codebook",
    "capitalisation.Focus",
    "capitalisation.GoodPractice",
    "capitalisation.Booklet",
    "accounts.Organisation",
    "missions.OsimProfile",
    "missions.Volunteer",
    "accounts.Invitation",
    "accounts.JoinRequest",
    "accounts.User",
    "accounts.Membership",
    "documents.ExportJob",
    "notifications.Notice",
)
#: Nobody waits for these who is waited for: what a number is given to is seen by nobody yet, and
#: a wording is held by who holds its text.
ANYWHERE = frozenset({"missions.Numbering", "capitalisation.TextVersion"})
_PLACE = {label: place for place, label in enumerate(ORDER)}

#: The tests set it: a row held out of order is then an error, elsewhere a line of the log.
strict = False

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)


class WrongOrder(RuntimeError):
    """A row is asked for after one that comes later in `ORDER`."""


def lock_row(rows: QuerySet[Row], pk: Any) -> Row:
    """The row of that key, held, then read with all that `rows` joins to it.

    Raises `Gone` when somebody took it away meanwhile.
    """
    free = bool(_lacking(rows.model, [pk]))
    if free and not _is_plain(rows):
        _hold(rows.model, [pk])
    found = (_holding(rows) if free and _is_plain(rows) else rows).filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


def lock_only(rows: QuerySet[Row]) -> Row | None:
    """The one row that `rows` name by columns of its own, held and read at once; nothing when
    there is none."""
    found = _holding(rows).first()
    if found is not None:
        _lacking(rows.model, [found.pk])
    return found


def lock_rows(rows: QuerySet[Row]) -> list[Row]:
    """Every row of `rows`, held by key, then read again: what changed or left meanwhile is seen."""
    keys = rows.order_by("pk").values_list("pk", flat=True)
    if wanted := _lacking(rows.model, keys):
        _hold(rows.model, wanted)
    return list(rows)


def _is_plain(rows: QuerySet[Row]) -> bool:
    """PostgreSQL reads the row itself again after the wait: nothing else is asked of it here."""
    asked = rows.query
    return not (asked.select_related or asked.annotations or asked.where)


def _holding(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_for_update(of=("self",), no_key=True)


def _hold(model: type[Model], keys: list[Any]) -> None:
    list(_holding(model._base_manager.filter(pk__in=keys).order_by("pk").only("pk")))


def _lacking(model: type[Model], keys: Iterable[Any]) -> list[Any]:
    """Raises `TransactionManagementError` outside a transaction: nothing would stay held."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A row is held inside a transaction.")
    return _held().lacking(model._meta.label, sorted(set(keys)))


@dataclass
class _Held:
    """What a transaction holds, each row with the savepoints inside which it was asked for, and
    how far in `ORDER` it has gone."""

    transaction: object
    rows: dict[tuple[str, Any], list[Any]] = field(default_factory=dict)
    place: int = -1

    def lacking(self, label: str, keys: list[Any]) -> list[Any]:
        """Of `keys`, those to ask for: a row held inside a savepoint since taken back is free."""
        around = list(connection.savepoint_ids)
        known = {key: self.rows[label, key] for key in keys if (label, key) in self.rows}
        if len(known) < len(keys):
            self._keep_order(label)
        lacking = [key for key in keys if key not in known or not _within(known[key], around)]
        self.rows |= {(label, key): around for key in lacking}
        return lacking

    def _keep_order(self, label: str) -> None:
        if label in ANYWHERE:
            return
        place = _PLACE[label]
        if place < self.place:
            said = f"{label} is held after {ORDER[self.place]}"
            if strict:
                raise WrongOrder(said)
            logger.error(said)
        self.place = max(self.place, place)


def _within(inner: list[Any], around: list[Any]) -> bool:
    return around[: len(inner)] == inner


def _held() -> _Held:
    known: _Held | None = getattr(connection, "explor_held", None)
    current = _transaction()
    if known is None or known.transaction is not current:
        known = _Held(current)
        connection.explor_held = known  # type: ignore[attr-defined]
    return known


def _transaction() -> object:
    """What is the same object as long as a transaction lasts; in a test that is rolled back, as
    long as an act does."""
    blocks: list[Any] = connection.atomic_blocks
    if around := sum(block._from_testcase for block in blocks):
        inside: list[Any] = connection.savepoint_ids[around - 1 :]
        return inside[0] if inside else object()
    return connection.run_on_commit
