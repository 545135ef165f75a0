"""A gunicorn worker that slow senders cannot fill.

A front server receives requests whole before it hands them over; without one, each slow sender
holds a thread. Here a request is received before the site works on it, and when more than half
of the threads are receiving, the slowest senders are let go. Alone, a slow phone has its time.
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

#: seconds after which a request that is still arriving counts as slow
SLOW_AFTER = 1.0
PIECE = 4096
IN_MEMORY = 1024 * 1024
#: beyond, the site reads by itself and stops where its own limits say
LONGEST = 64 * 1024 * 1024

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
TOO_SLOW = (
    "L’envoi était trop lent, et beaucoup d’autres attendaient : rien n’a été enregistré. "
    "Revenez à la page d’avant, puis recommencez."
).encode()


@dataclass
class Reception:
    line: socket.socket
    since: float = field(default_factory=time.monotonic)
    received: int = 0

    def is_slow(self, now: float) -> bool:
        return now - self.since > SLOW_AFTER

    def rate(self, now: float) -> float:
        """Bytes a second."""
        return self.received / (now - self.since)

    def let_go(self) -> None:
        """The thread that waits for the next byte learns that none will come."""
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RD)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receptions: dict[int, Reception] = {}

    def load_wsgi(self) -> None:
        super().load_wsgi()
        app: App = self.wsgi  # type: ignore[has-type]
        self.wsgi = self._received_first(app)

    def handle(self, conn: Any) -> Any:
        with self._receiving(conn.sock):
            return super().handle(conn)

    def notify(self) -> None:
        """Called every second by the loop that holds no request."""
        super().notify()
        now = time.monotonic()
        slow = [one for one in list(self.receptions.values()) if one.is_slow(now)]
        slow.sort(key=lambda one: one.rate(now))
        for one in slow[: max(0, len(slow) - max(1, self.cfg.threads // 2))]:
            one.let_go()

    @contextmanager
    def _receiving(self, line: socket.socket) -> Iterator[None]:
        self.receptions[id(line)] = Reception(line)
        try:
            yield
        finally:
            self.receptions.pop(id(line), None)

    def _received_first(self, app: App) -> App:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            key = id(environ.get("gunicorn.socket"))
            length = int(environ.get("CONTENT_LENGTH") or 0)
            if length <= LONGEST:
                body = self._body(environ["wsgi.input"], length, self.receptions.get(key))
                if body is None:
                    kind = ("Content-Type", "text/plain; charset=utf-8")
                    ends = ("Connection", "close")
                    start_response("408 Request Timeout", [kind, ends, ("Retry-After", "30")])
                    return [TOO_SLOW]
                environ["wsgi.input"] = body
                self.receptions.pop(key, None)
            return app(environ, start_response)

        return answer

    def _body(self, source: Any, length: int, reception: Reception | None) -> Any:
        """What was announced, in memory or in a temporary file; None when it never came."""
        body = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        while (left := length - body.tell()) > 0:
            piece = source.read(min(PIECE, left))
            if not piece:
                body.close()
                return None
            body.write(piece)
            if reception:
                reception.received += len(piece)
        body.seek(0)
        return body
