import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from explor.embedded.program import Program, StartupError
from explor.embedded.supervisor import FIRST_PAUSE, STEADY, Supervisor


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    made = Supervisor()
    yield made
    made.stop()


def sleeper(folder: Path, name: str = "dormeur") -> Program:
    return Program(name=name, command=["sleep", "60"], log=folder / "log")


def kill_9(program: Program) -> int:
    assert program.process is not None
    process_id = program.process.pid
    os.kill(process_id, signal.SIGKILL)
    program.process.wait()
    return process_id


def test_supervisor_restarts_a_killed_child_after_a_pause(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    program = sleeper(tmp_path)
    supervisor.start(program)
    watched = supervisor.groups[0][0]
    killed = kill_9(program)
    fell = watched.started + 10

    supervisor.look_at(watched, fell)
    supervisor.look_at(watched, fell + FIRST_PAUSE / 2)
    assert not program.is_alive()
    supervisor.look_at(watched, fell + FIRST_PAUSE)

    assert program.is_alive()
    assert program.process is not None
    assert program.process.pid != killed


def test_supervisor_waits_longer_at_each_fall_and_forgets_after_a_while(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    program = sleeper(tmp_path)
    supervisor.start(program)
    watched = supervisor.groups[0][0]
    kill_9(program)
    fell = watched.started

    supervisor.look_at(watched, fell)
    assert watched.pause == 2 * FIRST_PAUSE
    supervisor.look_at(watched, fell + FIRST_PAUSE)
    supervisor.look_at(watched, fell + FIRST_PAUSE + STEADY + 1)

    assert watched.pause == FIRST_PAUSE


def test_supervisor_stops_the_last_started_first(supervisor: Supervisor, tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = 'trap "echo $1 >>$2; exit" TERM; : >$2.$1; while :; do sleep 0.05; done'
    for name in ("base", "site"):
        program = Program(
            name=name,
            command=["sh", "-c", script, "sh", name, str(told)],
            log=tmp_path / "log",
            is_ready=Path(f"{told}.{name}").exists,
        )
        supervisor.start(program)

    supervisor.stop()

    assert told.read_text().split() == ["site", "base"]


def test_program_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    script = f'trap "" TERM; : >{ready}; while :; do sleep 0.05; done'
    program = Program(
        name="sourd",
        command=["sh", "-c", script],
        log=tmp_path / "log",
        is_ready=ready.exists,
        patience=0.2,
    )
    program.start()
    program.wait_ready(5)
    process = program.process
    assert process is not None

    program.stop()

    assert process.returncode == -signal.SIGKILL


def test_program_that_fails_says_why(tmp_path: Path) -> None:
    program = Program(
        name="La base",
        command=["sh", "-c", "echo disque plein; exit 3"],
        log=tmp_path / "log",
        is_ready=lambda: False,
    )
    program.start()

    with pytest.raises(StartupError, match=r"La base ne démarre pas.\ndisque plein"):
        program.wait_ready(5)
