import base64
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.template import engines
from pytest_django.fixtures import Settings

from explor.charts import render
from explor.charts.render import data_uri, render_svg
from explor.charts.spec import (
    Chart,
    bar_chart,
    grouped_bar,
    heatmap,
    line_chart,
    number,
    paired_dots,
)

WORDS: dict[str, Any] = {
    "title": "La sécurité revient souvent",
    "subtitle": "n = 12",
    "measure": "Part",
}

CHARTS: dict[str, Chart] = {
    "bar": bar_chart(**WORDS, rows=[("Sécurité", 1234.5), ("Langue", 41)], unit="%"),
    "grouped": grouped_bar(
        **WORDS,
        rows=[("Sécurité", "Avant", 3), ("Sécurité", "Après", None)],
        category="Thème",
        series="Moment",
    ),
    "line": line_chart(
        **WORDS,
        rows=[("janv.", "Départs", 1), ("févr.", "Départs", 4), ("janv.", "Demandes", 3)],
        time="Mois",
        series="Type",
    ),
    "heat": heatmap(
        **WORDS,
        rows=[("Emploi", "OSIM", 4), ("Emploi", "Partenaires", None), ("Langue", "OSIM", 9)],
        row="Thème",
        column="Acteur",
    ),
    "pair": paired_dots(
        **WORDS, rows=[("Sécurité", 62, 20), ("L’autre", 10, 80)], category="Thème", unit="%"
    ),
}


@pytest.fixture(autouse=True)
def own_cache(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    render._draw.cache_clear()


def words_of(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter() if node.text]  # noqa: S314


@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_drawn_with_our_font(name: str) -> None:
    svg = render_svg(CHARTS[name], paper=True)
    families = set(re.findall(r'font-family="([^"]*)"', svg))
    assert families == {"Explor Text, Explor Glyphs, sans-serif"}
    assert words_of(svg)


@pytest.mark.parametrize("name", CHARTS)
def test_chart_on_a_page_carries_its_letters(name: str) -> None:
    svg = render_svg(CHARTS[name])
    assert "@font-face" in svg
    assert len(svg) < 40_000
    assert "http" not in svg.replace("http://www.w3.org/", "")


def test_chart_figures_are_french() -> None:
    svg = render_svg(CHARTS["bar"], paper=True)
    assert "1\u00a0234,5\u00a0%" in svg
    assert number(1234567, "€") == "1\u00a0234\u00a0567\u00a0€"
    assert number(0.04) == "0"
    assert number(None) == "masqué"


def test_chart_axis_is_french() -> None:
    rows = [("janv.", "Km", 0.0), ("févr.", "Km", 20_000.0)]
    svg = render_svg(line_chart(**WORDS, rows=rows, time="Mois", series="Type"), paper=True)
    assert "20\u00a0000" in svg


def test_chart_names_each_line_at_its_end() -> None:
    drawn = words_of(render_svg(CHARTS["line"], paper=True))
    assert {"Départs", "Demandes"} <= set(drawn)


def test_heatmap_cuts_its_colours_in_steps() -> None:
    svg = render_svg(CHARTS["heat"], paper=True)
    assert "Gradient" not in svg
    assert "masqué" in svg
    assert "#E4E0D8" in svg


def test_paired_dots_accept_an_apostrophe() -> None:
    rows = [("Langue", 1.0, 2.0)]
    spec = paired_dots(**WORDS, rows=rows, category="Thème", before="L'avant", after="L'après")
    assert "L'avant" in words_of(render_svg(spec, paper=True))


def test_chart_says_its_figures_in_words() -> None:
    assert CHARTS["pair"].alt == (
        "Graphique. La sécurité revient souvent. Sécurité : 62\u00a0% puis 20\u00a0% ; "
        "L’autre : 10\u00a0% puis 80\u00a0%."
    )
    assert "Sécurité, Après : masqué" in CHARTS["grouped"].alt


def test_chart_of_nothing_is_drawn() -> None:
    assert render_svg(bar_chart(**WORDS, rows=[])).startswith("<svg")
    empty = heatmap(**WORDS, rows=[], row="Thème", column="Acteur")
    assert render_svg(empty).startswith("<svg")


def test_chart_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = data_uri(CHARTS["bar"])
    monkeypatch.setattr(render, "_draw", lambda spec: pytest.fail("drawn again"))
    assert data_uri(CHARTS["bar"]) == first


def test_chart_is_drawn_when_the_cache_is_down(settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    assert render_svg(CHARTS["bar"]).startswith("<svg")


def test_chart_tag_shows_words_image_and_table() -> None:
    source = engines["django"].from_string("{% load charts %}{% chart c paper=paper %}")
    page = source.render({"c": CHARTS["bar"], "paper": False})
    assert "La sécurité revient souvent" in page
    assert "n = 12" in page
    assert '<th scope="row">Sécurité</th>' in page
    image = re.search(r'src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', page)
    assert image is not None
    assert base64.b64decode(image[1]).startswith(b"<svg")
    assert image[2].startswith("Graphique.")
    paper = source.render({"c": CHARTS["bar"], "paper": True})
    assert "<details" not in paper


def test_chart_module_draws_nothing_before_a_fork() -> None:
    """vl-convert hangs in a child whose parent has used it: importing must not use it."""
    code = (
        "import django, os, sys; django.setup(); from explor.charts import render, spec\n"
        "from explor.charts.templatetags import charts\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    render._draw(__import__('json').dumps(spec.bar_chart("
        "title='t', subtitle='s', measure='m', rows=[('a', 1)]).spec)); os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], timeout=60, check=False)
    assert done.returncode == 0
