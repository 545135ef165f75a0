"""The signed address where one person answers one conversation by mail.

`reponse+<key>@<INBOUND_DOMAIN>`: the key holds the conversation, the person and the last day,
signed with the secret key of the site. Lower case letters and digits only, since some servers
change the case; short enough for the 64 characters a mailbox name may have.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from explor import clock
from explor.accounts.models import User
from missions.threads.models import Thread

MAILBOX = "reponse"
VALID_DAYS = 90
_SALT = "missions.threads.replies"
_FORMAT = ">IIH"  # conversation, person, last day
_SIGNATURE = 16  # bytes
_EPOCH = date(2020, 1, 1)


class Forged(ValueError):
    """A key we did not write."""


@dataclass(frozen=True)
class ReplyKey:
    thread_id: int
    person_id: int
    last_day: date

    @property
    def is_over(self) -> bool:
        return clock.today() > self.last_day


def reply_address(thread: Thread, person: User) -> str:
    """Where `person` may answer for 90 days; empty when no mail comes in to this site."""
    if not settings.INBOUND_DOMAIN:
        return ""
    last = clock.today() + timedelta(days=VALID_DAYS)
    body = struct.pack(_FORMAT, thread.pk, person.pk, (last - _EPOCH).days)
    return f"{MAILBOX}+{_written(body + _sign(body))}@{settings.INBOUND_DOMAIN}"


def _written(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()


def read_reply_address(address: str) -> ReplyKey:
    """Raises `Forged` for any address that is not one of ours."""
    mailbox, _, domain = address.strip().lower().rpartition("@")
    name, plus, key = mailbox.partition("+")
    if name != MAILBOX or not plus or domain != settings.INBOUND_DOMAIN.lower():
        raise Forged("not an address of ours")
    try:
        data = base64.b32decode(key.upper() + "=" * (-len(key) % 8))
    except (binascii.Error, ValueError) as error:
        raise Forged("not a key") from error
    if _written(data) != key:
        raise Forged("two writings of one key")
    size = struct.calcsize(_FORMAT)
    body, signature = data[:size], data[size:]
    if len(signature) != _SIGNATURE or not constant_time_compare(
        signature.hex(), _sign(body).hex()
    ):
        raise Forged("wrong signature")
    thread_id, person_id, days = struct.unpack(_FORMAT, body)
    return ReplyKey(thread_id, person_id, _EPOCH + timedelta(days=days))


def _sign(body: bytes) -> bytes:
    return salted_hmac(_SALT, body, algorithm="sha256").digest()[:_SIGNATURE]
