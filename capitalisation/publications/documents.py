"""The booklet on paper: composed from the data, laid out as PDF/UA-1."""

from functools import partial
from typing import Any

from capitalisation.publications.content import compose
from capitalisation.publications.models import Booklet
from capitalisation.publications.printed import BookletPdf, printed_of
from capitalisation.publications.printing import hold_sources, keep_printing
from explor.documents.exports import Produced, Progress, register
from explor.documents.models import ExportJob
from explor.documents.pdf import render_pdf


def build_booklet(booklet: Booklet, progress: Progress) -> BookletPdf:
    """The PDF of a booklet, saved or not. Only what is public goes in: approved sheets,
    published practices, passages whose consent lets everyone read them.

    Raises `Refusal` when nothing would be printed.
    """
    edition = compose(booklet, progress)
    partner_rows = list(booklet.programme.partner_rows.select_related("organisation"))
    progress(55, "Mise en pages")
    content = render_pdf(
        "pdf/booklet.html",
        {
            "booklet": booklet,
            "edition": edition,
            "scope": edition.scope,
            "partner_rows": partner_rows,
            "partners": [str(row.organisation) for row in partner_rows],
        },
        title=booklet.title,
        author=booklet.programme.name,
    )
    progress(95, "Dernières vérifications")
    return BookletPdf.of(content, printed_of(edition))


def _booklet(params: dict[str, Any]) -> Booklet:
    return Booklet.objects.select_related("programme", "territory").get(pk=params["booklet"])


@register(
    "booklet",
    label="Livret « regards croisés »",
    permission="capitalisation.build_booklet",
    target=_booklet,
)
def make_booklet(job: ExportJob, progress: Progress) -> Produced:
    booklet = _booklet(job.params)
    content = build_booklet(booklet, progress)
    return Produced(
        name=f"{booklet.slug}.pdf",
        content=content,
        content_type="application/pdf",
        target=booklet,
        permission="capitalisation.read_booklet",
        hold=partial(hold_sources, content.printed),
        keep=partial(keep_printing, booklet, content.printed),
    )
