"""No secret and nothing a person typed reaches a log, of ours or of the servers."""

import http.client
import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from _pytest.logging import LogCaptureFixture
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from kombu import Connection
from pghistory.models import Context

from explor import clock
from explor.accounts.models import Invitation, User
from explor.celery import app
from explor.logs import SECRET_PATHS, TOLD, PrivateFormatter, told_path
from explor.notifications.events import Event
from explor.notifications.models import MailState, OutboxMail
from tests.ground import Ground, make_ground
from tests.role_rows import ROWS

Ready = Callable[[], "Servers"]
ROOT = Path(__file__).resolve().parent.parent
WORD = "Zsiphoracle"
SECRET_ROWS = (
    "agenda",
    "opinion_link",
    "account_reset_password_from_key",
    "confirmation",
    "invitation",
    "mail_stop",
)


def routes(
    patterns: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from routes(pattern.url_patterns, route)


def test_every_secret_in_a_path_is_known_to_the_logs() -> None:
    """A page that opens by itself and takes a word in its path: the word may be a secret."""
    public = {"sheet", "practice", "publication"}
    found = set()
    for route, pattern in routes(get_resolver().url_patterns):
        hidden = {converter for converter, _ in re.findall(r"<(?:(\w+):)?(\w+)>", route)} - TOLD
        opens = not getattr(pattern.callback, "login_required", True)
        if hidden - {"slug"} and opens and pattern.name not in public:
            found.add(re.split(r"<|\(\?P", route)[0].replace("^", ""))
    assert found == set(SECRET_PATHS)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/invitation/eyJhIjoxfQ:1abc:xyz/", "/invitation/*/"),
        ("/invitation/eyJhIjoxfQ:1abc:xyz", "/invitation/*"),
        ("/agenda/s3cr3t.ics", "/agenda/*.ics"),
        ("/agenda/s3cr3t", "/agenda/*"),
        ("/compte/password/reset/key/4-cabc-0123/", "/compte/password/reset/key/*"),
        ("/missions/EX-2026-014/", "/missions/EX-2026-014/"),
        (f"/missions/{WORD}/", "/missions/*"),
        (f"/{WORD}/", "/*"),
        ("/static/css/app.css", "/static/css/app.css"),
        ("/", "/"),
    ],
)
def test_path_is_told_by_its_route(path: str, told: str) -> None:
    assert told_path(path) == told


def written(level: int, text: object, *args: object, **kwargs: object) -> str:
    record = logging.getLogger("essai").makeRecord(
        "essai", level, __file__, 1, text, args, kwargs.pop("exc_info", None), extra=kwargs
    )
    return PrivateFormatter("{message}", style="{").format(record)


def test_request_that_fails_outside_django_is_told_by_its_route(caplog: LogCaptureFixture) -> None:
    from gunicorn.config import Config

    from explor.gunicorn_logs import PrivateLogger

    log = PrivateLogger(Config())
    log.error_log.propagate = True
    log.exception("Error handling request %s %s", "GET", f"/{WORD}/?q={WORD}")
    assert caplog.messages == ["Error handling request GET /*"]


def raised(error: BaseException) -> tuple[type[BaseException], BaseException, object]:
    try:
        try:
            raise ValueError(f"pas un nombre : {WORD}")
        except ValueError as cause:
            raise error from cause
    except BaseException as caught:
        return type(caught), caught, caught.__traceback__


def test_error_is_told_without_its_message() -> None:
    text = written(logging.ERROR, "Internal Server Error", exc_info=raised(KeyError(WORD)))
    assert WORD not in text
    assert "KeyError" in text and "ValueError" in text and "in raised" in text


def test_error_given_as_a_word_of_the_line_is_told_without_its_message() -> None:
    refused = written(logging.WARNING, "mail %s : %s", 3, ValueError(f"{WORD}@essai.example"))
    assert refused == "mail 3 : ValueError"
    context = {"name": "deliver", "exc": f"ValueError('{WORD}')", "traceback": WORD}
    failed = written(
        logging.ERROR, "Task %(name)s: %(exc)s", context, exc_info=raised(OSError(WORD))
    )
    assert WORD not in failed and "OSError" in failed


def test_outage_says_which_part_and_addresses_are_hidden() -> None:
    from redis.exceptions import ConnectionError as Unreachable

    text = written(logging.ERROR, "%s", Unreachable("Error 111 connecting to localhost:6379."))
    assert "connecting to localhost:6379" in text
    assert written(logging.INFO, "pour awa.exemple@essai.example, /missions/?q=riz") == (
        "pour *, /missions/?*"
    )


@pytest.mark.django_db
def test_history_keeps_no_secret_of_a_path() -> None:
    ground = make_ground()
    row = next(row for row in ROWS if row.name == "invitation")
    path, person = row.path(ground), ground.world.stranger
    email = Invitation.objects.get().email
    person.emailaddress_set.create(email=email, verified=True, primary=True)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(path)
    told = {context.metadata.get("url", "") for context in Context.objects.all()}
    assert "/invitation/*/" in told
    assert path not in told


# --- the real servers -------------------------------------------------------------------


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Ready]:
    """gunicorn and a worker on the test's database; answers once both are ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    base, _, options = os.environ["DATABASE_URL"].partition("?")
    broker = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/7"
    given = {
        **os.environ,
        "DATABASE_URL": f"{base.rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}?{options}",
        "REDIS_URL": broker,
        "PORT": port,
        "HTTPS": "0",
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "DEBUG",
        "INBOUND_SECRET": f"{WORD}-courrier",
        "MEDIA_ROOT": str(tmp_path),
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DJANGO_SETTINGS_MODULE": "tests.site_settings",
    }
    commands = {
        "web": ["gunicorn", "-c", "explor/gunicorn.py", "explor.wsgi"],
        "worker": ["celery", "-A", "explor", "worker", "--concurrency=1", "--loglevel=INFO"],
    }
    running = []
    for name, command in commands.items():
        with (tmp_path / f"{name}.log").open("ab") as log:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command], env=given, cwd=ROOT, stdout=log, stderr=log
                )
            )

    def ready() -> Servers:
        found = Servers(int(port), broker)
        until(lambda: found.parts().get("worker") == "ok", tmp_path)
        return found

    yield ready
    for process in running:
        process.kill()
        process.wait()
    with redis.from_url(broker) as line:
        line.flushdb()


@dataclass
class Servers:
    port: int
    broker: str

    def ask(self, method: str, path: str, **headers: str) -> bytes:
        line = http.client.HTTPConnection("localhost", self.port, timeout=10)
        try:
            line.request(method, path, headers=headers)
            return line.getresponse().read()
        finally:
            line.close()

    def parts(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.ask("GET", "/healthz"))["parts"])
        except (OSError, KeyError, ValueError):
            return {}

    def raw(self, text: str) -> None:
        with socket.create_connection(("localhost", self.port), timeout=5) as line:
            line.sendall(text.encode())
            line.recv(1000)


def until(true: Callable[[], object], logs: Path) -> None:
    limit = time.monotonic() + 60
    while not true():
        assert time.monotonic() < limit, [path.read_text() for path in logs.glob("*.log")]
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_logs_of_the_real_servers_hold_no_secret(servers: Ready, tmp_path: Path) -> None:
    ground = make_ground()
    paths = [row.path(ground) for row in ROWS if row.name in SECRET_ROWS]
    paths += [f"/api/courrier/{WORD}-courrier/", f"/invitation/{WORD}", f"/{WORD}/"]
    mail = waiting_mail(ground)
    site = servers()
    for path in paths:
        for method in ("GET", "POST", "PUT"):
            where = f"{path}?q={WORD}"
            site.ask(method, where, Referer=f"http://localhost:{site.port}{path}")
    site.raw(f"GET /invitation/{WORD} HTTP/9.9\r\n\r\n")
    refused_row()
    task = "explor.notifications.tasks.deliver_mail"
    app.send_task(task, args=[mail.pk], connection=Connection(site.broker))
    until(lambda: OutboxMail.objects.filter(pk=mail.pk, attempts__gt=0).exists(), tmp_path)
    until(lambda: "/invitation/*" in (tmp_path / "web.log").read_text(), tmp_path)
    logs = {path.name: path.read_text() for path in tmp_path.glob("*.log")}
    logs["postgres"] = (Path(os.environ["EXPLOR_VAR"]) / "log/postgres.log").read_text()
    assert "ConnectionRefusedError" in logs["worker.log"]
    assert "duplicate key" in logs["postgres"]
    for name, text in logs.items():
        assert WORD not in text, name
        assert "awa@" not in text, name
        for path in paths:
            secret = max(re.split(r"[/.]", path), key=len)
            assert secret not in text and quote(secret) not in text, (name, path)


def waiting_mail(ground: Ground) -> OutboxMail:
    return OutboxMail.objects.create(
        recipient=ground.world.osim,
        to_email=f"awa@{WORD.lower()}.example",
        event=Event.MESSAGE,
        key=WORD,
        subject=WORD,
        text=WORD,
        url="/",
        button="Lire",
        state=MailState.PENDING,
        created_at=clock.now(),
        not_before=clock.now(),
    )


def refused_row() -> None:
    """What PostgreSQL itself writes when a row is refused."""
    person = User.objects.create(email=f"awa@{WORD.lower()}.example", first_name=WORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(pk=person.pk, email=f"b@{WORD.lower()}.example", first_name=WORD)
