"""PDF: ours beside WeasyPrint alone on the same finished page; sheets a second, and memory."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.servers import ROOT, Servers
from bench.table import Line, ms, number
from bench.timing import Pair, Times

PRINTED, WORKERS, MEMORY = 1.1, 1.7, 300


def paper_lines(servers: Servers, environment: dict[str, str], sheets: int) -> Iterator[Line]:
    """`sheets` fiches are laid out; the booklet is measured three times, once for few sheets."""
    booklets = 3 if sheets > 5 else 1
    told = json.loads(
        servers.python(environment, "-m", "bench.press", "compare", str(sheets), str(booklets))
    )
    for work, name in (("Fiche mission en PDF", "sheet"), ("Livret en PDF", "booklet")):
        yield _beside(work, told[name])
    alone = _press(environment, 1, sheets)
    shared = _press(environment, 2, sheets)
    bare = _press(environment, 1, sheets, "bare")
    yield Line(
        "Fiches par seconde, un processus",
        sheets,
        f"{number(bare['rate'])}/s",
        f"{number(alone['rate'])}/s",
        number(bare["rate"] / alone["rate"], 2),
        f"≤ {number(PRINTED)}",
        bare["rate"] / alone["rate"] <= PRINTED,
    )
    gained = shared["rate"] / alone["rate"]
    yield Line(
        "Fiches par seconde, deux processus",
        2 * sheets,
        f"{number(alone['rate'])}/s",
        f"{number(shared['rate'])}/s",
        number(gained, 2),
        f"≥ {number(WORKERS)}",
        gained >= WORKERS,
    )
    yield Line(
        "Mémoire d’un processus qui les met en pages",
        2 * sheets,
        f"{number(bare['peak'], 0)} Mio",
        f"{number(shared['peak'], 0)} Mio",
        number(shared["peak"] / bare["peak"], 2),
        f"≤ {MEMORY} Mio",
        shared["peak"] <= MEMORY,
    )


def _beside(work: str, told: dict[str, Any]) -> Line:
    pair = Pair(Times(told["ours"]), Times(told["floor"]))
    return Line(
        f"{work} ({told['pages']})",
        pair.ours.n,
        ms(pair.floor.median),
        ms(pair.ours.median),
        number(pair.ratio, 2),
        f"≤ {number(PRINTED)}",
        pair.ratio <= PRINTED,
    )


def _press(environment: dict[str, str], processes: int, sheets: int, how: str = "ours") -> Any:
    """Together, each `sheets` fiches; the rate of all, and the peak of the greediest."""
    command = [sys.executable, "-m", "bench.press", how, str(sheets)]
    running = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()  # warm: everything is imported, one sheet is done
    began = time.perf_counter()
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [json.loads(each.communicate()[0]) for each in running]
    took = time.perf_counter() - began
    return {"rate": processes * sheets / took, "peak": max(row["peak"] for row in told)}
