"""Passages follow their text from one wording to the next."""

from collections.abc import Collection, Iterable, Iterator

from django.db import transaction

from capitalisation.coding.models import Coding, CodingStatus, Excerpt
from capitalisation.coding.offsets import Moves, closeness
from capitalisation.corpus.models import TextVersion, VersionKind
from capitalisation.corpus.versions import Change, lock_current, register
from explor.accounts.permits import step

#: Characters kept on each side of a quote.
AROUND = 60
#: Below this a passage was rewritten, not mended: its codes are not those of the new words.
NEAR = 0.5


def cut(excerpt: Excerpt, version: TextVersion, start: int, end: int) -> None:
    """Make it `body[start:end]` of `version`, with the words around."""
    body = version.body
    excerpt.version, excerpt.start, excerpt.end = version, start, end
    excerpt.quote = body[start:end]
    excerpt.prefix = body[max(0, start - AROUND) : start]
    excerpt.suffix = body[end : end + AROUND]


@step
def move_passages(change: Change) -> None:
    """What is found word for word goes on as it was. What changed goes too, its codes to be looked
    at again. What is no longer there stays on the former wording, which only the team may see."""
    rows = list(Excerpt.objects.filter(version=change.old).order_by("start", "end"))
    if not rows:
        return
    said = {row.pk: row.quote for row in rows}
    moved = list(_moved(rows, change))
    Excerpt.objects.bulk_update(
        moved, ["version", "start", "end", "quote", "prefix", "suffix"], batch_size=500
    )
    same = {row.pk for row in moved if row.quote == said[row.pk]}
    _doubt(said.keys() - same)


def _moved(rows: Iterable[Excerpt], change: Change) -> Iterator[Excerpt]:
    """Those that follow, cut anew; a place is taken once."""
    moves = Moves(change.old.body, change.new.body, _blocks(change.old), _blocks(change.new))
    taken = set(Excerpt.objects.filter(version=change.new).values_list("start", "end"))
    coding = Coding.objects.filter(excerpt__version=change.old)
    coded = set(coding.values_list("excerpt", flat=True))
    for row in rows:
        place = moves.place(row.start, row.end)
        words = change.new.body[place.start : place.end]
        # without a code nothing would say that it is to be looked at again
        follows = words == row.quote or (row.pk in coded and _still_it(row.quote, words, change))
        if follows and (place.start, place.end) not in taken:
            taken.add((place.start, place.end))
            cut(row, change.new, place.start, place.end)
            yield row


@step
def gather_passages() -> int:
    """Bring what stayed on former wordings to the one in force, where it is found; how many."""
    former = TextVersion.objects.filter(current=False, excerpts__isnull=False).distinct()
    before = _left_behind()
    for old in former.select_related("text").defer("search").order_by("text", "-no"):
        with transaction.atomic():
            new = lock_current(old.text, VersionKind.PSEUDONYMISED)
            if new is not None and old.kind == VersionKind.PSEUDONYMISED:
                move_passages(Change(old, new, _reworded(old)))
    return before - _left_behind()


def _reworded(old: TextVersion) -> bool:
    """Whether what was said has changed since, not only the names hidden in it."""
    originals = TextVersion.objects.filter(text=old.text, kind=VersionKind.ORIGINAL)
    then = originals.filter(no__lte=old.no).order_by("-no").values_list("sha256", flat=True)
    return not originals.filter(current=True, sha256__in=then[:1]).exists()


def _left_behind() -> int:
    return Excerpt.objects.filter(version__current=False).count()


def _still_it(quote: str, words: str, change: Change) -> bool:
    """A name that is hidden or shown again changes words, never which passage this is."""
    return bool(words.strip()) and (not change.reworded or closeness(quote, words) >= NEAR)


def _blocks(version: TextVersion) -> list[tuple[int, int]]:
    return list(version.blocks.values_list("start", "end"))


def _doubt(excerpts: Collection[int]) -> None:
    rows = Coding.objects.filter(excerpt__in=excerpts, status=CodingStatus.KEPT)
    rows.update(status=CodingStatus.TO_REVIEW)


register(move_passages)
