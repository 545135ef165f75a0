"""Reading what PDFs print: what may no longer be printed, where words came out."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from capitalisation.coding.readers import everyones
from capitalisation.corpus.models import QuoteLevel, Text
from capitalisation.publications.models import Booklet, BookletState
from capitalisation.publications.printed import Printed
from capitalisation.publications.printed_models import PieceKind, PrintedPiece, Printing
from explor.documents.models import StoredFile

WITHDRAWN = "Un consentement a été retiré depuis la fabrication du PDF"
_CHANGED = {
    PieceKind.PASSAGE: "un passage cité au titre de « {} » n’est plus celui qui peut l’être",
    PieceKind.SHEET: "la fiche « {} » a changé ou n’est plus publiée",
    PieceKind.PRACTICE: "la bonne pratique « {} » a changé ou n’est plus publiée",
    PieceKind.FOCUS: "le focus « {} » a été récrit",
}


def unfit(pieces: QuerySet[PrintedPiece]) -> QuerySet[PrintedPiece]:
    """The passages that could not be printed today as they were: withdrawn, erased, shown to
    fewer people, said with other words, or by somebody who wants to be named less."""
    levels = QuoteLevel.values
    as_named = Q()
    for place, level in enumerate(levels):
        as_named |= Q(level=level, text__quote_level__in=levels[place:])
    fit = PrintedPiece.objects.filter(
        as_named, excerpt__in=everyones().order_by().values("pk"), excerpt__quote=F("words")
    )
    return pieces.filter(kind=PieceKind.PASSAGE).exclude(pk__in=fit.order_by().values("pk"))


def withdrawn_texts(printing: Printing) -> int:
    """How many of the texts that it counts or quotes are withdrawn or erased since."""
    standing = Text.objects.filter(pk__in=printing.counted, withdrawn_at=None).count()
    quoted = printing.pieces.filter(kind=PieceKind.PASSAGE).exclude(text__withdrawn_at=None)
    lost = printing.pieces.filter(kind=PieceKind.PASSAGE, text=None)
    return len(printing.counted) - standing + quoted.count() + lost.count()


def troubles(printing: Printing, *, today: Printed | None = None) -> list[str]:
    """Why it may not come out, in French; with `today`, what would be printed now, also what was
    rewritten since."""
    found = [WITHDRAWN] if withdrawn_texts(printing) else []
    gone = {piece.pk: piece for piece in unfit(printing.pieces.all())}
    if today is not None:
        present = {piece.key: piece.digest for piece in today.pieces}
        changed = (row for row in printing.pieces.all() if present.get(row.key) != row.digest)
        gone |= {piece.pk: piece for piece in changed}
    return found + _named(sorted(gone.values(), key=lambda piece: piece.position))


def _named(pieces: Iterable[PrintedPiece]) -> list[str]:
    said = (_CHANGED[PieceKind(piece.kind)].format(piece.title) for piece in pieces)
    return list(dict.fromkeys(said))


def printing_of(file: StoredFile | None) -> Printing | None:
    return Printing.objects.filter(file=file).first() if file else None


def printed_keys(printing: Printing) -> tuple[list[str], list[str]]:
    """The references of its sheets, the slugs of its practices."""
    rows = printing.pieces.filter(kind__in=[PieceKind.SHEET, PieceKind.PRACTICE])
    found: dict[str, list[str]] = {PieceKind.SHEET: [], PieceKind.PRACTICE: []}
    for kind, key in rows.values_list("kind", "key"):
        found[kind].append(key.partition(":")[2])
    return found[PieceKind.SHEET], found[PieceKind.PRACTICE]


def made_printing(booklet: Booklet) -> Printing | None:
    """The PDF made of the booklet as it is now; None when it was written again since."""
    rows = booklet.printings.filter(version=booklet.version, withheld_because="")
    return rows.select_related("file").first()


def pieces_out() -> QuerySet[PrintedPiece]:
    """What stands in booklets that anyone may read."""
    return PrintedPiece.objects.filter(
        printing__booklet__state=BookletState.PUBLISHED,
        printing__file=F("printing__booklet__file"),
    ).select_related("printing__booklet")


def out_and_unfit() -> QuerySet[Booklet]:
    """Booklets that are out and print what may no longer be."""
    return Booklet.objects.filter(pk__in=unfit(pieces_out()).order_by().values("printing__booklet"))


def words_out(booklets: QuerySet[Booklet], words: str) -> list[PrintedPiece]:
    """The published passages in which these words stand, each `is_unfit` or not."""
    rows = pieces_out().filter(
        printing__booklet__in=booklets.order_by().values("pk"),
        kind=PieceKind.PASSAGE,
        words__icontains=words.strip(),
    )
    return with_fitness(rows.order_by("-printing__booklet__issued_on", "position")[:100])


def with_fitness(rows: QuerySet[PrintedPiece]) -> list[PrintedPiece]:
    found = list(rows)
    keys = [row.pk for row in found]
    gone = set(unfit(PrintedPiece.objects.filter(pk__in=keys)).values_list("pk", flat=True))
    for row in found:
        row.is_unfit = row.pk in gone  # type: ignore[attr-defined]
    return found
