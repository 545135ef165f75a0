from celery import shared_task

from capitalisation.committee.actions import freeze_last_months
from explor import clock


@shared_task
def freeze_months() -> int:
    """Every morning: the month before, once it is over; the second time finds nothing to do."""
    return freeze_last_months(today=clock.today())
