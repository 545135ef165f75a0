"""Submitting a request, and the receipt that says what was submitted."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.documents.actions import keep_bytes
from explor.documents.pdf import render_pdf
from explor.handing import hand_over
from explor.locking import lock_row
from explor.notifications.actions import announce, announce_to_address
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from explor.ui.html import day
from missions.dossier.actions import advance, lock
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.lifecycle import State
from missions.request.actions import refresh_missing
from missions.request.confirming import check_confirmed
from missions.request.freezing import content_of, digest_of
from missions.request.models import Confirmation, ConfirmationAnswer, Receipt

PRINT = "missions.request.tasks.print_receipt"
PATIENCE = timedelta(minutes=1)
NEXT_STEP = (
    "La coordination de votre territoire lit la demande et vous écrit. Vous pouvez encore la "
    "corriger jusqu’au début de son étude\u00a0; le comité décide ensuite."
)


@transaction.atomic
def submit_request(mission: Mission, *, actor: User | None) -> Receipt:
    """Submit, once: sent again, the answer is the same receipt.

    Raises `PermissionDenied`, `Refusal` naming everything that is missing.
    """
    mission = lock(mission)
    require(actor, "missions.submit", mission)
    if mission.state == State.DRAFT:
        refresh_missing(mission, actor=actor)
        check_confirmed(mission, actor=actor)
        advance(mission, "submit", actor=actor)
    receipt = Receipt.objects.filter(mission=mission).first()
    if receipt is None:
        raise Refusal(
            "Cette demande a été déposée autrement qu’ici\u00a0: elle n’a pas de récépissé."
        )
    return receipt


@step
def issue_receipt(mission: Mission, source: str, actor: User | None) -> None:
    """Freeze what is submitted, whatever the door by which it is; tells the association.

    An effect of the change of state (`dossier.effects`).
    """
    if mission.state != State.SUBMITTED or source != State.DRAFT:
        return
    earlier = Receipt.objects.filter(mission=mission).count()
    number = f"R-{mission.reference}" + (f"-{earlier + 1}" if earlier else "")
    now = clock.now()
    content = content_of(mission) | {
        "number": number,
        "issued_at": now.isoformat(),
        "submitted_by": str(actor or "Explor"),
        "confirmed_by": _confirmed_by(mission),
        "next_step": NEXT_STEP,
        "contact": [
            [str(person), person.email] for person in people_on(mission, OwnerRole.COORDINATOR)
        ],
    }
    receipt = Receipt.objects.create(
        mission=mission,
        number=number,
        content=content,
        sha256=digest_of(content),
        issued_at=now,
        issued_to=actor,
    )
    transaction.on_commit(lambda: hand_over(PRINT, [receipt.pk]))
    _tell_association(receipt)


def hand_over_unprinted() -> int:
    """Give again to the workers what they should have printed by now."""
    late = Receipt.objects.filter(file=None, issued_at__lt=clock.now() - PATIENCE)
    return len(hand_over(PRINT, late.order_by("pk").values_list("pk", flat=True)[:50]))


def keep_receipt_file(receipt: Receipt) -> Receipt:
    """Make the PDF of the receipt, once, and keep it with its own SHA-256."""
    if receipt.file_id is not None:
        return receipt
    data = receipt_pdf(receipt)
    with transaction.atomic():
        row = lock_row(Receipt.objects.select_related("mission"), receipt.pk)
        if row.file_id is None:
            row.file = keep_bytes(
                data,
                name=receipt_name(row),
                content_type="application/pdf",
                actor=None,
                target=row.mission,
                permission="missions.view_receipt",
            )
            row.save(update_fields=["file"])
    return row


def receipt_name(receipt: Receipt) -> str:
    return f"{receipt.number}.pdf"


def receipt_pdf(receipt: Receipt) -> bytes:
    return render_pdf(
        "pdf/request_receipt.html",
        {
            "receipt": receipt,
            "content": receipt.content,
            "issued_on": timezone.localdate(receipt.issued_at),
        },
        title=f"Récépissé de dépôt {receipt.number}",
    )


def _confirmed_by(mission: Mission) -> str:
    row = (
        Confirmation.objects.filter(mission=mission, answer=ConfirmationAnswer.OURS)
        .order_by("-answered_at")
        .first()
    )
    return row.name if row is not None and mission.typed_on_behalf else ""


def _tell_association(receipt: Receipt) -> None:
    """Who submits receives it too: it is their proof."""
    mission = receipt.mission
    people = people_on(mission, OwnerRole.OSIM)
    subject = f"Récépissé {receipt.number}\u00a0: demande déposée"
    text = (
        f"La demande «\u00a0{mission.title}\u00a0» est déposée le "
        f"{day(timezone.localdate(receipt.issued_at))} sous le numéro {mission.reference}. "
        f"Le récépissé {receipt.number} en est la preuve.\n\n{NEXT_STEP}"
    )
    url = reverse("request_receipt", args=[mission.reference])
    announce(
        Event.REQUEST_RECEIPT,
        recipients=people,
        subject=subject,
        text=text,
        url=url,
        key=receipt.number,
        button="Voir le récépissé",
    )
    address = _address_without_account(receipt, {person.email for person in people})
    if address is not None:
        announce_to_address(
            Event.REQUEST_RECEIPT,
            email=address.email,
            name=address.name,
            subject=subject,
            text=text,
            url=url,
            key=receipt.number,
        )


def _address_without_account(receipt: Receipt, known: set[str]) -> Confirmation | None:
    """Who confirmed by mail for an association that has no account yet."""
    if not receipt.mission.typed_on_behalf:
        return None
    rows = Confirmation.objects.filter(mission=receipt.mission, answer=ConfirmationAnswer.OURS)
    row = rows.order_by("-answered_at").first()
    return row if row is not None and row.email not in known else None
