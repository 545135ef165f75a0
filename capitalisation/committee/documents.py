"""The monthly file of the committee, as a PDF."""

from datetime import date

from capitalisation.committee.figures import Period
from capitalisation.committee.queries import agenda_of, read_month
from explor import clock
from explor.accounts.models import User
from explor.documents.pdf import render_pdf
from missions.dossier.models import Programme


def month_pdf(programme: Programme, month: date, *, reader: User | None = None) -> bytes:
    """Figures, trends and agenda of a month; `reader` sees only the missions they may open."""
    page = read_month(programme, month)
    context = {
        "programme": programme,
        "page": page,
        "period": Period.of(month),
        "charts": page.charts(),
        "agenda": agenda_of(programme, reader, clock.today()),
    }
    title = f"Dossier mensuel du comité · {page.month.label}"
    return render_pdf("pdf/committee_month.html", context, title=title, author=programme.name)
