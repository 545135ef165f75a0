import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from explor.embedded.postgres import LONGEST_SOCKET_FOLDER, UNREACHABLE_HOME, Postgres
from explor.embedded.program import StartupError


def kill_9(process_id: int) -> None:
    os.kill(process_id, signal.SIGKILL)


def is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_postgres_keeps_data_after_kill_9(postgres: Postgres) -> None:
    postgres.start()
    with postgres.connect() as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('là')")
    assert postgres.program.process is not None
    kill_9(postgres.program.process.pid)
    postgres.program.process.wait()
    assert (postgres.data / "postmaster.pid").exists()

    postgres.start()

    with postgres.connect() as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("là",)]


def test_postgres_starts_over_a_pid_file_of_somebody_else(postgres: Postgres) -> None:
    postgres.prepare()
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")

    postgres.start()

    assert postgres.is_ready()


def test_postgres_files_and_socket_are_private(postgres: Postgres) -> None:
    postgres.prepare()

    assert stat.S_IMODE(postgres.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(postgres.socket_folder.stat().st_mode) == 0o700
    access = (postgres.data / "pg_hba.conf").read_text()
    assert access == "local all all peer map=explor\n"


def test_postgres_socket_of_a_long_path_goes_to_the_temporary_folder(folder: Path) -> None:
    deep = folder / ("é" * 40) / "postgres"

    server = Postgres(deep, folder / "log")

    assert len(os.fsencode(server.socket_folder)) <= LONGEST_SOCKET_FOLDER
    assert server.socket_folder.parent == Path(tempfile.gettempdir())


def test_postgres_refuses_a_socket_folder_that_is_a_link(folder: Path) -> None:
    server = Postgres(folder / "postgres", folder / "log")
    server.socket_folder.symlink_to(folder)

    with pytest.raises(StartupError, match="appartient à un autre compte"):
        server.prepare()


def test_postgres_refuses_data_of_another_version(postgres: Postgres) -> None:
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(StartupError, match="sont de PostgreSQL 9"):
        postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_postgres_of_root_in_a_closed_folder_lives_elsewhere(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    server = Postgres(closed / "postgres", folder / "log")
    try:
        server.start()

        assert server.home.parent == UNREACHABLE_HOME
        with server.connect() as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("explor",)
    finally:
        server.stop()
        shutil.rmtree(server.home)


def test_postgres_dies_when_its_parent_is_killed(folder: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path\n"
            "from explor.embedded.postgres import Postgres\n"
            "server = Postgres(Path(sys.argv[1]) / 'postgres', Path(sys.argv[1]) / 'log')\n"
            "server.start(); print(server.program.process.pid, flush=True); time.sleep(60)",
            str(folder),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    with parent.stdout as printed:
        server_id = int(printed.readline())
    kill_9(parent.pid)
    parent.wait()

    limit = time.monotonic() + 15
    while is_running(server_id) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not is_running(server_id)
