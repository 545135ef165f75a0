from celery import shared_task

from missions.review.models import ReviewSheet
from missions.review.sheet_actions import print_sheet


@shared_task
def print_review_sheet(sheet_id: int) -> None:
    """Once the request is at the committee; the second time finds the file there."""
    print_sheet(ReviewSheet.objects.get(pk=sheet_id))
