from celery import shared_task

from explor.notifications import actions
from explor.notifications.delivery import deliver


@shared_task
def deliver_mail(mail_id: int) -> bool:
    """Send one mail; delivered twice, the second call finds it claimed and leaves."""
    return deliver(mail_id)


@shared_task
def hand_over_outbox() -> int:
    """Every 30 s: mails the broker never took, put back, or left by a dead worker."""
    return actions.hand_over_waiting()
