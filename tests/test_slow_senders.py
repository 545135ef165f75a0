"""Slow senders, on a real gunicorn without a front server: the others are answered."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

ROOT = Path(__file__).resolve().parent.parent
THREADS = 4


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = int(probe.getsockname()[1])
    given = {
        **os.environ,
        "PORT": str(found),
        "HTTPS": "0",
        "WEB_CONCURRENCY": "1",
        "WEB_THREADS": str(THREADS),
        "DJANGO_SETTINGS_MODULE": "tests.site_settings",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "explor/gunicorn.py", "explor.wsgi"]
    with (tmp_path / "web.log").open("ab") as log:
        running = subprocess.Popen(command, env=given, cwd=ROOT, stdout=log, stderr=log)
    limit = time.monotonic() + 60
    while not health(found):
        assert time.monotonic() < limit, (tmp_path / "web.log").read_text()
        time.sleep(0.1)
    yield found
    running.kill()
    running.wait()


def health(port: int) -> int:
    """The status, whatever the parts are; 0 when nobody answers."""
    line = http.client.HTTPConnection("localhost", port, timeout=15)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()


def drip(port: int, text: bytes, begun: Barrier, over: Event) -> None:
    """A start, then one byte every 0.2 s, until the other side has enough of it."""
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=1) as line:
        line.sendall(text)
        begun.wait(20)
        while not over.wait(0.2):
            line.sendall(b"x")


BODY = b"POST /compte/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
HEADERS = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: "


@pytest.mark.slow
@pytest.mark.parametrize("text", [BODY, HEADERS], ids=["body", "headers"])
def test_slow_senders_leave_threads_to_the_others(port: int, text: bytes) -> None:
    many, over = 3 * THREADS, Event()
    begun = Barrier(many + 1)
    senders = [Thread(target=drip, args=(port, text, begun, over)) for _ in range(many)]
    for sender in senders:
        sender.start()
    try:
        begun.wait(20)
        waits = []
        for _ in range(5):
            start = time.monotonic()
            assert health(port) in {200, 503}
            waits.append(time.monotonic() - start)
    finally:
        over.set()
        for sender in senders:
            sender.join()
    assert max(waits) < 8 and sorted(waits)[2] < 1, waits


@pytest.mark.slow
def test_slow_phone_alone_is_heard_to_the_end(port: int) -> None:
    with socket.create_connection(("localhost", port), timeout=20) as line:
        line.sendall(BODY.replace(b"100000", b"12"))
        for sign in b"login=a%40b.":
            time.sleep(0.25)
            line.sendall(bytes([sign]))
        assert line.recv(12) == b"HTTP/1.1 403"
