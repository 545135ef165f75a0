"""Send one mail of the outbox, once, with back-off when the mail server refuses."""

import logging
from datetime import timedelta

from explor import clock
from explor.notifications.actions import claim_mail
from explor.notifications.mails import build_mail
from explor.notifications.models import MailState, OutboxMail

logger = logging.getLogger(__name__)

BACK_OFF_MINUTES = (1, 5, 30, 120, 480)


def deliver(mail_id: int) -> bool:
    """True when this call sent the mail; False when it was sent, is in other hands or failed."""
    mail = claim_mail(mail_id)
    if mail is None:
        return False
    try:
        build_mail(mail).send()
    except Exception as error:
        logger.warning("mail %s not sent (attempt %s): %s", mail.pk, mail.attempts + 1, error)
        put_back(mail, str(error))
        return False
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=MailState.SENT, sent_at=clock.now(), attempts=mail.attempts + 1, error=""
    )
    return True


def put_back(mail: OutboxMail, error: str) -> None:
    """Wait longer after each refusal; after the last, the mail is « Non remis »."""
    attempts = mail.attempts + 1
    over = attempts > len(BACK_OFF_MINUTES)
    pause = timedelta(minutes=BACK_OFF_MINUTES[min(attempts, len(BACK_OFF_MINUTES)) - 1])
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if over else MailState.PENDING,
        attempts=attempts,
        claimed_at=None,
        not_before=clock.now() + pause,
        error=error[:2000],
    )
