"""The whole site as people run it: own PostgreSQL and Valkey, gunicorn, worker, beat, demo data."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from explor.embedded.site import is_healthy

ROOT = Path(__file__).resolve().parent.parent.parent
#: What the tests' own servers are called: the site must start its own.
LENT = ("DATABASE_URL", "REDIS_URL", "EXPLOR_VAR", "PYTEST_CURRENT_TEST", "PGHOST", "PGUSER")
#: Seconds a first start may take on a slow machine: tables, static files, demo data.
PATIENCE = 420
#: Lines of each log shown when the site does not start.
SHOWN = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """`start()` again after `kill()` finds the same data: nothing may be lost."""

    var: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="explor-site-")))
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    line: psycopg.Connection[Any] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Until /healthz answers 200. Raises AssertionError with the log when it does not."""
        self.var.chmod(0o711)
        given = {name: value for name, value in os.environ.items() if name not in LENT}
        ours = {
            "EXPLOR_VAR": str(self.var),
            "PORT": str(self.port),
            "DEMO_MODE": "1",
            "HTTPS": "0",
            "DEBUG": "0",
            "EMAIL_URL": f"filemail:///{self.var}/mail",
        }
        with (self.var / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "explor.embedded", "run"],
                cwd=ROOT,
                env={**given, **ours},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        limit = time.monotonic() + PATIENCE
        while not is_healthy(self.port):
            alive = self.process.poll() is None
            assert alive and time.monotonic() < limit, self.logs()
            time.sleep(0.2)

    def logs(self) -> str:
        """The end of every log, for whoever reads a failure."""
        files = [self.var / "site.log", *sorted((self.var / "log").glob("*.log"))]
        found = []
        for path in files:
            lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
            found.append("\n".join([f"--- {path.name}", *lines[-SHOWN:]]))
        return "\n".join(found)

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the site's own database holds: to see that a refusal changed nothing."""
        try:
            return self._open().execute(query, parameters).fetchall()
        except psycopg.OperationalError:
            # the server fell, or was made to, since the last question
            self.line = None
            return self._open().execute(query, parameters).fetchall()

    def _open(self) -> psycopg.Connection[Any]:
        """One line kept open: a refusal looks at every table before and after."""
        if self.line is None or self.line.closed:
            given = (self.var / "environment").read_text().splitlines()
            address = dict(line.split("=", 1) for line in given)["DATABASE_URL"]
            user, _, path = address.removeprefix("postgres://").partition("@/")
            folder, _, database = path.rpartition("/")
            self.line = psycopg.connect(host=folder, user=user, dbname=database, autocommit=True)
        return self.line

    def value(self, query: str, *parameters: Any) -> Any:
        """The first column of the one row expected, None when there is none."""
        found = self.rows(query, *parameters)
        return found[0][0] if found else None

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)

    def kill(self) -> None:
        """As a power cut would: the supervisor dies at once and every child with it."""
        assert self.process
        self.process.kill()
        self.process.wait(10)
        limit = time.monotonic() + 60
        while left := self.children(""):
            assert time.monotonic() < limit, f"survivants : {left}"
            time.sleep(0.2)

    def wait_until(self, holds: Callable[[], Any], seconds: float = 60) -> Any:
        """What `holds` answers once it is true. Raises AssertionError with the logs."""
        limit = time.monotonic() + seconds
        while not (found := holds()):
            assert time.monotonic() < limit, self.logs()
            time.sleep(0.2)
        return found

    def healthy(self) -> bool:
        return is_healthy(self.port)

    def postmaster(self) -> int:
        return int((self.var / "postgres/data/postmaster.pid").read_text().split()[0])

    def offspring(self, parent: int) -> list[int]:
        """The children of a process, by the kernel's account."""
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [int(child) for child in listed.split()]

    def children(self, words: str) -> list[int]:
        """The processes of this site whose command holds `words`."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                belongs = f"EXPLOR_VAR={self.var}".encode() in (folder / "environ").read_bytes()
            except (OSError, UnicodeDecodeError):
                continue
            if words in command and belongs:
                found.append(int(folder.name))
        return found

    def remove(self) -> None:
        if self.line is not None:
            self.line.close()
        self.stop()
        shutil.rmtree(self.var, ignore_errors=True)
