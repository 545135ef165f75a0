"""Cutting overlapping passages into flat pieces, so that HTML can mark them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from capitalisation.coding.models import Excerpt
from capitalisation.corpus.models import Block


@dataclass(frozen=True)
class Piece:
    """`body[start:end]` and the passages that cover it (none for plain text)."""

    start: int
    end: int
    text: str
    excerpts: tuple[Excerpt, ...] = ()

    @property
    def depth(self) -> int:
        """How many passages overlap here, at most 3: the shades that CSS knows."""
        return min(len(self.excerpts), 3)


@dataclass
class MarkedBlock:
    block: Block
    pieces: list[Piece] = field(default_factory=list)

    @property
    def excerpts(self) -> list[Excerpt]:
        """The passages that touch this block, each once, in reading order."""
        seen = {excerpt.pk: excerpt for piece in self.pieces for excerpt in piece.excerpts}
        return sorted(seen.values(), key=lambda excerpt: (excerpt.start, excerpt.end))


def flat_pieces(body: str, start: int, end: int, excerpts: Iterable[Excerpt]) -> list[Piece]:
    """`body[start:end]` cut wherever a passage begins or ends. Sorted once, swept once."""
    inside = sorted(
        (e for e in excerpts if e.start < end and e.end > start), key=lambda e: (e.start, e.end)
    )
    cuts = sorted(
        {start, end}
        | {min(max(e.start, start), end) for e in inside}
        | {min(max(e.end, start), end) for e in inside}
    )
    pieces: list[Piece] = []
    waiting = 0
    open_now: list[Excerpt] = []
    for left, right in pairwise(cuts):
        open_now = [e for e in open_now if e.end > left]
        while waiting < len(inside) and inside[waiting].start <= left:
            if inside[waiting].end > left:
                open_now.append(inside[waiting])
            waiting += 1
        pieces.append(Piece(left, right, body[left:right], tuple(open_now)))
    return pieces


def marked_blocks(
    body: str, blocks: Sequence[Block], excerpts: Sequence[Excerpt]
) -> list[MarkedBlock]:
    """Every block with its flat pieces. Linear in the text and its passages: both are in order."""
    ordered = sorted(excerpts, key=lambda e: (e.start, e.end))
    found: list[MarkedBlock] = []
    waiting = 0
    near: list[Excerpt] = []
    for block in blocks:
        near = [e for e in near if e.end > block.start]
        while waiting < len(ordered) and ordered[waiting].start < block.end:
            near.append(ordered[waiting])
            waiting += 1
        found.append(MarkedBlock(block, flat_pieces(body, block.start, block.end, near)))
    return found
