"""The mail itself: short, plain, one button, why it came and how to stop it."""

from email.utils import formataddr, parseaddr
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from explor.notifications.events import Event
from explor.notifications.models import OutboxMail

SALT = "explor.notifications.stop"
#: What is below this line, in an answer by mail, is the mail answered to.
REPLY_ABOVE = "Pour répondre, écrivez au-dessus de cette ligne."


def stop_key(user_id: int, event: str) -> str:
    """What the address of « ne plus recevoir » carries; forging one needs the secret key."""
    return signing.dumps([user_id, event], salt=SALT)


def read_stop_key(key: str) -> tuple[int, Event]:
    """Raises signing.BadSignature for a key we did not write."""
    user_id, event = signing.loads(key, salt=SALT)
    return user_id, Event(event)


def build_mail(mail: OutboxMail) -> EmailMultiAlternatives:
    """Text and HTML say the same. The Message-ID is stable: a mail program that gets the
    same mail twice, after a crash between sending and noting it, shows it once."""
    event = Event(mail.event)
    stop_url = ""
    if mail.recipient_id is not None and event.can_be_stopped:
        path = reverse("mail_stop", args=[stop_key(mail.recipient_id, event)])
        stop_url = urljoin(settings.SITE_URL, path)
    context: dict[str, Any] = {
        "mail": mail,
        "reason": event.reason,
        "url": urljoin(settings.SITE_URL, mail.url),
        "stop_url": stop_url,
        "settings_url": urljoin(settings.SITE_URL, reverse("inbox_settings")),
        "site": urljoin(settings.SITE_URL, "/"),
        "sections": _whole_addresses(mail.sections),
        "above": REPLY_ABOVE if mail.reply_to else "",
    }
    message = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=render_to_string("mail/notice.txt", context),
        from_email=_sender(mail),
        to=[mail.to_email],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail, stop_url),
    )
    message.attach_alternative(render_to_string("mail/notice.html", context), "text/html")
    return message


def _whole_addresses(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def whole(line: dict[str, str]) -> dict[str, str]:
        return {**line, "url": line["url"] and urljoin(settings.SITE_URL, line["url"])}

    return [{**row, "lines": [whole(line) for line in row["lines"]]} for row in sections]


def _sender(mail: OutboxMail) -> str | None:
    """The name of who wrote, and the address of the site: another address would look forged."""
    if not mail.from_name:
        return None
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((f"{' '.join(mail.from_name.split())} · Explor", address))


def _headers(mail: OutboxMail, stop_url: str) -> dict[str, str]:
    headers = {"Message-ID": f"<{mail.uuid}@explor>", "Auto-Submitted": "auto-generated"}
    if mail.conversation:
        headers["In-Reply-To"] = headers["References"] = f"<{mail.conversation}@explor>"
    if stop_url:
        headers["List-Unsubscribe"] = f"<{stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
