"""Planning, changing, paying and cancelling the instalments of what is committed."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row, lock_rows
from explor.ui.errors import Refusal, Stale
from missions.acts import check_when
from missions.audiences import AMOUNTS_AFTER_LETTER
from missions.dossier.actions import lock
from missions.dossier.models import Mission
from missions.funding.envelope_models import (
    Commitment,
    CommitmentState,
    Instalment,
    InstalmentState,
)
from missions.funding.money import euros

PLAN_INSTALMENT = Verb("funding.plan_instalment", AMOUNTS_AFTER_LETTER)
CHANGE_INSTALMENT = Verb("funding.change_instalment", AMOUNTS_AFTER_LETTER)
PAY_INSTALMENT = Verb("funding.pay_instalment", AMOUNTS_AFTER_LETTER)
CANCEL_INSTALMENT = Verb("funding.cancel_instalment", AMOUNTS_AFTER_LETTER)


@transaction.atomic
def plan_instalment(
    mission: Mission,
    *,
    label: str,
    due_on: date,
    amount: Decimal,
    actor: User | None,
    token: UUID | None = None,
) -> Instalment:
    """A payment to come out of what the mission holds. The same `token` is the same instalment.

    Raises `PermissionDenied`, `Refusal`: nothing committed, or the schedule would pass over it.
    """
    mission = lock(mission)
    require(actor, "missions.pay", mission)
    check_when("pay", mission.state)
    token = token or uuid4()
    rows = Instalment.objects.filter(commitment__mission=mission)
    if known := sent_before(rows, token, actor=actor):
        return known
    commitment = _held(mission)
    _check_room(commitment, commitment.scheduled + amount, amount)
    row = Instalment.objects.create(
        token=token,
        commitment=commitment,
        label=label.strip()[:200],
        due_on=due_on,
        amount=amount,
        recorded_by=actor,
    )
    _tell(mission, row, actor, PLAN_INSTALMENT, "Versement prévu")
    return row


@transaction.atomic
def change_instalment(
    instalment: Instalment,
    *,
    label: str,
    due_on: date,
    amount: Decimal,
    version: int | None,
    actor: User | None,
) -> Instalment:
    """Another condition, day or amount for a payment still to come.

    Raises `PermissionDenied`, `Stale`, `Refusal`.
    """
    mission, row = _lock_both(instalment, actor)
    if version is not None and version != row.version:
        raise Stale(row.version)
    _check_planned(row)
    commitment = _held(mission)
    _check_room(commitment, commitment.scheduled - row.amount + amount, amount)
    row.label, row.due_on, row.amount = label.strip()[:200], due_on, amount
    row.version += 1
    row.save(update_fields=["label", "due_on", "amount", "version"])
    _tell(mission, row, actor, CHANGE_INSTALMENT, "Versement modifié")
    return row


@transaction.atomic
def pay_instalment(
    instalment: Instalment,
    *,
    paid_on: date,
    reference: str,
    actor: User | None,
    version: int | None = None,
) -> Instalment:
    """Note that the payment was made. Raises `PermissionDenied`, `Stale`, `Refusal`."""
    mission, row = _lock_both(instalment, actor)
    _check_planned(row)
    if version is not None and version != row.version:
        raise Stale(row.version)
    if not reference.strip():
        raise Refusal("Donnez la référence du virement.")
    if paid_on > clock.today():
        raise Refusal("Un versement fait ne porte pas une date à venir.")
    row.state, row.paid_on = InstalmentState.PAID.value, paid_on
    row.paid_reference = reference.strip()[:80]
    row.version += 1
    row.save(update_fields=["state", "paid_on", "paid_reference", "version"])
    _tell(mission, row, actor, PAY_INSTALMENT, "Versement fait")
    return row


@transaction.atomic
def cancel_instalment(instalment: Instalment, *, reason: str, actor: User | None) -> Instalment:
    """A payment that will not be made. Raises `PermissionDenied`, `Refusal`."""
    mission, row = _lock_both(instalment, actor)
    _check_planned(row)
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    row.state = InstalmentState.CANCELLED.value
    row.version += 1
    row.save(update_fields=["state", "version"])
    _tell(mission, row, actor, CANCEL_INSTALMENT, "Versement annulé", reason.strip())
    return row


@step
def cancel_planned(commitment: Commitment) -> None:
    """No payment to come is left on what is given back; the caller tells it."""
    Instalment.objects.filter(commitment=commitment, state=InstalmentState.PLANNED).update(
        state=InstalmentState.CANCELLED, version=F("version") + 1
    )


def _lock_both(instalment: Instalment, actor: User | None) -> tuple[Mission, Instalment]:
    mission = lock(instalment.commitment.mission)
    require(actor, "missions.pay", mission)
    check_when("pay", mission.state)
    lock_row(Commitment.objects.all(), instalment.commitment_id)
    return mission, lock_row(Instalment.objects.select_related("commitment"), instalment.pk)


def _held(mission: Mission) -> Commitment:
    rows = lock_rows(Commitment.objects.filter(mission=mission, state=CommitmentState.HELD))
    if not rows:
        raise Refusal("Aucun montant n’est engagé pour cette mission.")
    return rows[0]


def _check_room(commitment: Commitment, scheduled: Decimal, amount: Decimal) -> None:
    if amount <= 0:
        raise Refusal("Le montant d’un versement est supérieur à zéro.")
    if scheduled > commitment.drawn:
        raise Refusal(
            f"L’échéancier passerait à {euros(scheduled)} : "
            f"la décision engage {euros(commitment.drawn)}."
        )


def _check_planned(row: Instalment) -> None:
    if row.state != InstalmentState.PLANNED:
        raise Refusal(f"Ce versement est « {row.get_state_display().lower()} ».")


def _tell(
    mission: Mission, row: Instalment, actor: User | None, verb: Verb, what: str, reason: str = ""
) -> None:
    record(
        mission.stream,
        verb,
        f"{what} : {euros(row.amount)}, « {row.label} ».",
        actor=actor,
        reason=reason,
        data={"instalment": str(row.token), "reference": row.paid_reference},
    )
