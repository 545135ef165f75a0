"""From what is composed to what is kept of it: the pieces of an edition, and their digests."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from capitalisation.publications.content import Edition, FocusSpread, PracticePage, Quote
from capitalisation.publications.models import SectionKind
from capitalisation.publications.printed_models import PieceKind, PrintedPiece
from missions.dossier.sheets import Sheet


@dataclass(frozen=True)
class Printed:
    """What an edition prints, not saved yet; `version` is the booklet's."""

    version: int
    pieces: list[PrintedPiece]
    counted: list[int]


class BookletPdf(bytes):
    """The PDF with what it prints, so that neither is kept without the other."""

    printed: Printed

    @classmethod
    def of(cls, content: bytes, printed: Printed) -> "BookletPdf":
        made = cls(content)
        made.printed = printed
        return made


def printed_of(edition: Edition) -> Printed:
    pieces = list(_pieces(edition))
    for position, piece in enumerate(pieces, start=1):
        piece.position = position
    return Printed(edition.booklet.version, pieces, sorted(edition.counted))


def _pieces(edition: Edition) -> Iterator[PrintedPiece]:
    """Sheets are told all over a booklet: on their page, the map, the credits."""
    for sheet in edition.sheets:
        yield _sheet(sheet)
    for part in edition.parts:
        if part.kind == SectionKind.FOCUSES:
            for spread in part.data["spreads"]:
                yield from _focus(spread)
        if part.kind == SectionKind.PRACTICES:
            for page in part.data["pages"]:
                yield from _practice(page)


def _sheet(sheet: Sheet) -> PrintedPiece:
    told = [
        sheet.heading,
        sheet.title,
        sheet.summary,
        sheet.facts,
        [str(part) for part in sheet.components],
        [str(point) for point in sheet.points],
    ]
    title = f"{sheet.heading} : {sheet.title}"
    return _piece(PieceKind.SHEET, SectionKind.SHEETS, f"sheet:{sheet.reference}", title, told)


def _focus(spread: FocusSpread) -> Iterator[PrintedPiece]:
    focus = spread.focus
    told = [focus.title, focus.article]
    key = f"focus:{focus.slug}"
    section = SectionKind.FOCUSES
    yield _piece(PieceKind.FOCUS, section, key, focus.title, told, version=focus.version)
    for quote in spread.quotes:
        yield _passage(quote, section, key, focus.title)


def _practice(page: PracticePage) -> Iterator[PrintedPiece]:
    practice = page.practice
    told = [practice.title, practice.summary, practice.body, practice.how_to, page.missions]
    key = f"practice:{practice.slug}"
    section = SectionKind.PRACTICES
    yield _piece(PieceKind.PRACTICE, section, key, practice.title, told, version=practice.version)
    if page.quote:
        yield _passage(page.quote, section, key, practice.title)


def _passage(quote: Quote, section: SectionKind, under: str, title: str) -> PrintedPiece:
    """The same passage may stand under a focus and a practice: `under` says which."""
    excerpt = quote.excerpt
    told = [quote.text, quote.by, quote.source, quote.is_example]
    key = f"{under}:{excerpt.uuid}"[-120:]
    piece = _piece(PieceKind.PASSAGE, section, key, title, told, version=excerpt.version.no)
    piece.excerpt, piece.text_id = excerpt, excerpt.version.text_id
    piece.words, piece.by = excerpt.quote, quote.by
    piece.level = excerpt.version.text.quote_level
    return piece


def _piece(
    kind: PieceKind,
    section: SectionKind,
    key: str,
    title: str,
    told: list[Any],
    *,
    version: int | None = None,
) -> PrintedPiece:
    return PrintedPiece(
        kind=kind,
        section=section,
        key=key,
        title=title[:200],
        version=version,
        digest=hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest(),
    )
