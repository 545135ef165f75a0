"""What is kept of what people type and paste."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explor.intake.json_text import json_in
from explor.intake.numbers import version_in, whole
from explor.intake.text import bare, clean
from explor.offline.records import digest, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mot\x0bmot", "mot\nmot"),  # Word's soft return
        ("fin de page\x0cdébut", "fin de page\ndébut"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("nul\x00 cloche\x07", "nul cloche"),
        ("tab\tgardée", "tab\tgardée"),
        ("He\u0301le\u0300ne", "Hélène"),
        ("co\xadopé\u200bra\ufefftion", "coopération"),
        ("\u202eesrever\u202c", "esrever"),
        ("\u2066Lomé\u2069", "Lomé"),
        ("moitié\ud83d", "moitié?"),
        ("👩\u200d👧 🇧🇯 ❤\ufe0f", "👩\u200d👧 🇧🇯 ❤\ufe0f"),  # joined emoji stay joined
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),  # Persian: the join matters
        ("قال \u2066Explor\u2069 نعم", "قال \u2066Explor\u2069 نعم"),
        ("1\u202f234\u00a0€", "1\u202f234\u00a0€"),
    ],
)
def test_clean_keeps_what_matters(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(st.text(alphabet=st.characters(codec=None)))
def test_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()  # no half sign
    assert not set(once) & {"\0", "\r", "\x0b", "\x0c"}


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("\u202d+33 6 12 34 56 78\u202c", "+33 6 12 34 56 78"),
        ("06–12–34\u201156–78", "06-12-34-56-78"),
        (" a\u200b@\ufeffexample.org\u00a0", "a@example.org"),
        ("W75\xad1234567", "W751234567"),
        ("732\u202f829\u00a0320", "732 829 320"),
    ],
)
def test_bare_leaves_what_is_seen(pasted: str, read: str) -> None:
    assert bare(pasted) == read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("007", 7),
        ("²", None),
        ("١٢", None),
        ("-1", None),
        ("1.0", None),
        ("", None),
        (None, None),
        ("9" * 19, None),
        ("9" * 5000, None),
        (str(2**63 - 1), 2**63 - 1),
    ],
)
def test_whole_reads_plain_numbers_in_bounds(text: str | None, number: int | None) -> None:
    assert whole(text) == number


def test_whole_has_the_bounds_it_is_given() -> None:
    assert whole("1999", low=2000) is None
    assert whole("2101", high=2100) is None
    assert whole("2026", low=2000, high=2100) == 2026
    assert version_in("²") == version_in(None) == 0


def test_json_is_cleaned_wherever_a_text_stands() -> None:
    body = b'{"a": ["mot\\u000bmot", {"b": "moiti\\u00e9\\ud83d"}], "n": 1}'
    assert json_in(body) == {"a": ["mot\nmot", {"b": "moitié?"}], "n": 1}


@pytest.mark.parametrize("body", ["9" * 5000, "[" * 100_000, "{", b"\xff", '{"a\\u0000": 1}'])
def test_json_that_cannot_be_read_says_so(body: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        json_in(body)


def test_a_text_typed_and_the_same_text_cleaned_are_one() -> None:
    typed = ["Hélène\x0bco\xadopération\r\n"]
    assert plain(typed) == ["Hélène\ncoopération"]
    assert digest(typed) == digest(plain(typed))
