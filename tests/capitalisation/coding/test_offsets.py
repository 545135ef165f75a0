"""Passages find their place in the next wording."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from capitalisation.coding.offsets import Moves, Place, closeness
from capitalisation.corpus.wording import NewBlock, compose, pseudonymised


def moves(old: list[str], new: list[str]) -> tuple[str, str, Moves]:
    (before, left), (after, right) = (compose(map(NewBlock, texts)) for texts in (old, new))
    places = ([(span.start, span.end) for span in spans] for spans in (left, right))
    return before, after, Moves(before, after, *places)


def moved(old: list[str], new: list[str], words: str) -> str:
    before, after, found = moves(old, new)
    start = before.index(words)
    place = found.place(start, start + len(words))
    return after[place.start : place.end]


def test_words_that_did_not_change_are_found_wherever_they_went() -> None:
    old = ["Nous avions peur 😀 du transport.", "Puis tout est allé bien."]
    new = ["Au début.", "Nous avions très peur 😀 du transport.", "Puis tout est allé bien."]
    assert moved(old, new, "peur 😀 du transport") == "peur 😀 du transport"
    assert moved(old, new, "tout est allé bien") == "tout est allé bien"


def test_a_mended_letter_stays_inside_its_passage() -> None:
    old, new = ["La peur du tranport, oui."], ["La peur du transport, oui."]
    assert moved(old, new, "tranport") == "transport"
    assert moved(old, new, "peur du tranport") == "peur du transport"
    assert closeness("tranport", "transport") > 0.8
    assert closeness("On a eu peur du voyage.", "Les outils étaient trop chers.") < 0.4


def test_a_replaced_name_is_covered_whole_even_when_cut() -> None:
    old, new = ["De Ouidah une fois."], ["De une commune une fois."]
    assert moved(old, new, "Ouidah") == "une commune"
    assert moved(old, new, "idah une") == "une commune une"
    assert moved(["Avec Ana Dossou."], ["Avec une habitante."], "Avec Ana") == "Avec une habitante"
    assert moved(old, new, "De Oui") == "De une commune"


def test_words_taken_out_leave_an_empty_place() -> None:
    before, _, found = moves(["Garder.", "Retirer ceci."], ["Garder."])
    place = found.place(before.index("Retirer"), len(before))
    assert place.start == place.end


TEXTS = st.lists(st.text(alphabet="ab éÀ😀\n.", min_size=1, max_size=20), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_places_are_in_the_text_and_kept_runs_are_identical(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    before, after, found = moves(old, new)
    if not before:
        return
    start = data.draw(st.integers(0, len(before) - 1))
    end = data.draw(st.integers(start + 1, len(before)))
    place = found.place(start, end)
    assert 0 <= place.start <= place.end <= len(after)
    for run in found.kept:
        assert before[run.start : run.end] == after[run.at : run.new(run.end)]
    same = moves(old, old)[2].place(start, end)
    assert same == Place(start, end)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["Ouidah", "la", "mer", "une", "commune"]), min_size=1))
def test_a_passage_keeps_every_word_that_is_not_a_name(words: list[str]) -> None:
    blocks = [NewBlock(" ".join(words))]
    terms = [("Ouidah", "une commune")]
    before, left = compose(blocks)
    after, right = compose(pseudonymised(blocks, terms))
    found = Moves(before, after, [(0, len(before))], [(0, len(after))])
    place = found.place(0, len(before))
    assert (place.start, place.end) == (0, len(after))
    assert len(left) == len(right) == 1


def test_a_long_text_whose_name_stands_everywhere_is_compared_quickly() -> None:
    old = [
        f"À Ouidah, le jour {n}, on a vu Ouidah et la mer de Ouidah encore." for n in range(1500)
    ]
    new = [text.replace("Ouidah", "une commune") for text in old]
    began = time.process_time()
    before, _, found = moves(old, new)
    for start in range(0, len(before) - 40, 66):
        found.place(start, start + 40)
    assert len(before) > 90_000
    assert time.process_time() - began < 3
