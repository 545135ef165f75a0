"""What a figure of the month is, and the month it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

from django.utils import timezone

from explor import clock
from explor.search.words import in_order


class Row(TypedDict):
    """A mission behind a figure: counted in the numerator or only looked at, and why."""

    reference: str
    counted: bool
    note: str


def row(reference: str, *, counted: bool = True, note: str = "") -> Row:
    return {"reference": reference, "counted": counted, "note": note}


@dataclass(frozen=True)
class Figure:
    """Numerator and denominator, or a value when it is no ratio; all empty: « non renseigné »."""

    code: str
    label: str
    unit: str = ""
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    value: Decimal | float | int | None = None
    n: int = 0
    rows: Sequence[Row] = field(default=())


@dataclass(frozen=True)
class Period:
    """A month: from `starts`, up to `ends` (not included), seen on `as_of` (a running month is
    seen today)."""

    month: date
    starts: datetime
    ends: datetime
    as_of: date

    @classmethod
    def of(cls, month: date) -> "Period":
        first = month.replace(day=1)
        following = next_month(first)
        return cls(
            month=first,
            starts=_midnight(first),
            ends=_midnight(following),
            as_of=min(following - timedelta(days=1), clock.today()),
        )

    @property
    def is_over(self) -> bool:
        return next_month(self.month) <= clock.today()

    @property
    def a_year_before(self) -> date:
        return self.as_of - timedelta(days=365)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before the one of `day`."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def count(code: str, label: str, references: Iterable[str], unit: str = "") -> Figure:
    """How many: zero is known."""
    rows = [row(reference) for reference in sorted(set(references), key=in_order)]
    return Figure(code, label, unit, value=len(rows), n=len(rows), rows=rows)


def ratio(code: str, label: str, rows: Sequence[Row], unit: str = "%") -> Figure:
    """The counted rows among all of them; no row at all is « non renseigné »."""
    if not rows:
        return Figure(code, label, unit)
    counted = sum(found["counted"] for found in rows)
    return Figure(code, label, unit, counted, len(rows), None, len(rows), rows)


def quantile(values: Sequence[float], share: float) -> float | None:
    """Linear between the two nearest values, as PostgreSQL's `percentile_cont`."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round(ordered[low] + (place - low) * (ordered[high] - ordered[low]), 2)
