from celery import shared_task

from missions.review.models import ReviewSheet
from missions.review.sheet_actions import hand_over_unprinted, print_sheet


@shared_task
def print_review_sheet(sheet_id: int) -> None:
    """Once the request is at the committee; the second time finds the file there."""
    print_sheet(ReviewSheet.objects.get(pk=sheet_id))


@shared_task
def hand_over_sheets() -> int:
    """Every minute: sheets frozen and not printed, whose message was lost."""
    return hand_over_unprinted()
