"""From a template to a PDF people and screen readers can read (PDF/UA-1)."""

import threading
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from explor import clock
from explor.documents.fetching import PaperFetcher, paper_root

_kept = threading.local()


def render_pdf(
    template: str, context: dict[str, Any], *, title: str, lang: str = "fr", author: str = "Explor"
) -> bytes:
    """The PDF of `template`, which extends `pdf/base.html`.

    Tagged, with its language, title and bookmarks, fonts embedded. The same data on the same
    day give the same pages. Raises FatalURLFetchingError when the page asks for an address
    outside static and stored files.
    """
    html = render_html(template, context, title=title, lang=lang, author=author)
    return print_html(html)


def render_html(
    template: str, context: dict[str, Any], *, title: str, lang: str = "fr", author: str = "Explor"
) -> str:
    """The finished page before it is laid out on paper."""
    common = {"title": title, "lang": lang, "author": author, "issued_on": clock.today()}
    return render_to_string(template, {**common, **context})


def print_html(html: str) -> bytes:
    """Lay out a finished page. Links without a host lead to the public site."""
    sheet, fonts = _paper()
    document = HTML(string=html, base_url=settings.SITE_URL, url_fetcher=PaperFetcher())
    content: bytes = document.write_pdf(
        stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True
    )
    return content


def _paper() -> tuple[Any, Any]:
    """The parsed style sheet and its fonts, kept by each thread until the file changes.

    Parsing them again costs more than laying out a page; Pango's objects must not be shared
    between threads.
    """
    path = paper_root() / "css" / "paper.css"
    stamp = path.stat().st_mtime_ns
    if getattr(_kept, "stamp", None) != stamp:
        fonts = FontConfiguration()
        sheet = CSS(url="static:css/paper.css", font_config=fonts, url_fetcher=PaperFetcher())
        _kept.stamp, _kept.paper = stamp, (sheet, fonts)
    paper: tuple[Any, Any] = _kept.paper
    return paper
