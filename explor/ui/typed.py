"""What somebody had typed, so that an error page can give it back."""

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import UnreadablePostError

SILENT = {"csrfmiddlewaretoken", "token", "version", "next"}
SECRET = re.compile(r"pass|secret|otp|recovery|^code$", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """`fields` are shown; `hidden` only travel with a new attempt."""

    fields: list[tuple[str, str]]
    hidden: list[tuple[str, str]]
    files: list[str]

    def __bool__(self) -> bool:
        return bool(self.fields or self.files)


def typed_text(request: HttpRequest) -> Typed:
    """The text of a refused POST; passwords and codes are never shown again."""
    fields: list[tuple[str, str]] = []
    hidden: list[tuple[str, str]] = []
    if request.method != "POST":
        return Typed([], [], [])
    try:
        posted = list(request.POST.lists())
        files = [file.name or "" for _, many in request.FILES.lists() for file in many]
    except (UnreadablePostError, OSError):
        return Typed([], [], [])
    for name, values in posted:
        if SECRET.search(name) and name not in SILENT:
            continue
        kept = hidden if name in SILENT else fields
        kept.extend((name, value) for value in values if value)
    return Typed(fields, hidden, files)
