"""A first set-up on a machine that has Python and Node, a second start, and the memory at rest."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.servers import ROOT, free_port
from bench.table import Line, number
from explor.embedded.site import is_healthy

FIRST, SECOND, MEMORY = 60, 6, 600
#: What the machine of the measure lends to nobody else: the clone has its own servers.
LENT = ("DATABASE_URL", "REDIS_URL", "EXPLOR_VAR", "SECRET_KEY", "VIRTUAL_ENV")
PATIENCE, REST = 900, 20


def install_lines() -> Iterator[Line]:
    """Clone the commit, run it twice, weigh it. Needs the package registries."""
    folder = Path(tempfile.mkdtemp(prefix="explor-install-"))
    folder.chmod(0o711)
    house = folder / "explor"
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(house)], check=True)
        first, _ = _run(house)
        second, memory = _run(house)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    yield _line("Première installation, jusqu’à /healthz", first, FIRST, "s")
    yield _line("Second départ", second, SECOND, "s")
    yield _line(f"Mémoire au repos, après {REST} s", memory, MEMORY, "Mo")


def _line(work: str, value: float, target: int, unit: str) -> Line:
    shown = f"{number(value, 0 if value > 20 else 1)} {unit}"
    return Line(work, 1, "", shown, "", f"≤ {target} {unit}", value <= target)


def _run(house: Path) -> tuple[float, float]:
    """Seconds until the site answers, then the megabytes of all its processes at rest."""
    port = free_port()
    given = {name: value for name, value in os.environ.items() if name not in LENT}
    began = time.monotonic()
    with (house / "run.log").open("wb") as log:
        running = subprocess.Popen(
            ["bin/run"],
            cwd=house,
            env={**given, "PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while not is_healthy(port):
            if running.poll() is not None or time.monotonic() > began + PATIENCE:
                raise SystemExit((house / "run.log").read_text("utf-8", "replace")[-3000:])
            time.sleep(0.05)
        took = time.monotonic() - began
        time.sleep(REST)
        return took, _proportional(running.pid) / 1024
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)


def _proportional(root: int) -> float:
    """KiB of a process and of all its descendants; what they share is counted once."""
    total = 0.0
    for pid in _family(root):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # ended meanwhile
        total += sum(float(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def _family(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(words[1])
    found, size = {root}, 0
    while len(found) != size:
        size = len(found)
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found
