"""What holds for every page: contrast, weight, no inline code, icons that exist."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
DIST = Path(settings.STATICFILES_DIRS[0])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

TEXT_ON = [
    *[("ink", ground) for ground in ("ground", "surface", "surface-2")],
    *[("ink-2", ground) for ground in ("ground", "surface", "surface-2")],
    *[("link", ground) for ground in ("ground", "surface", "surface-2")],
    *[("alert", ground) for ground in ("ground", "surface")],
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-alert", "alert"),
    ("on-header", "header"),
    *[
        (f"tone-{tone}-ink", f"tone-{tone}-ground")
        for tone in ("neutral", "waiting", "active", "done", "alert", "final")
    ],
]


def palette(theme: str) -> dict[str, str]:
    source = (ROOT / "static/css/_colours.scss").read_text("utf-8")
    block = source.split(f"@mixin {theme} {{")[1].split("\n}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_reads_on_its_ground(theme: str, text: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("edge", ["line-strong", "focus"])
def test_edges_of_controls_are_seen(theme: str, edge: str) -> None:
    colours = palette(theme)
    assert contrast(colours[edge], colours["surface"]) >= 3


def test_no_template_carries_inline_code_or_style() -> None:
    forbidden = re.compile(
        r"\sstyle=|<style|\son[a-z]+=[\"']|hx-on|javascript:|<script(?![^>]*\b(src|type)=)", re.I
    )
    mail = ROOT / "templates/mail"
    found = {
        str(path.relative_to(ROOT)): forbidden.findall(path.read_text("utf-8"))
        for path in TEMPLATES
        if mail not in path.parents and forbidden.search(path.read_text("utf-8"))
    }
    assert found == {}


def test_every_icon_named_in_a_template_is_built() -> None:
    built = set(json.loads((DIST / "icons.json").read_text("utf-8")))
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r'(?:\{% icon |icon=)"([a-z0-9-]+)"', path.read_text("utf-8"))
    }
    assert named - built == set()


def test_a_first_visit_weighs_less_than_150_kb(client: Client, db: None) -> None:
    page = client.get("/").content
    squeezed = [
        page,
        *[
            (DIST / f).read_bytes()
            for f in ("css/app.css", "js/app.js", "js/theme.js", "img/field.svg")
        ],
    ]
    fonts = sum(path.stat().st_size for path in (DIST / "fonts").glob("*.woff2"))
    assert fonts + sum(len(gzip.compress(part)) for part in squeezed) < 150_000


def test_fonts_for_paper_are_whole_truetype_files() -> None:
    sheet = (DIST / "css/paper.css").read_text("utf-8")
    files = re.findall(r"static:(fonts/[\w-]+\.ttf)", sheet)
    assert len(files) == 10
    assert {(DIST / name).read_bytes()[:4] for name in files} == {b"\x00\x01\x00\x00"}


COMPONENTS = {
    *("timeline", "stepper", "badge", "callout", "empty", "stat", "facts", "comparison"),
    *("verbatim", "diff", "map-sheet", "filters", "pages", "field", "progress-block", "saving"),
}


def test_the_style_page_shows_every_component(as_role: Callable[[str], Client]) -> None:
    html = as_role("coordinator").get("/reglages/style/").content.decode()
    shown = set(" ".join(re.findall(r'class="([^"]+)"', html)).split())
    assert COMPONENTS - shown == set()


def test_the_style_page_is_not_for_visitors(client: Client, db: None) -> None:
    assert client.get("/reglages/style/").status_code == 302
