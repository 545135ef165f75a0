"""A text as the coding page shows it: blocks in HTML, each passage marked.

Blocks are written in Python, not in a template: a text of 1,500 passages is thousands of marks,
and the page must stay quick on an old phone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from capitalisation.coding.marks import MarkedBlock, Piece, marked_blocks
from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import Applied, applied_to, passages_of
from capitalisation.corpus.models import Block, Text, TextVersion, VersionKind
from explor.accounts.models import User

#: Passage id → its codings.
Codings = Mapping[int, Sequence[Applied]]


@dataclass(frozen=True)
class ShownBlock:
    """`html` is the text with its marks, `codings` the list under it."""

    block: Block
    html: SafeString
    codings: SafeString


@dataclass(frozen=True)
class Left:
    """A passage that is no longer in the text, as it was: for the team alone."""

    pk: int
    quote: str
    codes: list[str]


@dataclass(frozen=True)
class ShownText:
    """`left`: what stayed on a former wording; `doubtful`: how many passages are to be looked at
    again, those included."""

    blocks: list[ShownBlock]
    left: list[Left]
    doubtful: int


def shown_text(version: TextVersion, user: User) -> ShownText:
    """The whole version with its passages; the original bears none. Three queries."""
    if version.kind != VersionKind.PSEUDONYMISED:
        return ShownText(_shown(version, list(version.blocks.all()), [], {}, user), [], 0)
    rows = passages_of(version)
    applied = applied_to(rows)
    excerpts = list(rows)
    behind = [row for row in excerpts if row.version_id != version.pk]
    doubted = {pk for pk, codings in applied.items() if any(c.doubtful for c in codings)}
    return ShownText(
        _shown(version, list(version.blocks.all()), excerpts, applied, user),
        [Left(row.pk, row.quote, [c.label for c in applied.get(row.pk, ())]) for row in behind],
        len(doubted | {row.pk for row in behind}),
    )


def shown_block(version: TextVersion, user: User, position: int) -> list[ShownBlock]:
    """The block at `position`, in a list; none when there is no such block."""
    blocks = list(version.blocks.filter(position=position))
    if not blocks:
        return []
    rows = passages_of(version).filter(
        version=version, start__lt=blocks[0].end, end__gt=blocks[0].start
    )
    return _shown(version, blocks, list(rows), applied_to(rows), user)


def _shown(
    version: TextVersion,
    blocks: Sequence[Block],
    excerpts: Iterable[Excerpt],
    applied: Codings,
    user: User,
) -> list[ShownBlock]:
    here = [row for row in excerpts if row.version_id == version.pk]
    return [
        ShownBlock(
            marked.block,
            pieces_html(marked.pieces, applied),
            codings_html(marked, applied, user, version.text),
        )
        for marked in marked_blocks(version.body, blocks, here)
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


def codings_html(marked: MarkedBlock, applied: Codings, user: User, text: Text) -> SafeString:
    """The passages that begin in this block, with their codes; one's own can be taken back."""
    return mark_safe(
        "".join(
            f"<li>« {escape(_short(excerpt))} » {_chips(applied.get(excerpt.pk, ()), user)}"
            f"{_again(excerpt, applied.get(excerpt.pk, ()), text)}</li>"
            for excerpt in marked.excerpts
            if excerpt.start >= marked.block.start
        )
    )


def _short(excerpt: Excerpt, length: int = 70) -> str:
    words = " ".join(excerpt.quote.split())
    return words if len(words) <= length else f"{words[:length].rstrip()}…"


def _again(excerpt: Excerpt, codings: Sequence[Applied], text: Text) -> str:
    if not any(coding.doubtful for coding in codings):
        return ""
    address = escape(reverse("passage_review", args=[text.uuid, excerpt.pk]))
    button = (
        '<button type="submit" class="btn btn-sm btn-outline-secondary" form="revoir" '
        f'formaction="{address}" name='
    )
    return (
        f' <span class="tag">à revoir</span> {button}"keep" value="1">Garder ces codes</button> '
        f'{button}"drop" value="1">Retirer le passage</button>'
    )


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
