"""What a crash leaves behind: pid files whose number may belong to somebody else by now."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from explor.embedded.program import StartupError


def clear(pid_file: Path, *others: Path, program: str, stop_signal: signal.Signals) -> None:
    """Remove `pid_file` and `others` once the process they name is not `program` any more.

    A server still closing (its supervisor was killed) is asked to stop and waited for.
    Raises StartupError when it stays.
    """
    pid = _pid(pid_file)
    limit = time.monotonic() + 30
    if pid and _runs(pid, program):
        with suppress(ProcessLookupError):
            os.kill(pid, stop_signal)
    while pid and _runs(pid, program):
        if time.monotonic() > limit:
            raise StartupError(f"Un ancien {program} (processus {pid}) ne s’arrête pas.")
        time.sleep(0.05)
    for path in (pid_file, *others):
        path.unlink(missing_ok=True)


def _pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _runs(pid: int, program: str) -> bool:
    """Whether `pid` is alive and is `program`, not a newcomer with the same number."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z" and name == program
