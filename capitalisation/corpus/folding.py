"""Reading a text as an eye does, each sign keeping its place: no database here.

`bare()` sees one name under every way of writing it: capitals, accents, apostrophes, hyphens,
spaces, invisible marks. `copied()` sees what a browser copies of a page: plain spaces, no
invisible mark. Both tell where in the source each of their signs stands.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = frozenset("'’‘‛ʼʻʹʽʾʿ´`′＇ꞌ")
_HYPHENS = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d")
_LINE_ENDS = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
#: Signs without ink that Unicode does not class as formatting: fillers, the kashida.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u0640")
#: Letters that no decomposition takes apart, as people type them on another keyboard.
_PLAIN_LETTERS = {
    "đ": "d",
    "ð": "d",
    "ɖ": "d",
    "ɗ": "d",
    "ø": "o",
    "ɔ": "o",
    "ɛ": "e",
    "ə": "e",
    "ǝ": "e",
    "ɓ": "b",
    "ƙ": "k",
    "ɣ": "g",
    "ƴ": "y",
    "ʋ": "v",
    "ƒ": "f",
    "ħ": "h",
    "ı": "i",
    "ł": "l",
    "ŋ": "n",
    "ɲ": "n",
    "œ": "oe",
    "æ": "ae",
    "þ": "th",
}


@dataclass(frozen=True)
class Folded:
    """`text[i]` stands for the sign of the source at `places[i]`."""

    source: str
    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, not empty, lies in the source. Marks without a place of their
        own (accents, soft hyphens) go with the sign they follow."""
        last = self.places[end] if end < len(self.places) else len(self.source)
        return self.places[start], max(last, self.places[end - 1] + 1)


def bare(text: str) -> Folded:
    return _fold(text, _bare_sign)


def copied(text: str) -> Folded:
    return _fold(text, _copied_sign)


def _fold(text: str, fold: Callable[[str], str]) -> Folded:
    signs: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for sign in fold(char):
            signs.append(sign)
            places.append(place)
    return Folded(text, "".join(signs), places)


@lru_cache(maxsize=8192)
def _copied_sign(char: str) -> str:
    if char in _LINE_ENDS or char.isspace():
        return " "
    if char in _APOSTROPHES:
        return "'"
    if char in _HYPHENS:
        return "-"
    if char in _UNSEEN or unicodedata.category(char) in {"Cf", "Cc"}:
        return ""
    return char


@lru_cache(maxsize=8192)
def _bare_sign(char: str) -> str:
    if char in _LINE_ENDS:
        return "\n"
    seen = _copied_sign(char)
    if seen != char or not seen:
        return seen
    if unicodedata.category(char) == "No":
        return "·"  # the number of a note is no part of the name it follows
    letters = unicodedata.normalize("NFKD", char).casefold()
    return "".join(
        _PLAIN_LETTERS.get(letter, _copied_sign(letter))
        for letter in unicodedata.normalize("NFKD", letters)
        if not unicodedata.category(letter).startswith("M")
    )
