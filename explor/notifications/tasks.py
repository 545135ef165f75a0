from celery import shared_task

from explor import clock
from explor.accounts.models import User
from explor.each import each
from explor.notifications import actions, digest, reminders
from explor.notifications.delivery import deliver


@shared_task
def deliver_mail(mail_id: int) -> bool:
    """Send one mail; delivered twice, the second call finds it claimed and leaves."""
    return deliver(mail_id)


@shared_task
def hand_over_outbox() -> int:
    """Every 30 s: mails the broker never took, put back, or left by a dead worker."""
    return actions.hand_over_waiting()


@shared_task
def remind() -> int:
    """Every morning, before the digests: what is due, late or asleep. Each thing is told once."""
    return reminders.send_reminders(clock.today())


@shared_task
def write_digests() -> int:
    """From 7 o'clock: one digest a person and a day, however often the task runs."""
    today = clock.today()
    if clock.now() < digest.opening(today):
        return 0
    people = User.objects.filter(pk__in=digest.readers_waiting(today)).order_by("pk")
    written = each("digests", people, lambda person: digest.write_digest(person, today))
    return sum(row is not None for row in written)
