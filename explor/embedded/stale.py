"""What a crash leaves behind: pid files whose number may belong to somebody else by now."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from explor.embedded.program import StartupError


def clear(pid_file: Path, *others: Path, working_in: Path, stop_signal: signal.Signals) -> None:
    """Remove `pid_file` and `others` once no server works in `working_in` under that number.

    A server still closing (its supervisor was killed) is asked to stop and waited for.
    Raises StartupError when it stays.
    """
    pid = _pid(pid_file)
    limit = time.monotonic() + 30
    if pid and _works(pid, working_in):
        with suppress(ProcessLookupError):
            os.kill(pid, stop_signal)
    while pid and _works(pid, working_in):
        if time.monotonic() > limit:
            raise StartupError(f"Un ancien serveur (processus {pid}) ne s’arrête pas.")
        time.sleep(0.05)
    for path in (pid_file, *others):
        path.unlink(missing_ok=True)


def _pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _works(pid: int, folder: Path) -> bool:
    """Whether `pid` is our server, known by the folder it works in, not a newcomer."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder
    except OSError:  # gone, ended, or somebody else's
        return False
