"""Keeping what a PDF prints, and closing the file when it prints what may no longer be."""

from django.db.models import Q

from capitalisation.audiences import BOOKLET
from capitalisation.coding import moving  # noqa: F401  (passages move before PDFs are told)
from capitalisation.corpus import restricting, versions
from capitalisation.corpus.models import Text
from capitalisation.corpus.restricting import Restriction
from capitalisation.corpus.versions import Change
from capitalisation.practices.models import GoodPractice
from capitalisation.publications.models import Booklet
from capitalisation.publications.printed import Printed
from capitalisation.publications.printed_models import PieceKind, PrintedPiece, Printing
from capitalisation.publications.printed_queries import troubles, unfit
from capitalisation.publications.telling import tell_out_and_unfit, trace
from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from explor.documents.actions import close_file
from explor.documents.models import StoredFile
from explor.journal.verbs import Verb
from explor.locking import lock_rows
from missions.dossier.models import Mission

WITHHOLD = Verb("publications.withhold", BOOKLET)


def hold_sources(printed: Printed) -> None:
    """Until the transaction ends nothing that is printed changes: missions, then texts, then
    practices, each by key. A consent withdrawn meanwhile waits, and finds what came of it."""
    keys = [piece.key.partition(":")[2] for piece in printed.pieces]
    texts = {piece.text_id for piece in printed.pieces if piece.text_id}
    for rows in (
        Mission.objects.filter(Q(reference__in=keys) | Q(joint_with__reference__in=keys)),
        Text.objects.filter(pk__in=texts),
        GoodPractice.objects.filter(slug__in=keys),
    ):
        lock_rows(rows.only("pk"))


@step
def keep_printing(booklet: Booklet, printed: Printed, file: StoredFile) -> Printing:
    """Beside the file that was just kept, its sources held. What was withdrawn while it was
    composed closes it at once."""
    printing = Printing.objects.create(
        booklet=booklet,
        file=file,
        version=printed.version,
        printed_at=clock.now(),
        counted=printed.counted,
    )
    # a passage erased meanwhile has no row to point at
    texts = set(Text.objects.filter(pk__in={p.text_id for p in printed.pieces}).values_list("pk"))
    for piece in printed.pieces:
        piece.printing = printing
        if piece.kind == PieceKind.PASSAGE and (piece.text_id,) not in texts:
            piece.text, piece.excerpt, piece.words, piece.by = None, None, "", ""
    PrintedPiece.objects.bulk_create(printed.pieces)
    if unfit(printing.pieces.all()).exists():
        withhold(printing, troubles(printing)[0])
    return printing


@step
def withhold(printing: Printing, because: str, actor: User | None = None) -> None:
    """Nobody reads this PDF any more: it is to be made again."""
    printing.withheld_because = because[:200]
    printing.save(update_fields=["withheld_because"])
    close_file(printing.file, actor=actor)
    trace(printing.booklet, WITHHOLD, "a un PDF à refaire", actor, because)


@step
def follow_restriction(restriction: Restriction) -> None:
    """What is out is told to those who can take it back; what is not is closed."""
    if restriction.passage:
        return  # its words had changed: that was told
    _follow(restriction.text, restriction.because, restriction.actor)
    if restriction.erased:
        PrintedPiece.objects.filter(text=restriction.text).update(words="", by="")


def follow_change(change: Change) -> None:
    """A name hidden, or words changed, in a passage that was printed."""
    _follow(change.new.text, "Les mots d’un passage ont changé.", None)


def _follow(text: Text, because: str, actor: User | None) -> None:
    pieces = PrintedPiece.objects.filter(text=text)
    quoting = Booklet.objects.filter(printings__pieces__in=pieces)
    rows = Booklet.objects.filter(pk__in=quoting.values("pk")).select_related("programme")
    for booklet in lock_rows(rows):
        touched = unfit(pieces).filter(printing__booklet=booklet).values("printing")
        for printing in Printing.objects.filter(pk__in=touched, withheld_because=""):
            printing.booklet = booklet
            if printing.is_out:
                tell_out_and_unfit(booklet, because, actor)
            else:
                withhold(printing, because, actor)


restricting.register(follow_restriction)
versions.register(follow_change)
