"""What may be written to a log: no secret, nothing a person typed.

A path is told by its route, with numbers and references alone; an error by its kind and the lines
of code, never by its message, which may hold what somebody wrote.
"""

import logging
import re
import smtplib
import traceback
from collections.abc import Iterator
from copy import copy
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import Resolver404, URLPattern, get_resolver, resolve

#: what of a path may be read: neither typed nor secret
TOLD = frozenset({"int", "uuid", "reference"})
HIDDEN = "*"
#: where the way in is a secret in the path, for texts that others wrote (see `tests/test_logs.py`)
SECRET_PATHS = (
    "agenda/",
    "api/courrier/",
    "avis/lien/",
    "compte/password/reset/key/",
    "confirmer-une-demande/",
    "invitation/",
    "messages/arreter/",
)
_PART = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_SECRET = re.compile(rf"((?:{'|'.join(map(re.escape, SECRET_PATHS))}))[^\s'\"<>?]+")
_QUERY = re.compile(r"\?[^\s'\"<>]*=[^\s'\"<>]*")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: their first line tells which part does not answer, and nothing else
_TOLD_ERRORS = ("OperationalError", "InterfaceError", "ConnectionError", "TimeoutError")


def told_path(path: str) -> str:
    """The route of a path of the site, without its secrets, names and words."""
    if path.startswith(settings.STATIC_URL):
        return path
    try:
        match = resolve(path)
    except Resolver404:
        first = path.strip("/").partition("/")[0]
        return f"/{first}/{HIDDEN}" if first in _first_parts() else f"/{HIDDEN}"
    if "(?P" in match.route:
        return "/" + re.sub(r"[\^\\]", "", match.route.partition("(?P")[0]) + HIDDEN
    values = match.kwargs

    def told(part: re.Match[str]) -> str:
        return str(values[part["name"]]) if part["converter"] in TOLD else HIDDEN

    return "/" + _PART.sub(told, match.route)


@cache
def _first_parts() -> frozenset[str]:
    return frozenset(route.partition("/")[0] for route in _routes() if "/" in route)


def _routes(patterns: Any = None, before: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern.url_patterns, route)


def told_error(error: BaseException) -> str:
    """The kind of an error, with its code; of an outage, the line that says which part."""
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    if kind.__name__ in _TOLD_ERRORS:
        return f"{name}: {hide(str(error).partition(chr(10))[0])}"
    codes = [getattr(error, "sqlstate", None)]
    if isinstance(error, smtplib.SMTPResponseException):
        codes.append(error.smtp_code)
    elif isinstance(error, OSError):
        codes.append(error.strerror)
    said = ", ".join(str(code) for code in codes if code)
    return f"{name}: {said}" if said else name


def told_trace(error: BaseException) -> str:
    """The lines of code that led there, the first cause first."""
    parts, seen = [], set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        parts.append("".join(traceback.format_tb(step.__traceback__)) + told_error(step))
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return "\n".join(reversed(parts))


def hide(text: str) -> str:
    """The net under what others write: secrets of known addresses, searches, e-mail addresses."""
    return _ADDRESS.sub(HIDDEN, _QUERY.sub(f"?{HIDDEN}", _SECRET.sub(rf"\1{HIDDEN}", text)))


class PrivateFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told = copy(record)
        told.exc_text = None
        told.args = _told_args(record)
        if isinstance(record.msg, BaseException):
            told.msg = told_error(record.msg)
        return hide(super().format(told))

    def formatException(self, ei: Any) -> str:
        return told_trace(ei[1])


def _told_args(record: logging.LogRecord) -> Any:
    args = record.args
    if isinstance(args, dict):
        return {name: _told_arg(name, value, record) for name, value in args.items()}
    return tuple(_told_arg("", value, record) for value in args) if args else args


def _told_arg(name: str, value: Any, record: logging.LogRecord) -> Any:
    """`exc` and `traceback` are Celery's, written already with the message of the error."""
    if name in {"exc", "traceback"}:
        error = record.exc_info[1] if record.exc_info else None
        return told_error(error) if name == "exc" and error else ""
    if isinstance(value, BaseException):
        return told_error(value)
    request = getattr(record, "request", None)
    path = getattr(request, "path", None)
    return told_path(value) if path and value == path else value
