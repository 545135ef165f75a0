"""The day a moment falls on is the day here, whoever prints or counts it."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from explor import clock
from explor.ui.html import day

ROOT = Path(__file__).parent.parent
#: What takes a day out of a moment, or the present moment, without saying where.
ELSEWHERE = {"date", "utcnow", "fromtimestamp"}
CLOCKS = {("date", "today"), ("datetime", "now"), ("datetime", "today"), ("timezone", "now")}


@pytest.mark.parametrize(
    ("moment", "here"),
    [
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 30, 22, 15, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 6, 30, 21, 45, tzinfo=UTC), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 6, 30)),
    ],
)
def test_day_of_a_moment_is_the_day_here(moment: date, here: date) -> None:
    assert clock.local_day(moment) == here
    assert day(moment) == day(here)


def calls() -> Iterator[tuple[str, str, str]]:
    """Where, on what and which method, of every call without an argument."""
    for package in ("explor", "missions", "capitalisation"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    on = node.func.value
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield where, on.id if isinstance(on, ast.Name) else "", node.func.attr


def test_days_come_from_the_clock() -> None:
    wrong = [
        where
        for where, on, method in calls()
        if (method in ELSEWHERE or (on, method) in CLOCKS)
        and not where.startswith("explor/clock.py")
    ]
    assert wrong == []
