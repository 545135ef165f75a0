"""Keep children running: start in order, restart what falls, stop the last first."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from explor.embedded.program import Program, StartupError, say

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds up after which an earlier fall is forgotten


class Interrupted(Exception):
    """Somebody asked for the end (Ctrl-C, SIGTERM, closed terminal)."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the first signal raises Interrupted; further ones do not disturb the stop."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, interrupt)
    yield


@dataclass
class Watched:
    program: Program
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float | None = None


@dataclass
class Supervisor:
    """Holds the children in groups, in the order they were started."""

    groups: list[list[Watched]] = field(default_factory=list)

    def start(self, *programs: Program, seconds: float = 60) -> None:
        """Start them together, then wait for each to be ready. Raises StartupError."""
        group: list[Watched] = []
        self.groups.append(group)
        for program in programs:
            group.append(Watched(program, started=time.monotonic()))
            program.start()
        for program in programs:
            program.wait_ready(seconds)

    def watch(self) -> None:
        """Until Interrupted: restart what falls, after a pause that doubles each time."""
        while True:
            for group in self.groups:
                for each in group:
                    self.look_at(each, time.monotonic())
            time.sleep(0.5)

    def look_at(self, watched: Watched, now: float) -> None:
        """One look at one child."""
        if watched.program.is_alive():
            if now - watched.started > STEADY:
                watched.pause = FIRST_PAUSE
        elif watched.again_at is None:
            watched.again_at = now + watched.pause
            say(f"{watched.program.name} s’est arrêté, reprise dans {watched.pause:.0f} s.")
            watched.pause = min(2 * watched.pause, LONGEST_PAUSE)
        elif now >= watched.again_at:
            watched.again_at, watched.started = None, now
            try:
                watched.program.start()
            except (OSError, StartupError) as error:
                say(str(error))

    def stop(self) -> None:
        """The last group first; inside a group, all together."""
        while self.groups:
            group = self.groups.pop()
            for each in group:
                each.program.ask_to_stop()
            for each in group:
                each.program.wait_stopped()
