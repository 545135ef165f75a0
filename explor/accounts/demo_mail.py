"""The mails that the demonstration writes, read from their folder: nothing leaves for real."""

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings

BETWEEN = b"\n" + b"-" * 79 + b"\n"
FILES = "django.core.mail.backends.filebased.EmailBackend"
SHOWN = 30


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    at: datetime | None
    text: str


def is_kept_here() -> bool:
    return bool(settings.EMAIL_BACKEND == FILES)


def letters() -> list[Letter]:
    """The last ones, the latest first."""
    folder = Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set by EMAIL_URL
    # by the moment of writing: the names tell the second only
    paths = sorted(folder.glob("*.log"), key=lambda path: -path.stat().st_mtime_ns)[:SHOWN]
    return [letter for path in paths for letter in _in_file(path)][:SHOWN]


def _in_file(path: Path) -> list[Letter]:
    pieces = [piece for piece in path.read_bytes().split(BETWEEN) if piece.strip()]
    return [_letter(email.message_from_bytes(piece, policy=default)) for piece in reversed(pieces)]


def _letter(message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    date = message["Date"]
    return Letter(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        at=date.datetime if date else None,
        text=str(body.get_content()).strip() if body else "",
    )
