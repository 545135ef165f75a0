"""From what people write to the plain text of a version: no database here.

A body is its blocks put end to end with an empty line between; offsets count code points.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from capitalisation.corpus.folding import bare

SEPARATOR = "\n\n"
#: Control characters that neither a page, a PDF nor XML can carry.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
#: What programs write where a line or a page ends.
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
#: What may stand between two names of one person, and what stands for an apostrophe in one.
_GAP = r"[\s_-]+"
_APOSTROPHE = r"[\s_-]*'?[\s_-]*"
#: A word cut at the end of a line.
_CUT = r"(?:-\s*\n\s*)?"
_PARTS = re.compile(rf"(?P<word>[^\W_]+)|(?P<apostrophe>[\s_-]*'[\s_-]*)|(?P<gap>{_GAP})|.")


@dataclass(frozen=True)
class NewBlock:
    """One turn or answer to pour into the corpus."""

    text: str
    speaker: str = ""
    question: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Span:
    """A block and its place: `body[start:end]` is its text."""

    block: NewBlock
    start: int
    end: int


def plain(text: str) -> str:
    """NFC, LF only, no BOM, no control character, no blank at either end."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _CONTROLS.sub("", text)).strip()


def compose(blocks: Iterable[NewBlock]) -> tuple[str, list[Span]]:
    """The body and the exact place of every block; blocks without text are left out."""
    spans: list[Span] = []
    at = 0
    for block in blocks:
        text = plain(block.text)
        if not text:
            continue
        spans.append(Span(replace(block, text=text), at, at + len(text)))
        at += len(text) + len(SEPARATOR)
    return SEPARATOR.join(span.block.text for span in spans), spans


def pseudonymiser(terms: Sequence[tuple[str, str]]) -> Callable[[str], str]:
    """A function that replaces `(term, replacement)`: whole words, however they are written
    (see `folding.bare`), the longest term first, each place once."""
    known = [(name_key(term), plain(instead)) for term, instead in terms]
    known = sorted((pair for pair in known if pair[0]), key=lambda pair: -len(pair[0]))
    if not known:
        return plain
    pattern = re.compile("|".join(f"({_as_pattern(key)})" for key, _ in known))
    instead = [words for _, words in known]

    def apply(text: str) -> str:
        folded = bare(plain(text))
        pieces, at = [], 0
        for found in pattern.finditer(folded.text):
            start, end = folded.span(*found.span())
            pieces += [folded.source[at:start], instead[(found.lastindex or 1) - 1]]
            at = end
        return plain("".join([*pieces, folded.source[at:]]))

    return apply


def name_key(term: str) -> str:
    """What two writings of one name share; empty when no sign is left to look for."""
    key = bare(plain(term)).text.strip(" \n_-'")
    return key if any(sign.isalnum() for sign in key) else ""


def pseudonymised(blocks: Iterable[NewBlock], terms: Sequence[tuple[str, str]]) -> list[NewBlock]:
    """The blocks with every term replaced, in what is said, asked, and who says it."""
    apply = pseudonymiser(terms)
    return [
        replace(
            block,
            text=apply(block.text),
            speaker=apply(block.speaker),
            question=apply(block.question),
        )
        for block in blocks
    ]


def _as_pattern(key: str) -> str:
    parts = "".join(_as_part(found) for found in _PARTS.finditer(key))
    return f"(?<!{_beside(key[0])}){parts}(?!{_beside(key[-1])})"


def _as_part(found: re.Match[str]) -> str:
    if found.lastgroup == "word":
        return _CUT.join(found[0])
    return {"gap": _GAP, "apostrophe": _APOSTROPHE}.get(found.lastgroup or "", re.escape(found[0]))


def _beside(edge: str) -> str:
    """What next to this edge would make a longer word of it: letters, or digits, or anything."""
    if edge.isdigit():
        return r"\d"
    return r"[^\W\d_]" if edge.isalnum() else r"(?!)"
