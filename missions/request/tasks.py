from celery import shared_task

from missions.request.models import Receipt
from missions.request.submitting import hand_over_unprinted, keep_receipt_file


@shared_task
def print_receipt(receipt_id: int) -> None:
    """Once the request is submitted; the second time finds the file there."""
    keep_receipt_file(Receipt.objects.get(pk=receipt_id))


@shared_task
def hand_over_receipts() -> int:
    """Every minute: receipts issued and not printed, whose message was lost."""
    return hand_over_unprinted()
