"""All that a person can read of the site: every page, list, file, feed and message."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from uuid import UUID
from zipfile import ZipFile, is_zipfile

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.html import strip_tags

from explor import clock
from explor.accounts.models import User
from explor.documents.models import StoredFile
from explor.notifications.actions import open_calendar
from explor.notifications.digest import _SOURCES, Section
from explor.notifications.models import Notice, OutboxMail
from missions.dossier.models import Mission

MOST = 400
#: Leaves the session, or is made afresh each time it is read.
LEFT_OUT = re.compile(
    r"^/(compte/|reglages/style/|hors-ligne\.js|demo/|healthz|static/)|\.pdf$|/pdf/$"
)
_HREF = re.compile(r'(?:href|hx-get|src)="(/[^"#]*)')
_SECRETS = re.compile(
    r'(name="csrfmiddlewaretoken" value|name="token" value|data-session|nonce)="[^"]*"'
    r"|\breason-[0-9a-f]{8}\b"
    r'|"csrf": "\w+"|/agenda/[\w-]+\.ics'
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern


def addresses(mission: Mission) -> list[str]:
    """Every address that takes nothing, or nothing but the reference of a mission."""
    found = []
    for pattern in _patterns():
        wanted = set(pattern.pattern.converters)
        if pattern.name and wanted <= {"reference"}:
            try:
                found.append(reverse(pattern.name, args=[mission.reference] if wanted else []))
            except NoReverseMatch:
                continue
    searched = [f"?q={mission.reference}", "?etat=committee", "?etat=matching", "?etat=declined"]
    lists = [f"/missions/{tail}" for tail in searched]
    return [*found, *lists, "/missions/?vue=toutes", "/missions/tableur/?vue=toutes"]


def pages_of(user: User, mission: Mission) -> dict[str, str]:
    """Address → what is read there, following links; a refusal reads « 404 »."""
    client = signed_in(user)
    waiting = deque(addresses(mission))
    found: dict[str, str] = {}
    while waiting and len(found) < MOST:
        path = waiting.popleft()
        if path in found or LEFT_OUT.search(urlsplit(path).path):
            continue
        answer = client.get(path)
        body = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code != 200:
            found[path] = f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
            continue
        if is_zipfile(BytesIO(body)):
            found[path] = "\n".join(_parts(body))
            continue
        text = body.decode("utf-8", "replace")
        found[path] = _said(text)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting.extend(urljoin(path, unescape(link)) for link in _HREF.findall(text))
    return found


def _parts(body: bytes) -> list[str]:
    """The words of a spreadsheet; its properties carry the moment it was made."""
    with ZipFile(BytesIO(body)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("docProps")]
        return [archive.read(name).decode("utf-8", "replace") for name in names]


def _said(text: str) -> str:
    return _UUID.sub("…", _SECRETS.sub("", text))


def words_of(user: User, mission: Mission) -> dict[str, str]:
    """All of it: pages, calendar, notices, mails, digest, files."""
    address = open_calendar(actor=user)  # the page of settings shows that there is one
    found = pages_of(user, mission)
    client = signed_in(user)
    calendar = client.get(reverse("agenda", args=[address.secret])).content.decode()
    # the marks of time of the feed itself
    found["calendar"] = re.sub(r"(DTSTAMP|LAST-MODIFIED|CREATED):\S+", "", calendar)
    found["notices"] = "\n".join(
        f"{row.subject} {row.text}" for row in Notice.objects.filter(recipient=user).order_by("pk")
    )
    mails = OutboxMail.objects.filter(to_email__iexact=user.email).order_by("pk")
    found["mails"] = "\n".join(f"{row.subject} {row.text} {row.sections}" for row in mails)
    found["digest"] = "\n".join(_digest(user))
    found["files"] = " ".join(_opened(client, uuid) for uuid in _files())
    return found


def _opened(client: Client, uuid: UUID) -> str:
    answer = client.get(f"/fichiers/{uuid}/")
    if answer.streaming:
        b"".join(answer)
    return str(answer.status_code)


def _files() -> list[UUID]:
    return list(StoredFile.objects.order_by("pk").values_list("uuid", flat=True))


def _digest(user: User) -> Iterator[str]:
    for source in _SOURCES.values():
        sections: list[Section] = list(source(user, clock.today()))
        for section in sections:
            yield from (f"{section.title} {line.text}" for line in section.lines)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(strip_tags(text)))
