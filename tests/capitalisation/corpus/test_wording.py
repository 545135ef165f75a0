import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capitalisation.corpus.wording import NewBlock, compose, plain, pseudonymised, pseudonymiser


def test_plain_text_is_nfc_with_lf_and_no_bom() -> None:
    assert plain("\ufeffe\u0301te\u0301\r\nici\rlà\x00 ") == "été\nici\nlà"


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
