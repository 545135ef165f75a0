"""The figures as a Markdown table, a line for each promise."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`met` is None when nothing is promised."""

    work: str
    n: int
    floor: str
    ours: str
    ratio: str
    target: str
    met: bool | None = None


HEAD = ("Travail", "n", "Plancher", "Explor", "Rapport", "Cible", "Tenue")


def markdown(lines: Iterable[Line]) -> str:
    words = {True: "oui", False: "**non**", None: ""}
    rows = [HEAD, ("---", "--:", "--:", "--:", "--:", "--:", "---")]
    rows += [
        (row.work, str(row.n), row.floor, row.ours, row.ratio, row.target, words[row.met])
        for row in lines
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def ms(value: float) -> str:
    return f"{number(value)} ms"


def number(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
