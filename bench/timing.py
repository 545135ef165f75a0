"""Timing what is compared turn by turn, so that the noise of the machine falls on both."""

import http.client
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bench.floor import COUNT


@dataclass
class Times:
    """Milliseconds of one thing, measured again and again."""

    taken: list[float] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.taken)

    @property
    def median(self) -> float:
        return statistics.median(self.taken)

    def take(self, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        self.taken.append((time.perf_counter() - began) * 1000)


@dataclass
class Pair:
    """Ours beside its floor, one after the other."""

    ours: Times = field(default_factory=Times)
    floor: Times = field(default_factory=Times)

    @property
    def ratio(self) -> float:
        return self.ours.median / self.floor.median

    def take(self, ours: Callable[[], object], floor: Callable[[], object]) -> None:
        self.floor.take(floor)
        self.ours.take(ours)


class WrongAnswer(Exception):
    """A page that does not answer as it should: its time would mean nothing."""


@dataclass
class Answer:
    status: int
    body: bytes
    queries: int


class Browser:
    """One connection kept open, one person's cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, cookie: str = "", *, count: bool = False) -> Answer:
        """Raises `WrongAnswer` for anything but 200."""
        headers = {"Cookie": cookie, "Host": "localhost"}
        if count:
            headers[COUNT] = "1"
        return self._ask("GET", path, headers)

    def post(self, path: str, body: str, headers: Mapping[str, str]) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded", "Host": "localhost"}
        return self._ask("POST", path, {**form, **headers}, body)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: str | None = None
    ) -> Answer:
        for last in (False, True):
            try:
                self._line.request(method, path, body, dict(headers))
                response = self._line.getresponse()
                break
            except (http.client.HTTPException, OSError):
                # the server closes a connection left alone for some seconds
                self._line.close()
                if last or method != "GET":
                    raise
        content = response.read()
        if response.status != 200:
            raise WrongAnswer(f"{method} {path} : {response.status}")
        return Answer(response.status, content, int(response.headers.get(COUNT) or 0))
