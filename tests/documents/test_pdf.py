from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django.fixtures import Settings
from weasyprint.urls import FatalURLFetchingError

from explor.documents.fetching import PaperFetcher, paper_root
from explor.documents.pdf import print_html, render_pdf
from tests.documents.sample import CHART, sample_html
from tests.pdf import check_pdf


def test_pdf_is_readable_by_a_screen_reader() -> None:
    report = check_pdf(print_html(sample_html()))
    assert report.problems == []
    assert report.title == "Document d’essai"
    assert report.figures == [CHART.alt]
    assert report.outline == [
        "Ce que quatre missions nous apprennent",
        "Ce qui a été fait",
        "Ce qui en est dit",
    ]


def test_pdf_uses_our_fonts_only() -> None:
    fonts = check_pdf(print_html(sample_html())).fonts
    assert fonts
    ours = ("Atkinson", "Fraunces", "Source-Sans", "SourceSans", "Explor")
    assert [name for name in fonts if not any(one in name for one in ours)] == []


def test_pdf_keeps_french_typography() -> None:
    text = check_pdf(print_html(sample_html())).text
    assert "un accueil chaleureux" in text
    assert "→" in text
    assert "□" in text


def test_pdf_of_the_same_data_is_the_same() -> None:
    assert print_html(sample_html()) == print_html(sample_html())


def test_pdf_links_lead_to_the_site(settings: Settings) -> None:
    settings.SITE_URL = "https://explor.example"
    report = check_pdf(print_html(sample_html()))
    assert report.links == ["https://explor.example/missions/EX-2026-014/"]


def test_check_pdf_finds_a_figure_without_words() -> None:
    image = Image.new("RGB", (4, 4))
    folder = default_storage.save("essai.png", ContentFile(b""))
    with default_storage.open(folder, "wb") as out:
        image.save(out, "PNG")
    drawn = f'<figure><img src="media:{folder}"></figure>'
    problems = check_pdf(print_html(sample_html(extra=drawn))).problems
    assert [p for p in problems if p.startswith("image sans texte")] != []


def test_check_pdf_finds_a_missing_glyph() -> None:
    problems = check_pdf(print_html(sample_html(extra="<p>\U0001b170</p>"))).problems
    assert [p for p in problems if "sans dessin" in p] != []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "https://explor.example/logo.png",
        "ftp://explor.example/a",
        "file:///etc/passwd",
        "static:../build.mjs",
        "static:css/../../../manage.py",
        "static:%2e%2e/package.json",
        "media:../secret",
        "media:/etc/passwd",
        "//explor.example/a.png",
        "/etc/passwd",
    ],
)
def test_pdf_refuses_addresses_from_elsewhere(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        print_html(sample_html(extra=f'<p><img src="{address}" alt="x"></p>'))


def test_pdf_refuses_a_link_that_leaves_static(tmp_path: Path) -> None:
    with pytest.raises(FatalURLFetchingError):
        PaperFetcher().fetch((tmp_path / "x.css").as_uri())


def test_pdf_reads_static_and_stored_files() -> None:
    name = default_storage.save("photo.txt", ContentFile(b"photo"))
    assert PaperFetcher().fetch(f"media:{name}").read() == b"photo"
    sheet = (paper_root() / "css" / "paper.css").read_bytes()
    assert PaperFetcher().fetch("static:css/paper.css").read() == sheet


def test_render_pdf_fills_a_template() -> None:
    report = check_pdf(render_pdf("pdf/base.html", {}, title="Récépissé de dépôt"))
    assert report.title == "Récépissé de dépôt"
    assert report.pages == 1
