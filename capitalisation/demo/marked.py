"""Texts written with their coding: `⟦a passage|code other-code @handle⟧`.

The words and what supports an article cannot drift apart: they are the same line.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARK = re.compile(r"⟦(?P<quote>[^⟦⟧|]+)\|(?P<tags>[^⟦⟧|]+)⟧")


@dataclass(frozen=True)
class Passage:
    """`handle` is the name by which an article cites the passage, empty for most."""

    quote: str
    codes: tuple[str, ...]
    handle: str = ""


def words_of(marked: str) -> str:
    """The text as it was said, without the marks. Raises `ValueError` on a broken mark."""
    text = _MARK.sub(lambda found: found["quote"], marked)
    if set(text) & set("⟦⟧|"):
        raise ValueError(f"broken mark in: {text[:80]}")
    return text.strip()


def passages_of(marked: str) -> list[Passage]:
    return [_passage(found["quote"], found["tags"].split()) for found in _MARK.finditer(marked)]


def _passage(quote: str, tags: Iterable[str]) -> Passage:
    codes = tuple(tag for tag in tags if not tag.startswith("@"))
    handles = [tag[1:] for tag in tags if tag.startswith("@")]
    return Passage(quote, codes, handles[0] if handles else "")


def place_of(quote: str, body: str) -> int:
    """Where the passage starts in the body. Raises `ValueError` unless it is there exactly once."""
    times = body.count(quote)
    if times != 1:
        raise ValueError(f"found {times} times: {quote}")
    return body.index(quote)
