"""Recording what a mission orders and pays, with its receipt."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.accounts.sending import sent_before
from explor.documents.actions import delete_file, store_file
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.ui.errors import Refusal, Stale
from missions.audiences import AMOUNTS
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.funding.models import Expense, ExpenseState
from missions.funding.money import Currency, figure, fits, parity, rates, written

RECORD_EXPENSE = Verb("funding.record_expense", AMOUNTS)
CHANGE_EXPENSE = Verb("funding.change_expense", AMOUNTS)
REMOVE_EXPENSE = Verb("funding.remove_expense", AMOUNTS)

#: What a person writes of an expense; `rate` may be left empty for a currency of fixed parity.
WORDS = ("heading", "label", "state", "dated", "amount", "currency", "rate")


@transaction.atomic
def record_expense(
    mission: Mission,
    words: Mapping[str, Any],
    *,
    actor: User | None,
    receipt: "UploadedFile[bytes] | None" = None,
    token: UUID | None = None,
) -> Expense:
    """A new expense (`words` by the names of `WORDS`). The same `token` is the same expense.

    Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(mission)
    require(actor, "missions.record_expense", mission)
    token = token or uuid4()
    if known := sent_before(Expense.objects.all(), token, actor=actor, mission=mission):
        return known
    row = Expense(token=token, mission=mission, recorded_by=actor, recorded_at=clock.now())
    return _write(row, words, receipt, actor, RECORD_EXPENSE, "Dépense notée")


@transaction.atomic
def change_expense(
    expense: Expense,
    words: Mapping[str, Any],
    *,
    actor: User | None,
    receipt: "UploadedFile[bytes] | None" = None,
    version: int | None = None,
) -> Expense:
    """The receipt stays when no other is given. Raises `PermissionDenied`, `Stale`, `Refusal`."""
    row = _lock(expense, actor)
    if version is not None and version != row.version:
        raise Stale(row.version)
    row.version += 1
    return _write(row, words, receipt, actor, CHANGE_EXPENSE, "Dépense modifiée")


@transaction.atomic
def remove_expense(expense: Expense, *, reason: str, actor: User | None) -> None:
    """Take away an expense noted by mistake, and its receipt; its trace stays.

    Raises `PermissionDenied`, `Refusal`.
    """
    row = _lock(expense, actor)
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    _tell(row, actor, REMOVE_EXPENSE, "Dépense retirée", reason.strip())
    receipt = row.receipt
    row.delete()
    if receipt is not None:
        delete_file(receipt, actor=None)


def _write(
    row: Expense,
    words: Mapping[str, Any],
    receipt: "UploadedFile[bytes] | None",
    actor: User | None,
    verb: Verb,
    what: str,
) -> Expense:
    for name in WORDS:
        if name in words:
            setattr(row, name, words[name])
    if row.currency == Currency.EUR or not words.get("rate", row.rate):
        row.rate = parity(row.currency)
    _check_words(row)
    _check_rate(row)
    if receipt is not None:
        row.receipt = store_file(
            receipt,
            name=receipt.name or "justificatif",
            actor=None,  # nobody owns it: who loses their rights on the mission loses the file
            target=row.mission,
            permission="missions.view_funding",
        )
    row.save()
    _tell(row, actor, verb, what)
    return row


def _check_rate(row: Expense) -> None:
    """Raises `Refusal`."""
    low, high = rates(row.currency)
    if not low <= row.rate <= high:
        raise Refusal(
            f"Ce taux ne peut pas être le bon\u00a0: un euro vaut toujours "
            f"{figure(parity(row.currency))}\u00a0francs. Laissez le taux vide, ou écrivez celui "
            f"du reçu du bureau de change (entre {figure(low)} et {figure(high)})."
        )


def _check_words(row: Expense) -> None:
    """What the columns and constraints of the row say, in French, all at once."""
    row.label = row.label.strip()
    try:
        row.full_clean(exclude=["mission", "recorded_by", "receipt", "token"])
    except ValidationError as error:
        raise Refusal(error.messages) from error
    if not fits(row.amount, row.currency):
        raise Refusal("Le franc CFA n’a pas de centimes : écrivez un nombre entier.")
    if row.state == ExpenseState.SPENT and row.dated > clock.today():
        raise Refusal("Une dépense payée ne porte pas une date à venir.")


def _lock(expense: Expense, actor: User | None) -> Expense:
    mission = lock(expense.mission)
    require(actor, "missions.record_expense", mission)
    row = lock_row(Expense.objects.select_related("receipt"), expense.pk)
    row.mission = mission
    return row


def _tell(row: Expense, actor: User | None, verb: Verb, what: str, reason: str = "") -> None:
    record(
        row.mission.stream,
        verb,
        f"{what} : {written(row.money)}, « {row.label} ».",
        actor=actor,
        reason=reason,
        data={"expense": str(row.token), "heading": row.heading, "rate": str(row.rate)},
    )
