import fcntl
import socket
from pathlib import Path

import pytest

from explor.embedded import site
from explor.embedded.program import StartupError


def test_site_refuses_to_run_twice_in_a_folder(tmp_path: Path) -> None:
    with (tmp_path / "running").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("1234 http://localhost:8000\n")
        lock.flush()

        with pytest.raises(StartupError, match=r"déjà.*http://localhost:8000 \(processus 1234\)"):
            site.run(tmp_path, tmp_path)


def test_site_refuses_a_busy_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(StartupError, match=f"port {port} est déjà pris"):
            site.run(tmp_path, tmp_path)


def test_site_is_not_healthy_while_nothing_answers() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        assert not site.is_healthy(unused.getsockname()[1])
