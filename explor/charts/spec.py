"""One description of a chart, for the page and for paper.

A title says the finding, the subtitle the measure and the number of cases; direct labels come
before legends; a table of the same figures stands behind every chart.
"""

from collections.abc import Sequence

from explor.charts.frame import (
    INK,
    MANGROVE,
    MASKED,
    NOTHING,
    OCHRE,
    RULE,
    STEPS,
    Chart,
    Spec,
    frame,
    legend,
    length_axis,
    make_chart,
    name_axis,
    number,
    quarters,
    quoted,
    series_scale,
    unique,
    value_labels,
)

__all__ = ["Chart", "bar_chart", "grouped_bar", "heatmap", "line_chart", "number", "paired_dots"]


def bar_chart(
    *,
    title: str,
    subtitle: str,
    rows: Sequence[tuple[str, float]],
    measure: str,
    unit: str = "",
    alt: str = "",
    highlight: str = "",
    category: str = "Catégorie",
) -> Chart:
    """Horizontal bars in the order given; `highlight` keeps one bar dark among quiet ones."""
    values = [
        {"c": name, "v": value, "t": number(value, unit), "on": not highlight or name == highlight}
        for name, value in rows
    ]
    colour = {"condition": {"test": "datum.on", "value": MANGROVE}, "value": "#A9BDB9"}
    spec = frame(
        values,
        height={"step": 34},
        encoding={"y": name_axis(), "x": length_axis()},
        layer=[
            {
                "mark": {"type": "bar", "height": 20, "cornerRadiusEnd": 2},
                "encoding": {"color": colour},
            },
            value_labels(),
        ],
    )
    table = tuple((name, number(value, unit)) for name, value in rows)
    return make_chart(title, subtitle, alt, spec, (category, measure), table)


def grouped_bar(
    *,
    title: str,
    subtitle: str,
    rows: Sequence[tuple[str, str, float | None]],
    category: str,
    series: str,
    measure: str,
    unit: str = "",
    alt: str = "",
) -> Chart:
    """Rows are (category, series, value); both keep the order in which they appear."""
    names = unique(name for _, name, _ in rows)
    values = [
        {"c": place, "s": name, "v": value, "t": number(value, unit)} for place, name, value in rows
    ]
    encoding = {
        "y": name_axis(),
        "x": length_axis(),
        "yOffset": {"field": "s", "sort": names},
    }
    colour = {
        "field": "s",
        "type": "nominal",
        "scale": series_scale(names),
        "legend": legend(series),
    }
    spec = frame(
        values,
        height={"step": 24, "for": "offset"},
        encoding=encoding,
        layer=[
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": 17},
                "encoding": {"color": colour},
            },
            value_labels(),
        ],
    )
    table = tuple((place, name, number(value, unit)) for place, name, value in rows)
    return make_chart(title, subtitle, alt, spec, (category, series, measure), table)


def line_chart(
    *,
    title: str,
    subtitle: str,
    rows: Sequence[tuple[str, str, float | None]],
    time: str,
    series: str,
    measure: str,
    unit: str = "",
    alt: str = "",
) -> Chart:
    """Rows are (moment, series, value), moments in order; each line is named at its end."""
    moments, names = unique(m for m, _, _ in rows), unique(s for _, s, _ in rows)
    values = [
        {"m": moment, "s": name, "v": value, "t": number(value, unit)}
        for moment, name, value in rows
    ]
    ends = {name: moment for moment, name, value in rows if value is not None}
    for value in values:
        value["end"] = ends.get(str(value["s"])) == value["m"]
    x = {
        "field": "m",
        "type": "ordinal",
        "sort": moments,
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "grid": False},
        "scale": {"padding": 0.2},
    }
    y = {
        "field": "v",
        "type": "quantitative",
        "scale": {"zero": True, "nice": 4},
        "axis": {"title": None, "tickCount": 4, "format": ",~f", "domain": False, "ticks": False},
    }
    colour = {"field": "s", "type": "nominal", "scale": series_scale(names), "legend": None}
    last = {"text": {"field": "s"} if len(names) > 1 else {"field": "t"}}
    spec = frame(
        values,
        height=240,
        encoding={"x": x, "y": y, "color": colour},
        layer=[
            {"mark": {"type": "line", "strokeWidth": 2.5}},
            {"mark": {"type": "point", "filled": True, "size": 50, "opacity": 1}},
            {
                "transform": [{"filter": "datum.end"}],
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 9,
                    "fontSize": 13,
                    "fontWeight": 700,
                },
                "encoding": {**last, "color": {"value": INK}},
            },
        ],
    )
    table = tuple((moment, name, number(value, unit)) for moment, name, value in rows)
    return make_chart(title, subtitle, alt, spec, (time, series, measure), table)


def heatmap(
    *,
    title: str,
    subtitle: str,
    rows: Sequence[tuple[str, str, float | None]],
    row: str,
    column: str,
    measure: str,
    unit: str = "",
    thresholds: Sequence[float] = (),
    alt: str = "",
) -> Chart:
    """Cells in at most five steps cut at `thresholds`; None is grey and says « masqué »."""
    cuts = list(thresholds) or quarters([v for *_, v in rows if v is not None])
    colours = list(STEPS[-(len(cuts) + 1) :])
    light_from = cuts[-2] if len(cuts) >= 2 else (cuts[-1] if cuts else float("inf"))
    values = [
        {
            "r": name,
            "c": other,
            "v": value,
            "known": value is not None,
            "t": MASKED if value is None else number(value),
        }
        for name, other, value in rows
    ]
    across = {
        "field": "c",
        "type": "nominal",
        "sort": unique(c for _, c, _ in rows),
        "axis": {
            "orient": "top",
            "ticks": False,
            "title": None,
            "labelAngle": 0,
            "labelLimit": 150,
            "domain": False,
        },
    }
    fill = {
        "field": "v",
        "type": "quantitative",
        "scale": {"type": "threshold", "domain": cuts, "range": colours},
        "legend": None,
    }
    rect = {"type": "rect", "stroke": "#FFFFFF", "strokeWidth": 3}
    ink = {
        "condition": {"test": f"datum.known && datum.v >= {light_from}", "value": "#FFFFFF"},
        "value": INK,
    }
    spec = frame(
        values,
        height={"step": 40},
        encoding={
            "y": {**name_axis(), "field": "r", "sort": unique(r for r, *_ in rows)},
            "x": across,
        },
        layer=[
            {
                "transform": [{"filter": "!datum.known"}],
                "mark": {**rect, "color": NOTHING},
            },
            {
                "transform": [{"filter": "datum.known"}],
                "mark": rect,
                "encoding": {"color": fill},
            },
            {
                "mark": {"type": "text", "fontSize": 14},
                "encoding": {"text": {"field": "t"}, "color": ink},
            },
        ],
    )
    table = tuple((name, other, number(value, unit)) for name, other, value in rows)
    return make_chart(title, subtitle, alt, spec, (row, column, measure), table)


def paired_dots(
    *,
    title: str,
    subtitle: str,
    rows: Sequence[tuple[str, float, float]],
    category: str,
    measure: str,
    before: str = "Avant",
    after: str = "Après",
    unit: str = "",
    alt: str = "",
) -> Chart:
    """Rows are (category, value before, value after): a hollow dot, a line, a full dot."""
    values = [
        {
            "c": name,
            "a": old,
            "b": new,
            "ta": number(old, unit),
            "tb": number(new, unit),
            "up": new >= old,
        }
        for name, old, new in rows
    ]
    scale = {"zero": True, "nice": True, "padding": 44}  # room for the figures beside the dots
    length = {**length_axis(), "field": "a", "axis": None, "scale": scale}

    def at(field: str) -> Spec:
        return {"x": {**length, "field": field}}

    def side(field: str, text: str, rises: bool, align: str) -> Spec:
        shift = -11 if align == "right" else 11
        return {
            "transform": [{"filter": f"datum.up === {str(rises).lower()}"}],
            "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 13, "color": INK},
            "encoding": {**at(field), "text": {"field": text}},
        }

    kinds = {
        "field": "k",
        "type": "nominal",
        "scale": {"domain": [before, after], "range": [OCHRE, MANGROVE]},
        "legend": legend(""),
    }

    def dots(field: str, name: str) -> Spec:
        return {
            "transform": [{"calculate": f"'{quoted(name)}'", "as": "k"}],
            "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
            "encoding": {**at(field), "color": kinds},
        }

    spec = frame(
        values,
        height={"step": 38},
        encoding={"y": name_axis()},
        layer=[
            {
                "mark": {"type": "rule", "strokeWidth": 3, "color": RULE},
                "encoding": {**at("a"), "x2": {"field": "b"}},
            },
            dots("a", before),
            dots("b", after),
            side("a", "ta", True, "right"),
            side("b", "tb", True, "left"),
            side("a", "ta", False, "left"),
            side("b", "tb", False, "right"),
        ],
    )
    columns = (category, f"{measure}, {before.lower()}", f"{measure}, {after.lower()}")
    table = tuple((name, number(old, unit), number(new, unit)) for name, old, new in rows)
    return make_chart(title, subtitle, alt, spec, columns, table)
