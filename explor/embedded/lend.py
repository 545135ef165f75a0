"""Lend fresh servers to one command, in a temporary folder: the tests never meet real data."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from explor.embedded.postgres import Postgres
from explor.embedded.program import die_with_parent
from explor.embedded.supervisor import Supervisor, interruptible
from explor.embedded.valkey import Valkey


def run(command: list[str]) -> int:
    """The command's own exit code. Raises StartupError, Interrupted."""
    var = Path(tempfile.mkdtemp(prefix="explor-"))
    var.chmod(0o711)  # PostgreSQL may run under another account
    supervisor = Supervisor()
    postgres = Postgres(
        var / "postgres", var / "log/postgres.log", max_connections=100, durable=False
    )
    valkey = Valkey(var / "valkey", var / "log/valkey.log")
    try:
        with interruptible():
            supervisor.start(postgres.program, valkey.program)
            postgres.create_database()
            return _run_with(
                command,
                {
                    "EXPLOR_VAR": str(var),
                    "DATABASE_URL": postgres.url(),
                    "REDIS_URL": valkey.url,
                    "SECRET_KEY": secrets.token_urlsafe(50),
                    "MEDIA_ROOT": str(var / "media"),
                },
            )
    finally:
        supervisor.stop()
        shutil.rmtree(postgres.home, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def _run_with(command: list[str], environment: dict[str, str]) -> int:
    borrower = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        preexec_fn=die_with_parent(signal.SIGTERM, os.getpid()),
    )
    try:
        return borrower.wait()
    finally:
        if borrower.poll() is None:
            borrower.terminate()
            borrower.wait()
