"""The printing half of bench/paper.py, in the environment of a site.

`compare SHEETS BOOKLETS` times ours beside WeasyPrint alone; `ours SHEETS` and `bare SHEETS` lay
out sheets as fast as one process can, once « go » is read.
"""

import json
import resource
import sys

import django

django.setup()

from itertools import cycle, islice  # noqa: E402
from typing import Any  # noqa: E402

import pikepdf  # noqa: E402
from django.conf import settings  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from bench.timing import Pair  # noqa: E402
from capitalisation.publications.documents import build_booklet  # noqa: E402
from capitalisation.publications.queries import latest_booklet  # noqa: E402
from explor.documents import pdf  # noqa: E402
from explor.documents.fetching import PaperFetcher  # noqa: E402
from missions.dossier.documents import paper_sheet  # noqa: E402
from missions.dossier.models import Mission, Programme  # noqa: E402
from missions.dossier.sheets import public_missions, sheet_of  # noqa: E402


class Bare:
    """WeasyPrint and nothing else, its style sheet parsed beforehand."""

    def __init__(self) -> None:
        self.fonts = FontConfiguration()
        self.sheet = CSS(
            url="static:css/paper.css", font_config=self.fonts, url_fetcher=PaperFetcher()
        )

    def __call__(self, html: str) -> bytes:
        document = HTML(string=html, base_url=settings.SITE_URL, url_fetcher=PaperFetcher())
        made: bytes = document.write_pdf(
            stylesheets=[self.sheet],
            font_config=self.fonts,
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
        )
        return made


def missions(count: int) -> list[Mission]:
    """Published missions, over again when there are fewer."""
    rows = public_missions().filter(joint_with=None).defer("search").order_by("pk")
    return list(islice(cycle(list(rows[:count])), count))


def our_sheet(mission: Mission) -> bytes:
    """From the data to the paper, never from the cache."""
    return pdf.print_html(paper_sheet(sheet_of(mission)).html)


def compare_sheets(count: int) -> dict[str, Any]:
    bare, pair = Bare(), Pair()
    rows = missions(count)
    our_sheet(rows[0])
    bare(paper_sheet(sheet_of(rows[0])).html)
    for row in rows:
        html = paper_sheet(sheet_of(row)).html
        pair.take(lambda row=row: our_sheet(row), lambda html=html: bare(html))
    return _told(pair, our_sheet(rows[0]))


def compare_booklets(count: int) -> dict[str, Any]:
    programme = Programme.objects.get(slug="essai")
    bare, pair = Bare(), Pair()
    seen: list[str] = []
    usual = pdf.print_html
    pdf.print_html = lambda html: seen.append(html) or b""  # type: ignore[func-returns-value]
    build_booklet(latest_booklet(programme), lambda percent, step: None)
    pdf.print_html = usual
    made: list[bytes] = []
    for _ in range(count):
        pair.take(
            lambda: made.append(build_booklet(latest_booklet(programme), lambda *step: None)),
            lambda: bare(seen[0]),
        )
    return _told(pair, made[0])


def _told(pair: Pair, made: bytes) -> dict[str, Any]:
    import io

    with pikepdf.open(io.BytesIO(made)) as document:
        count = len(document.pages)
    pages = f"{count} page{'s' if count > 1 else ''}"
    return {"ours": pair.ours.taken, "floor": pair.floor.taken, "pages": pages}


def press(how: str, count: int) -> None:
    rows = missions(count)
    if how == "bare":
        bare = Bare()
        finished = [paper_sheet(sheet_of(row)).html for row in rows]
        bare(finished[0])
    else:
        our_sheet(rows[0])
    print("warm", flush=True)
    sys.stdin.readline()
    for place in range(count):
        bare(finished[place]) if how == "bare" else our_sheet(rows[place])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"peak": peak}))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compare", sheets, booklets]:
            told = {
                "sheet": compare_sheets(int(sheets)),
                "booklet": compare_booklets(int(booklets)),
            }
            print(json.dumps(told))
        case [how, sheets]:
            press(how, int(sheets))
