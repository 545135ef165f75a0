"""A chart's SVG, drawn once for each different spec.

Nothing here runs at import: vl-convert must never be used before a process forks.
"""

import base64
import hashlib
import json
import logging
import re
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import vl_convert
from django.conf import settings
from django.core.cache import cache as shared_cache
from fontTools import subset
from fontTools.ttLib import TTFont
from redis.exceptions import RedisError

from explor.charts.frame import FONT, INK, QUIET, RULE, Chart

logger = logging.getLogger(__name__)

# a family name of our own: a name some machine has installed garbles the text of an SVG
PRIVATE = "Explor Text"
KEEP_SECONDS = 7 * 24 * 3600

LOCALE: dict[str, Any] = {
    "decimal": ",",
    "thousands": "\u00a0",
    "grouping": [3],
    "currency": ["", "\u00a0€"],
}
CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "#FFFFFF",
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "labelColor": INK,
        "titleFontSize": 13,
        "titleColor": QUIET,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
    },
    "legend": {"labelFontSize": 13, "labelColor": INK, "titleColor": QUIET, "titleFontSize": 13},
    "text": {"font": FONT, "fontSize": 13},
}


def render_svg(chart: Chart, *, paper: bool = False) -> str:
    """The SVG of a chart. On paper the document brings the font; on a page the SVG carries
    the few letters it uses, because an image cannot use the fonts of its page.

    Works without the shared cache: a Valkey that is down costs time, not the chart.
    """
    key = _key(chart, paper)
    found = _from_cache(key)
    if found is not None:
        return found
    svg = _draw(json.dumps(chart.spec, sort_keys=True))
    if not paper:
        svg = _with_letters(svg)
    _to_cache(key, svg)
    return svg


def data_uri(chart: Chart, *, paper: bool = False) -> str:
    """What goes into `<img src>`, the one form which tagged PDFs and browsers both read."""
    encoded = base64.b64encode(render_svg(chart, paper=paper).encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


@lru_cache(maxsize=256)
def _draw(spec: str) -> str:
    _register_fonts()
    svg: str = vl_convert.vegalite_to_svg(
        json.loads(spec), config=CONFIG, format_locale=LOCALE, show_warnings=False
    )
    return re.sub(
        r'font-family="[^"]*"', f'font-family="{PRIVATE}, Explor Glyphs, sans-serif"', svg
    )


@cache
def _register_fonts() -> None:
    """vl-convert measures the words with the very fonts they are drawn with."""
    vl_convert.register_font_directory(str(_fonts()))


def _fonts() -> Path:
    return Path(settings.STATICFILES_DIRS[0]) / "fonts"


def _with_letters(svg: str) -> str:
    text = "".join(re.findall(r">([^<]+)</text>", svg))
    weights = {400: "400Regular"}
    if re.search(r'font-weight="(700|bold)"', svg):
        weights[700] = "700Bold"
    faces = "".join(
        f"@font-face{{font-family:'{PRIVATE}';font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{_letters(face, ''.join(sorted(set(text))))})}}"
        for weight, face in weights.items()
    )
    return re.sub(r"(<svg[^>]*>)", rf"\1<style>{faces}</style>", svg, count=1)


@lru_cache(maxsize=256)
def _letters(face: str, characters: str) -> str:
    """The glyphs of `characters`, a few kilobytes instead of the whole font."""
    font = TTFont(_fonts() / f"AtkinsonHyperlegibleNext_{face}.ttf")
    options = subset.Options(flavor="woff2", layout_features=["kern"], hinting=False)
    tool = subset.Subsetter(options)
    tool.populate(text=characters)
    tool.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()


def _key(chart: Chart, paper: bool) -> str:
    drawn = json.dumps([chart.spec, CONFIG, paper], sort_keys=True)
    return f"chart:2:{hashlib.sha256(drawn.encode()).hexdigest()}"


def _from_cache(key: str) -> str | None:
    try:
        found: str | None = shared_cache.get(key)
    except (RedisError, OSError) as error:
        logger.warning("chart cache unreachable: %s", error)
        return None
    return found


def _to_cache(key: str, svg: str) -> None:
    try:
        shared_cache.set(key, svg, KEEP_SECONDS)
    except (RedisError, OSError) as error:
        logger.warning("chart cache unreachable: %s", error)
