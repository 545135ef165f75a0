"""A child process that never outlives its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1


class StartupError(Exception):
    """Why something cannot start, in French, for the person at the terminal."""


@dataclass
class Account:
    """The system account a child runs under, when it is not ours."""

    uid: int
    gid: int


@dataclass
class Program:
    """One child: how to start it, know that it is ready, and stop it."""

    name: str
    command: list[str]
    log: Path
    before: Callable[[], None] = lambda: None
    is_ready: Callable[[], bool] = lambda: True
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 15.0
    account: Account | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start without waiting. Call it from the main thread: the kernel sends the death
        signal when the *thread* that forked ends, not only the process.

        Raises what `before` raises: at a restart too, it clears what a crash left.
        """
        self.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
                # a Ctrl-C at the terminal reaches the supervisor alone, which stops in order
                start_new_session=True,
                # runs after the change of account, which would clear it
                preexec_fn=die_with_parent(self.stop_signal, os.getpid()),
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait_ready(self, seconds: float) -> None:
        """Raises StartupError, with the end of the log, when it dies or `seconds` pass."""
        limit = time.monotonic() + seconds
        while not self.is_ready():
            if not self.is_alive() or time.monotonic() > limit:
                self.stop()
                raise StartupError(f"{self.name} ne démarre pas.\n{tail(self.log)}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ask, wait `patience` seconds, then kill it with its own children."""
        self.ask_to_stop()
        self.wait_stopped()

    def ask_to_stop(self) -> None:
        if self.is_alive() and self.process:
            self.process.send_signal(self.stop_signal)

    def wait_stopped(self) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


def say(text: str) -> None:
    """A line for the person at the terminal, who may have gone."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, or nothing."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def die_with_parent(stop_signal: signal.Signals, parent: int) -> Callable[[], None]:
    """For `preexec_fn`: the child gets `stop_signal` when its parent ends, even by kill -9."""
    libc = ctypes.CDLL(None, use_errno=True)

    def in_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return in_child
