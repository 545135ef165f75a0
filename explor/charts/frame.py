"""What the charts share: colours, font, axes, words."""

from dataclasses import dataclass
from typing import Any

MANGROVE, RIVER, TOMATO, OCHRE = "#0F4C4A", "#2E6F95", "#C8412F", "#E0A030"
INK, QUIET, RULE, NOTHING = "#1E2A2A", "#5B6666", "#D9D2C4", "#E4E0D8"
SERIES = (MANGROVE, OCHRE, RIVER, TOMATO, "#7A8F3C", "#8C5A8A")
STEPS = ("#E3EEEB", "#B4D3CC", "#7DB3A9", "#337A73", MANGROVE)

FONT = "Atkinson Hyperlegible Next"
WIDTH = 620
MASKED = "masqué"

Spec = dict[str, Any]
Cell = str | float | None


@dataclass(frozen=True)
class Chart:
    title: str
    subtitle: str
    alt: str
    spec: Spec
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(value: float | None, unit: str = "") -> str:
    """« 1 234,5 % », with spaces that do not break; « masqué » for None."""
    if value is None:
        return MASKED
    text = f"{value:,.1f}".removesuffix(".0").replace(",", "\u00a0").replace(".", ",")
    return f"{text}\u00a0{unit}" if unit else text


def make_chart(
    title: str,
    subtitle: str,
    alt: str,
    spec: Spec,
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Chart:
    return Chart(title, subtitle, alt or _describe(title, columns, rows), spec, columns, rows)


def _describe(title: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    """The figures in words; a long chart names its first ones, the table has them all."""
    named = 1 if "," in columns[1] else len(columns) - 1
    told = " ; ".join(
        f"{', '.join(row[:named])} : {' puis '.join(row[named:])}" for row in rows[:12]
    )
    more = f" ; et {len(rows) - 12} autres, dans le tableau" if len(rows) > 12 else ""
    return f"Graphique. {title.rstrip('.')}. {told}{more}."


def frame(values: list[dict[str, Any]], *, height: Any, encoding: Spec, layer: list[Spec]) -> Spec:
    return {
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        "encoding": encoding,
        "layer": layer,
    }


def name_axis() -> Spec:
    axis = {
        "title": None,
        "labelLimit": 300,
        "labelPadding": 8,
        "domain": False,
        "ticks": False,
        "grid": False,
    }
    return {"field": "c", "type": "nominal", "sort": None, "axis": axis}


def length_axis() -> Spec:
    return {
        "field": "v",
        "type": "quantitative",
        "axis": None,
        "scale": {"zero": True, "nice": False},
    }


def value_labels() -> Spec:
    return {
        "mark": {
            "type": "text",
            "align": "left",
            "dx": 6,
            "fontSize": 13,
            "color": INK,
            "invalid": None,
        },
        "encoding": {"text": {"field": "t"}},
    }


def legend(title: str) -> Spec:
    return {
        "title": title or None,
        "orient": "top",
        "direction": "horizontal",
        "symbolType": "circle",
    }


def series_scale(names: list[str]) -> Spec:
    colours = [SERIES[i % len(SERIES)] for i in range(len(names))]
    return {"domain": names, "range": colours}


def unique(names: Any) -> list[str]:
    return list(dict.fromkeys(names))


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def quarters(values: list[float]) -> list[float]:
    """Four cuts over the values found, rounded to what people read."""
    if not values or max(values) == min(values):
        return [values[0]] if values else [1.0]
    low, high = min(values), max(values)
    cuts = [low + (high - low) * step / 5 for step in (1, 2, 3, 4)]
    rounded = [round(cut) if high - low >= 5 else round(cut, 2) for cut in cuts]
    return sorted(set(rounded))
