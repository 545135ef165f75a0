"""What somebody had typed, so that an error page can give it back."""

import re
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from explor.ui.labels import label_of

SILENT = {"csrfmiddlewaretoken", "token", "version", "next", "bases", "go", "choice"}
SECRET = re.compile(r"pass|secret|otp|recovery|^code$", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """`label` is the French one of its form, or « » when none is known."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Typed:
    """`fields` are shown; `hidden` only travel with a new attempt."""

    fields: list[Answer]
    hidden: list[tuple[str, str]]
    files: list[str]

    def __bool__(self) -> bool:
        return bool(self.fields or self.files)


def typed_text(request: HttpRequest) -> Typed:
    """The text of a refused POST; passwords and codes are never shown again."""
    fields: list[Answer] = []
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
        if name in SILENT:
            hidden.extend((name, value) for value in values if value)
        else:
            label = label_of(name, _module(request))
            fields.extend(Answer(name, label, value) for value in values if value)
    return Typed(fields, hidden, files)


def _module(request: HttpRequest) -> str:
    """Where the view lives, when the address was resolved before things went wrong."""
    match = request.resolver_match
    return getattr(match.func, "__module__", "") if match is not None else ""
