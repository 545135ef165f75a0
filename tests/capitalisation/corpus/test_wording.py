import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capitalisation.corpus.folding import bare, copied
from capitalisation.corpus.wording import NewBlock, compose, plain, pseudonymised, pseudonymiser


def test_plain_text_is_nfc_with_lf_and_no_bom() -> None:
    assert plain("\ufeffe\u0301te\u0301\r\nici\rlà\x00 ") == "été\nici\nlà"
    assert plain("mot\x0bmot\x0cpage\u2028ligne") == "mot\nmot\npage\nligne"


def test_compose_gives_exact_offsets_in_code_points() -> None:
    body, spans = compose(
        [NewBlock("🍅 tomate"), NewBlock("  "), NewBlock("de\u0301part 🌍🌍 fin")]
    )
    assert body == "🍅 tomate\n\ndépart 🌍🌍 fin"
    assert [(span.start, span.end) for span in spans] == [(0, 8), (10, 23)]
    assert [body[span.start : span.end] for span in spans] == ["🍅 tomate", "départ 🌍🌍 fin"]


WORDS = st.text(max_size=30)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(WORDS, max_size=5), st.lists(st.tuples(WORDS, WORDS), max_size=3))
def test_offsets_hold_for_any_text_and_any_terms(
    texts: list[str], terms: list[tuple[str, str]]
) -> None:
    blocks = [NewBlock(text) for text in texts]
    for rows in (blocks, pseudonymised(blocks, terms)):
        body, spans = compose(rows)
        assert [body[span.start : span.end] for span in spans] == [s.block.text for s in spans]
        assert unicodedata.is_normalized("NFC", body)
        assert "\r" not in body


def test_pseudonyms_take_whole_words_whatever_the_case_longest_first() -> None:
    hide = pseudonymiser(
        [("Ouidah", "la commune"), ("Ouidah Plage", "un village"), ("Ana", "une salariée")]
    )
    assert hide("OUIDAH PLAGE, puis Ouidah.") == "un village, puis la commune."
    assert hide("Banane, ananas, l’Ana d’ici") == "Banane, ananas, l’une salariée d’ici"


def test_pseudonyms_see_either_apostrophe_and_any_space() -> None:
    hide = pseudonymiser([("l'Atelier d’Ana", "l’atelier")])
    assert hide("Dans l’atelier\u00a0d'ana.") == "Dans l’atelier."


def test_a_replacement_is_not_replaced_again() -> None:
    hide = pseudonymiser([("Paul", "Pierre"), ("Pierre", "Jacques")])
    assert hide("Paul et Pierre") == "Pierre et Jacques"


def test_pseudonyms_hide_who_speaks_and_what_is_asked() -> None:
    [block] = pseudonymised([NewBlock("Oui", "Paul", "Et Paul ?")], [("Paul", "P.")])
    assert (block.speaker, block.question) == ("P.", "Et P. ?")


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("Hélène", "HELENE Helene hélène HÉLÈNE He\u0301le\u0300ne Hél\u00adène Hé\u200blène"),
        ("Helene", "Hélène HÉLÈNE"),
        ("Nguyễn Văn", "Nguyen Van/NGUYỄN\u00a0\u00a0VĂN/Nguyễn\nVăn/Nguyen \r\n Van"),
        ("Nguyen", "Nguyễn Nguye\u0302\u0303n"),
        ("Diallo", "_Diallo_ __Diallo__ *Diallo* #diallo Diallo² Diallo1 Ｄiallo 𝐃𝐢𝐚𝐥𝐥𝐨 dial-\nlo"),
        ("N’Diaye", "N'Diaye N‘Diaye NʼDiaye N´Diaye N`Diaye N’ Diaye Ndiaye"),
        (
            "Grand-Popo",
            "Grand\u2011Popo Grand\u2010Popo Grand–Popo Grand Popo Grand_Popo GRAND-\nPOPO",
        ),
        ("Đặng", "Dang đặng ĐẶNG"),
        ("Ɖosu", "Dosu ɖosu"),
        ("Lætitia Œuvrard", "Laetitia OEUVRARD"),
        ("Ana", "d’Ana ´Ana´ l'ana « Ana » Ana\u2060 \u202aAna\u202c Ana\ufe0f"),
        ("محمد", "مُحَمَّد محـمد"),
    ],
)
def test_a_name_is_hidden_however_it_is_written(term: str, written: str) -> None:
    left = pseudonymiser([(term, "§")])(written)
    assert "§" in left
    assert not re.search(r"[^\W\d_]{2,}", left.replace("§", "")), left


def test_other_words_are_not_taken_for_a_name() -> None:
    hide = pseudonymiser([("Ana", "§"), ("Luc", "§"), ("14 juillet", "§")])
    for words in ("Banane, ananas, Anaïs et Luce, 140 juillets", "le 214 juillet", "Lucie"):
        assert hide(words) == words


def test_a_term_without_letters_hides_nothing() -> None:
    assert pseudonymiser([("\u0301", "§"), ("…", "§"), ("\u00ad", "§")])("Été… là") == "Été… là"


NAMES = st.sampled_from(["Hélène", "N’Diaye", "Nguyễn Văn", "Grand-Popo", "Đặng", "Aïssata"])
MARKS = st.sampled_from(["", "\u00ad", "\u200b", "\u2060", "\u200d"])
FORMS = st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])


@settings(max_examples=150, deadline=None)
@given(NAMES, MARKS, FORMS, st.sampled_from([str, str.upper, str.lower, str.title]), st.text())
def test_no_writing_of_a_name_gets_through_and_the_rest_is_kept(
    name: str, mark: str, form: Any, case: Callable[[str], str], around: str
) -> None:
    around = plain("".join(sign for sign in around if not sign.isalnum() and sign.isprintable()))
    written = mark.join(unicodedata.normalize(form, case(name)))
    left = pseudonymiser([(name, "§")])(f"avant {written} après {around}")
    assert left == plain(f"avant § après {around}")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 60))
def test_a_folded_place_leads_back_to_the_words_it_stands_for(
    text: str, start: int, end: int
) -> None:
    for fold in (bare, copied):
        folded = fold(text)
        if not start < min(end, len(folded.text)):
            continue
        last = min(end, len(folded.text))
        left, right = folded.span(start, last)
        assert 0 <= left < right <= len(text)
        assert folded.text[start:last] in fold(text[left:right]).text
