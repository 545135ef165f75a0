"""« État de frais »: the statement of a mission's expenses, to sign and to send with receipts."""

from explor import clock
from explor.documents.pdf import print_html, render_html
from missions.dossier.models import Mission
from missions.funding.overview import overview_of


def expense_statement(mission: Mission) -> bytes:
    """The expenses of the day as a PDF: each in its currency, its rate, its euros, its receipt."""
    today = clock.today()
    html = render_html(
        "pdf/expense_statement.html",
        {"mission": mission, "money": overview_of(mission, today), "issued_on": today},
        title=f"État de frais · {mission.reference}",
        author=str(mission.holder),
    )
    return print_html(html)
