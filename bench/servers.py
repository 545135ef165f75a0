"""Servers of our own: PostgreSQL, Valkey, one site for each database, in a temporary folder."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from psycopg import sql

from explor.embedded.postgres import Postgres
from explor.embedded.program import Program
from explor.embedded.site import WORKER
from explor.embedded.supervisor import Supervisor
from explor.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent


def answers(port: int) -> bool:
    """Whether the site is up; without its workers it rightly says that it is not well."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


@dataclass
class Site:
    """A database and the gunicorn that serves it."""

    database: str
    port: int
    environment: dict[str, str]


@dataclass
class Servers:
    """As `bin/run` starts them: what is written is really written to the disk."""

    var: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="explor-bench-")))

    def __post_init__(self) -> None:
        self.var.chmod(0o711)  # PostgreSQL may run under another account
        self.postgres = Postgres(
            self.var / "postgres", self.var / "log/postgres.log", max_connections=100
        )
        self.valkey = Valkey(self.var / "valkey", self.var / "log/valkey.log")
        self.supervisor = Supervisor()
        self.secret = secrets.token_urlsafe(50)

    def start(self) -> None:
        """An empty site in the database `explor`, copied for each size."""
        self.supervisor.start(self.postgres.program, self.valkey.program)
        self.postgres.create_database()
        empty = self.environment("explor")
        self.manage(empty, "migrate", "--verbosity=0")
        self.manage(empty, "collectstatic", "--noinput", "--verbosity=0")

    def stop(self) -> None:
        self.supervisor.stop()
        shutil.rmtree(self.postgres.home, ignore_errors=True)
        shutil.rmtree(self.var, ignore_errors=True)

    def environment(self, database: str) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "EXPLOR_VAR": str(self.var),
            "DATABASE_URL": self.postgres.url(database),
            "REDIS_URL": self.valkey.url,
            "SECRET_KEY": self.secret,
            "MEDIA_ROOT": str(self.var / "media"),
            "LOG_LEVEL": "WARNING",
            "HTTPS": "0",
            "DEBUG": "0",
            "DEMO_MODE": "0",
        }

    def fill(self, missions: int) -> dict[str, str]:
        """A copy of the empty database with that many missions; its environment."""
        name = f"missions_{missions}"
        with self.postgres.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE explor").format(sql.Identifier(name))
            )
        environment = self.environment(name)
        self.manage(environment, "generate", f"--missions={missions}")
        with self.postgres.connect(name) as connection:
            connection.execute("VACUUM ANALYZE")
        return environment

    def serve(self, environment: dict[str, str]) -> Site:
        port = free_port()
        chosen = {**environment, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        command = ["gunicorn", "-c", "explor/gunicorn.py", "explor.wsgi"]
        self._run(f"Le site {port}", command, chosen, lambda: answers(port), "web")
        return Site(environment["DATABASE_URL"], port, environment)

    def work(self, environment: dict[str, str]) -> None:
        """The worker of a site, as on the day; nothing is asked of it."""
        command = ["celery", "-A", "explor", *WORKER]
        self._run("Le travail de fond", command, environment, lambda: True, "worker")

    def manage(self, environment: dict[str, str], *command: str) -> None:
        self.python(environment, "manage.py", *command)

    def python(self, environment: dict[str, str], *command: str) -> str:
        """What the command printed. Raises `SystemExit` with its complaint."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stderr[-3000:]}")
        return done.stdout

    def _run(
        self, name: str, command: list[str], environment: dict[str, str], ready: object, log: str
    ) -> None:
        program = Program(
            name=name,
            command=[sys.executable, "-m", *command],
            log=self.var / "log" / f"{log}-{environment.get('PORT', '')}.log",
            environment=environment,
            folder=ROOT,
            is_ready=ready,  # type: ignore[arg-type]
            patience=15,
        )
        self.supervisor.start(program)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
