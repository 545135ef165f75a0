"""What people typed, word by word."""

import re
import unicodedata

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
#: Below this a word says too little to be taken for a beginning.
_SHORTEST_BEGINNING = 3


def plain(text: str) -> str:
    """Lower case without accents, as `f_norm()` in the database: for French order and near
    spelling."""
    split = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def in_order(text: str) -> str:
    """The key that puts « 999 » before « 1000 », as `f_in_order()` in the database."""
    return _NUMBER.sub(lambda found: found.group().zfill(8), text)


def words_of(text: str) -> list[str]:
    """Plain words, without the mark of the plural: « Associations » gives « association »."""
    return [_singular(word) for word in _WORD.findall(plain(text))]


def beginning_of(text: str) -> str:
    """The last word when it may still be being typed, empty otherwise (nothing, an operator of
    the search, a word too short)."""
    found = _WORD.findall(plain(text))
    ends_in_a_word = bool(text) and text.rstrip() == text and not text.endswith(('"', ")"))
    if not found or not ends_in_a_word or '"' in text or " -" in f" {text}":
        return ""
    return found[-1] if len(found[-1]) >= _SHORTEST_BEGINNING else ""


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_BEGINNING and word[-1] in "sx" else word
