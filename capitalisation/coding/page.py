"""A text as the coding page shows it: blocks in HTML, each passage marked.

Blocks are written in Python, not in a template: a text of 1,500 passages is thousands of marks,
and the page must stay quick on an old phone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from capitalisation.coding.marks import MarkedBlock, Piece, marked_blocks
from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import Applied, applied_to, passages_of
from capitalisation.corpus.models import Block, TextVersion
from explor.accounts.models import User

#: Passage id → its codings.
Codings = Mapping[int, Sequence[Applied]]


@dataclass(frozen=True)
class ShownBlock:
    """`html` is the text with its marks, `codings` the list under it."""

    block: Block
    html: SafeString
    codings: SafeString


def shown_blocks(version: TextVersion, user: User, *, only: int | None = None) -> list[ShownBlock]:
    """Every block of the version, or the one at position `only`. Three queries."""
    rows = version.blocks.all()
    excerpts = passages_of(version)
    if only is not None:
        rows = rows.filter(position=only)
    blocks = list(rows)
    if only is not None and blocks:
        excerpts = excerpts.filter(start__lt=blocks[0].end, end__gt=blocks[0].start)
    applied = applied_to(excerpts)
    return [
        ShownBlock(
            marked.block, pieces_html(marked.pieces, applied), codings_html(marked, applied, user)
        )
        for marked in marked_blocks(version.body, blocks, list(excerpts))
    ]


def pieces_html(pieces: Sequence[Piece], applied: Codings) -> SafeString:
    """The text and nothing but the text: offsets are counted in it by the browser."""
    return mark_safe("".join(_piece(piece, applied) for piece in pieces))


def _piece(piece: Piece, applied: Codings) -> str:
    text = escape(piece.text)
    if not piece.excerpts:
        return text
    said = dict.fromkeys(c.label for excerpt in piece.excerpts for c in applied.get(excerpt.pk, ()))
    return f'<mark class="depth-{piece.depth}" title="{escape(", ".join(said))}">{text}</mark>'


def codings_html(marked: MarkedBlock, applied: Codings, user: User) -> SafeString:
    """The passages that begin in this block, with their codes; one's own can be taken back."""
    return mark_safe(
        "".join(
            f"<li>« {escape(_short(excerpt))} » {_chips(applied.get(excerpt.pk, ()), user)}</li>"
            for excerpt in marked.excerpts
            if excerpt.start >= marked.block.start
        )
    )


def _short(excerpt: Excerpt, length: int = 70) -> str:
    words = " ".join(excerpt.quote.split())
    return words if len(words) <= length else f"{words[:length].rstrip()}…"


def _chips(codings: Iterable[Applied], user: User) -> str:
    return " ".join(_chip(coding, user) for coding in codings)


def _chip(coding: Applied, user: User) -> str:
    label = escape(coding.label)
    if coding.coder_id != user.pk:
        return f'<span class="tag" title="{escape(coding.coder)}">{label}</span>'
    return (
        f'<span class="tag">{label} <button class="tag-remove" form="retirer" name="coding" '
        f'value="{coding.pk}" aria-label="Retirer le code {label} de ce passage">×</button></span>'
    )
