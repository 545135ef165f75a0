"""From what people write to the plain text of a version: no database here.

A body is its blocks put end to end with an empty line between; offsets count code points.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

SEPARATOR = "\n\n"
#: Control characters that neither a page, a PDF nor XML can carry.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


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
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
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
    """A function that replaces `(term, replacement)`: whole words, whatever the case, the longest
    term first, each place once. Straight and curly apostrophes, and all spaces, are the same."""
    known = [(plain(term), plain(instead)) for term, instead in terms]
    known = sorted((pair for pair in known if pair[0]), key=lambda pair: -len(pair[0]))
    if not known:
        return plain
    parts = "|".join(f"({_as_pattern(term)})" for term, _ in known)
    pattern = re.compile(rf"(?<!\w)(?:{parts})(?![\w\u0300-\u036f])", re.IGNORECASE)
    instead = [words for _, words in known]

    def apply(text: str) -> str:
        return plain(pattern.sub(lambda found: instead[(found.lastindex or 1) - 1], plain(text)))

    return apply


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


def _as_pattern(term: str) -> str:
    words = (re.escape(word) for word in term.split())
    return r"\s+".join(re.sub("['’]", "['’]", word) for word in words)
