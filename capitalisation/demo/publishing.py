"""From passages to pages: focuses, good practices, booklets, months of the committee."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from capitalisation.analysis.actions import write_focus
from capitalisation.analysis.setup import open_focus
from capitalisation.coding.models import Code, Excerpt
from capitalisation.committee.actions import freeze_month
from capitalisation.practices.actions import (
    approve_practice,
    propose_practice,
    save_practice,
    set_evidence,
)
from capitalisation.publications.actions import (
    approve_booklet,
    attach_pdf,
    create_booklet,
    propose_booklet,
    save_booklet,
)
from capitalisation.publications.documents import build_booklet
from explor import clock
from missions.demo.cast import Cast
from missions.demo.data import day_of, read, token_of

HERE = Path(__file__).parent
WRITTEN = date(2023, 3, 20)
READ_AGAIN = date(2023, 4, 3)
MONTHS = 6
NOTES = (
    "Trois demandes arrivent de territoires nouveaux ; l’instruction prend un peu de retard.",
    "Le comité souhaite voir les départs en zone orange un mois à l’avance.",
    "Deux missions sont rentrées ; les rapports flash sont arrivés dans les dix jours.",
    "Peu de demandes ce mois-ci : les associations préparent la rentrée.",
    "Les volontaires manquent en énergie solaire, un appel est lancé auprès de l’Apes.",
    "Un rapport est en retard, la coordination a appelé la personne.",
)


def write_focuses(cast: Cast, excerpts: dict[str, Excerpt]) -> None:
    codes = {code.slug: code for code in Code.objects.filter(codebook__programme=cast.programme)}
    for row in read("focuses", HERE)["focuses"]:
        with clock.at(WRITTEN):
            focus = open_focus(
                cast.programme, **{k: row[k] for k in ("number", "kind", "slug", "title")}
            )
            write_focus(
                focus,
                title=row["title"],
                article=row["article"],
                codes=[codes[slug] for slug in row["codes"]],
                evidence=[excerpts[handle] for handle in row["evidence"]],
                actor=cast.people["researcher"],
            )


def write_practices(cast: Cast, excerpts: dict[str, Excerpt]) -> None:
    """All published but the last, which waits for its second reader."""
    researcher, coordinator = cast.people["researcher"], cast.people["coordinator"]
    for place, row in enumerate(read("practices", HERE)["practices"], start=1):
        written = {k: row[k].strip() for k in ("title", "summary", "body", "how_to")}
        with clock.at(WRITTEN + timedelta(days=place)):
            practice = save_practice(
                None, {**written, "programme": cast.programme}, actor=researcher
            )
            practice = set_evidence(
                practice, [excerpts[handle] for handle in row["evidence"]], actor=researcher
            )
            practice = propose_practice(practice, actor=researcher)
        if not row.get("proposed_only"):
            with clock.at(READ_AGAIN):
                approve_practice(practice, actor=coordinator)


def make_booklets(cast: Cast, today: date) -> None:
    for row in read("booklet", HERE)["booklets"]:
        with clock.at(day_of(row.get("on", row.get("offset_days")), today)):
            _make(cast, row)


def _make(cast: Cast, row: dict[str, Any]) -> None:
    researcher, coordinator = cast.people["researcher"], cast.people["coordinator"]
    booklet = create_booklet(
        cast.programme,
        title=row["title"],
        subtitle=row["subtitle"],
        years=row["years"],
        actor=researcher,
        token=token_of("booklet", row["key"]),
    )
    sections = {kind: {"introduction": text} for kind, text in row["introductions"].items()}
    booklet = save_booklet(booklet, {"sections": sections}, actor=researcher)
    if row["publish"]:
        attach_pdf(booklet, build_booklet(booklet, lambda *_: None), actor=researcher)
        propose_booklet(booklet, actor=researcher)
        approve_booklet(booklet, actor=coordinator)


def freeze_months(cast: Cast, today: date) -> None:
    """The months before this one, each frozen on the third of the month after."""
    first = today.replace(day=1)
    months = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    for month, note in zip(reversed(months), NOTES, strict=True):
        over = (month + timedelta(days=32)).replace(day=3)
        with clock.at(min(over, today)):
            freeze_month(cast.programme, month, actor=cast.people["coordinator"], note=note)
