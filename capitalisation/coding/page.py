"""A text as the coding page shows it: blocks in HTML, each passage marked.

Blocks are written in Python, not in a template: a text of 1,500 passages is thousands of marks,
and the page must stay quick on an old phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from capitalisation.coding.marks import MarkedBlock, Piece, marked_blocks
from capitalisation.coding.models import Coding, Excerpt
from capitalisation.coding.queries import passages_of
from capitalisation.corpus.models import Block, TextVersion
from explor.accounts.models import User


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
    return [
        ShownBlock(marked.block, pieces_html(marked.pieces), codings_html(marked, user))
        for marked in marked_blocks(version.body, blocks, list(excerpts))
    ]


def pieces_html(pieces: Sequence[Piece]) -> SafeString:
    """The text and nothing but the text: offsets are counted in it by the browser."""
    return mark_safe("".join(_piece(piece) for piece in pieces))


def _piece(piece: Piece) -> str:
    text = conditional_escape(piece.text)
    if not piece.excerpts:
        return str(text)
    labels = {c.code.label: None for excerpt in piece.excerpts for c in excerpt.codings.all()}
    return (
        f'<mark class="depth-{piece.depth}" title="{conditional_escape(", ".join(labels))}">'
        f"{text}</mark>"
    )


def codings_html(marked: MarkedBlock, user: User) -> SafeString:
    """The passages that begin in this block, with their codes; one's own can be taken back."""
    rows = [
        (excerpt, list(excerpt.codings.all()))
        for excerpt in marked.excerpts
        if excerpt.start >= marked.block.start
    ]
    return format_html_join(
        "", "<li>« {} » {}</li>", ((_short(e), _chips(c, user)) for e, c in rows)
    )


def _short(excerpt: Excerpt, length: int = 70) -> str:
    words = " ".join(excerpt.quote.split())
    return words if len(words) <= length else f"{words[:length].rstrip()}…"


def _chips(codings: Sequence[Coding], user: User) -> SafeString:
    return format_html_join(" ", "{}", ((_chip(coding, user),) for coding in codings))


def _chip(coding: Coding, user: User) -> SafeString:
    label = coding.code.label
    if coding.coder_id != user.pk:
        return format_html('<span class="tag" title="{}">{}</span>', coding.coder or "", label)
    return format_html(
        '<span class="tag">{0} <button class="tag-remove" form="retirer" name="coding" '
        'value="{1}" aria-label="Retirer le code {0} de ce passage">×</button></span>',
        label,
        coding.pk,
    )
