"""The whole site on this machine: servers, tables, web, worker, beat; one address printed."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from explor.embedded import environment
from explor.embedded.postgres import Postgres
from explor.embedded.program import Program, StartupError, die_with_parent, say
from explor.embedded.state import State
from explor.embedded.supervisor import Supervisor, interruptible
from explor.embedded.valkey import Valkey

HERE = "127.0.0.1"


def run(root: Path, var: Path) -> None:
    """Until a signal. Raises Interrupted, StartupError."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    (var / "mail").mkdir(mode=0o700, exist_ok=True)
    with (var / "running").open("a+") as lock:
        _be_alone(lock.fileno(), var / "running")
        chosen = environment.choose(os.environ, var)
        _refuse_busy_port(int(chosen["PORT"]))
        lock.truncate(0)
        lock.write(f"{os.getpid()} {address(chosen)}\n")
        lock.flush()
        supervisor = Supervisor()
        try:
            with interruptible():
                _start(supervisor, chosen, root, var)
                say(welcome(chosen, var))
                supervisor.watch()
        finally:
            say("Arrêt…")
            supervisor.stop()


def _start(supervisor: Supervisor, chosen: dict[str, str], root: Path, var: Path) -> None:
    postgres = _start_servers(supervisor, chosen, var)
    environment.write(var / "environment", chosen)
    python = [sys.executable, "-m"]
    inherited = {**os.environ, **chosen, "PYTHONUNBUFFERED": "1"}
    state = State(root, var, postgres, chosen["DEMO_MODE"])
    if not state.is_prepared():
        _prepare([*python, "explor.embedded.prepare"], root, inherited)
        state.remember()

    def part(name: str, log: str, command: list[str]) -> Program:
        return Program(
            name=name,
            command=[*python, *command],
            log=var / "log" / log,
            environment=inherited,
            folder=root,
        )

    web = part("Le site", "web.log", ["gunicorn", "-c", "explor/gunicorn.py", "explor.wsgi"])
    quick = part("Le courrier", "worker.log", ["celery", "-A", "explor", *QUICK, *WORKER])
    slow = part("Les documents", "documents.log", ["celery", "-A", "explor", *SLOW, *WORKER])
    beat = part("L’horloge", "beat.log", ["celery", "-A", "explor", *BEAT, f"{var}/beat.pid"])
    beat.before = lambda: (var / "beat.pid").unlink(missing_ok=True)
    web.is_ready = lambda: is_healthy(int(chosen["PORT"]))
    supervisor.start(quick, slow, web, seconds=120)
    supervisor.start(beat)


def _prepare(command: list[str], root: Path, inherited: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        cwd=root,
        env=inherited,
        preexec_fn=die_with_parent(signal.SIGTERM, os.getpid()),
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise StartupError("La préparation de la base a échoué : voir ci-dessus.")


# long work has a worker of its own: a mail never waits behind a booklet
QUICK = ["worker", "--queues=mail,celery", "--hostname=quick@%h", "--concurrency=2"]
SLOW = ["worker", "--queues=documents", "--hostname=documents@%h", "--concurrency=1"]
WORKER = ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
BEAT = ["beat", "--loglevel=INFO", "--pidfile"]


def _start_servers(supervisor: Supervisor, chosen: dict[str, str], var: Path) -> Postgres | None:
    """Only those whose address was not given; the addresses go into `chosen`."""
    postgres = valkey = None
    if "DATABASE_URL" not in chosen:
        postgres = Postgres(var / "postgres", var / "log/postgres.log")
    if "REDIS_URL" not in chosen:
        valkey = Valkey(var / "valkey", var / "log/valkey.log")
    supervisor.start(*(server.program for server in (postgres, valkey) if server))
    if postgres:
        postgres.create_database()
        chosen["DATABASE_URL"] = postgres.url()
    if valkey:
        chosen["REDIS_URL"] = valkey.url
    return postgres


def _be_alone(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        process, _, where = path.read_text().strip().partition(" ")
        raise StartupError(
            f"Explor tourne déjà dans ce dossier{f' : {where}' if where else ''}"
            f"{f' (processus {process})' if process else ''}."
        ) from None


def _refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("BIND_ADDRESS", HERE), port))
        except PermissionError:
            raise StartupError(f"Le port {port} est réservé : essayez PORT=8000.") from None
        except OSError:
            raise StartupError(
                f"Le port {port} est déjà pris : choisissez-en un autre, par exemple "
                f"PORT={port + 1} bin/run."
            ) from None


def is_healthy(port: int) -> bool:
    """Whether /healthz answers 200."""
    line = http.client.HTTPConnection(os.environ.get("BIND_ADDRESS", HERE), port, timeout=5)
    try:
        line.request("GET", "/healthz", headers={"Host": "localhost"})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def address(chosen: dict[str, str]) -> str:
    return chosen.get("SITE_URL") or f"http://localhost:{chosen['PORT']}"


def welcome(chosen: dict[str, str], var: Path) -> str:
    lines = ["", f"Explor est prêt : {address(chosen)}/"]
    if chosen["DEMO_MODE"] not in ("0", "false", ""):
        lines.append(f"Comptes de démonstration : {address(chosen)}/demo/")
    if not chosen.get("EMAIL_URL"):
        lines.append(f"Aucun e-mail ne part : ils sont dans {var / 'mail'}")
    return "\n".join([*lines, f"Journaux : {var / 'log'} — arrêt : Ctrl-C", ""])
