"""Everything a booklet prints, read from the data at the moment it is made."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from capitalisation.analysis.figures import FocusFigures, focus_figures
from capitalisation.analysis.matrix import Dimension, Matrix, Question, matrix
from capitalisation.analysis.models import Focus
from capitalisation.analysis.queries import printed_evidence
from capitalisation.coding.models import Excerpt
from capitalisation.corpus.models import Text
from capitalisation.practices.models import GoodPractice
from capitalisation.practices.queries import missions_of, passages_of, published, with_evidence
from capitalisation.publications.models import Booklet, BookletSection, SectionKind
from capitalisation.publications.queries import sections_of
from capitalisation.publications.scope import Scope, method_of
from explor import clock
from explor.documents.exports import Progress
from explor.ui.errors import Refusal
from explor.ui.map import AFRICA, MapPoint, map_data_uri
from missions.dossier.models import MissionType
from missions.dossier.sheets import Sheet, sheets
from missions.dossier.shown import shown

#: Below this many texts a figure could point at somebody: it is not printed.
SMALL = 3
VERBATIMS_PER_FOCUS = 3
#: Sections whose figures count texts of the corpus.
FIGURED = {SectionKind.METHOD, SectionKind.MATRIX, SectionKind.FOCUSES}
PALETTE = ("river", "tomato", "mangrove", "ochre")


@dataclass(frozen=True)
class Quote:
    """A passage as it may be printed: who speaks as far as the consent goes, and whether it was
    written as an example."""

    text: str
    by: str
    source: str
    is_example: bool
    excerpt: Excerpt

    @classmethod
    def of(cls, excerpt: Excerpt) -> "Quote":
        text = excerpt.version.text
        moment = text.get_moment_display().lower()
        source = f"entretien {moment}" if moment else ""
        return cls(excerpt.quote.strip(), text.attribution, source, text.is_example, excerpt)


@dataclass(frozen=True)
class FocusSpread:
    focus: Focus
    figures: FocusFigures
    quotes: list[Quote]
    tint: str


@dataclass(frozen=True)
class PracticePage:
    practice: GoodPractice
    quote: Quote | None
    missions: list[str]


@dataclass(frozen=True)
class SheetPage:
    sheet: Sheet
    tint: str
    map: str


@dataclass
class Part:
    """A section with what it shows; `has_something` is false when the data hold nothing."""

    section: BookletSection
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.section.kind

    @property
    def template(self) -> str:
        return f"pdf/booklet_{self.section.kind}.html"


@dataclass
class Edition:
    """A booklet composed, ready to be laid out; `counted` are the texts behind its figures."""

    booklet: Booklet
    scope: Scope
    parts: list[Part]
    sheets: list[Sheet]
    made_on: date
    counted: frozenset[int] = frozenset()


def compose(booklet: Booklet, progress: Progress) -> Edition:
    """Read everything once. Raises `Refusal` when there is nothing to print."""
    included = [section for section in sections_of(booklet) if section.included]
    if not included:
        raise Refusal("Le livret n’a aucune partie : cochez-en au moins une.")
    scope = Scope.of(booklet)
    counted = _counted(scope, included)
    progress(5, "Lecture des fiches de mission")
    found = shown(sheets(scope.programme, territory=scope.territory, years=scope.years))
    if not found:
        raise Refusal(
            "Aucune fiche de mission n’est publiée dans ce périmètre : approuvez d’abord une "
            "fiche, ou élargissez le territoire ou les années du livret."
        )
    parts = []
    for place, section in enumerate(included):
        progress(10 + 40 * place // len(included), section.title)
        reader = _READERS.get(SectionKind(section.kind))
        parts.append(Part(section, reader(scope, found) if reader else {}))
    # those that came or left while the figures were read count as read
    counted |= _counted(scope, included)
    return Edition(booklet, scope, parts, found, clock.today(), counted)


def _counted(scope: Scope, included: list[BookletSection]) -> frozenset[int]:
    if not {section.kind for section in included} & FIGURED:
        return frozenset()
    texts = Text.objects.filter(programme=scope.programme, withdrawn_at=None)
    return frozenset(texts.values_list("pk", flat=True))


def _programme(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    return {
        "programme": scope.programme,
        "types": _types(found),
        "territories": list(scope.programme.territories.all()),
        "map": map_of(found),
    }


def _types(found: list[Sheet]) -> list[tuple[str, int]]:
    """Each type of mission of the typology, and how many of these missions have it."""
    return [
        (label, sum(len(sheet.missions) for sheet in found if label in sheet.types))
        for label in map(str, MissionType.labels)
    ]


def _method(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    return {"programme": scope.programme, "method": method_of(scope)}


def _sheets(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    pages = [
        SheetPage(sheet, PALETTE[place % len(PALETTE)], map_of([sheet], region="auto", width=300))
        for place, sheet in enumerate(found)
    ]
    return {"pages": pages, "map": map_of(found)}


def _matrix(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    tables = []
    for by in (Dimension.TYPE, Dimension.MOMENT):
        question = Question(
            by=by.value,
            territory=scope.territory.slug if scope.territory else "",
            year=str(scope.years[0]) if len(scope.years) == 1 else "",
        )
        tables.append(Table.of(str(by.label), matrix(scope.programme, question)))
    return {"tables": [table for table in tables if table.rows], "small": SMALL}


@dataclass(frozen=True)
class TableCell:
    """`step` is the tint, 0 to 4; None when the cell is too small to be printed."""

    text: str
    step: int | None


@dataclass(frozen=True)
class TableRow:
    label: str
    depth: int
    cells: list[TableCell]


@dataclass(frozen=True)
class Table:
    title: str
    columns: list[tuple[str, int]]
    rows: list[TableRow]
    n: int
    codebook_version: int

    @classmethod
    def of(cls, title: str, found: Matrix) -> "Table":
        """Two levels of the codebook; themes without any figure to print are left out."""
        rows = []
        for row in found.rows:
            if row.depth > 1 or not row.texts:
                continue
            cells = [
                TableCell("", None)
                if cell.masked(SMALL)
                else TableCell(f"{cell.texts}", _step(cell.share))
                for cell in row.cells
            ]
            if any(cell.step for cell in cells):
                rows.append(TableRow(row.code.label, row.depth, cells))
        columns = [(column.label, column.of) for column in found.columns]
        return cls(title, columns, rows, found.n, found.codebook_version)


def _step(share: float | None) -> int:
    return 0 if not share else min(4, 1 + int(share * 4))


def _focuses(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    spreads = []
    for place, focus in enumerate(scope.programme.focuses.select_related("programme")):
        chosen = printed_evidence(focus)[:VERBATIMS_PER_FOCUS]
        tint = PALETTE[(place + 2) % len(PALETTE)]
        quotes = [Quote.of(excerpt) for excerpt in chosen]
        spreads.append(FocusSpread(focus, focus_figures(focus), quotes, tint))
    return {"spreads": spreads}


def _practices(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    titles = {mission.reference: sheet.heading for sheet in found for mission in sheet.missions}
    pages = []
    for practice in with_evidence(published(scope.programme)):
        excerpts = passages_of(practice)
        behind = (titles.get(mission.reference, "") for mission in missions_of(practice))
        pages.append(
            PracticePage(
                practice,
                Quote.of(excerpts[0]) if excerpts else None,
                list(dict.fromkeys(filter(None, behind))),
            )
        )
    return {"pages": pages}


def _next(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    return {"programme": scope.programme}


def _partners(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    rows = scope.programme.partner_rows.select_related("organisation")
    return {"partners": list(rows)}


def _credits(scope: Scope, found: list[Sheet]) -> dict[str, Any]:
    actors: dict[str, list[str]] = {}
    for sheet in found:
        for word, name in (
            ("Associations porteuses", sheet.holder.full_name),
            ("Partenaires sur place", sheet.partner.full_name if sheet.partner else ""),
            *(("Structures des volontaires", name) for name in sheet.home_structures),
        ):
            if name and name not in actors.setdefault(word, []):
                actors[word].append(name)
    return {"actors": actors}


def map_of(found: list[Sheet], *, region: str = "", width: int = 460) -> str:
    """The places of the missions, named by their numbers; empty when none is known. France is on
    the same sheet as long as every place is near it."""
    points = [
        MapPoint(_numbers(sheet), sheet.latitude, sheet.longitude, count=len(sheet.missions))
        for sheet in found
        if sheet.latitude is not None and sheet.longitude is not None
    ]
    west, south, east, north = AFRICA
    near = all(west < p.longitude < east and south < p.latitude < north for p in points)
    frame = region or ("africa" if near else "auto")
    return map_data_uri(points, region=frame, width=width) if points else ""


def _numbers(sheet: Sheet) -> str:
    return " et ".join(map(str, sheet.numbers)) or sheet.reference


_READERS: dict[SectionKind, Callable[[Scope, list[Sheet]], dict[str, Any]]] = {
    SectionKind.PROGRAMME: _programme,
    SectionKind.METHOD: _method,
    SectionKind.SHEETS: _sheets,
    SectionKind.MATRIX: _matrix,
    SectionKind.FOCUSES: _focuses,
    SectionKind.PRACTICES: _practices,
    SectionKind.NEXT: _next,
    SectionKind.PARTNERS: _partners,
    SectionKind.CREDITS: _credits,
}
