"""What the demonstration's texts promise, checked without a database."""

from collections.abc import Iterator

import pytest

from capitalisation.corpus.wording import NewBlock, compose, pseudonymised
from capitalisation.demo.hearing import all_testimonies
from capitalisation.demo.marked import Passage, passages_of, place_of, words_of
from capitalisation.demo.reading import HERE
from missions.demo.data import read

WRITTEN = read("focuses", HERE)["focuses"] + read("practices", HERE)["practices"]
CODES = {code["slug"] for family in read("codebook", HERE)["families"] for code in family["codes"]}
QUESTIONS = {
    (guide["moment"], guide["audience"]): {question["key"] for question in guide["questions"]}
    for guide in read("guides", HERE)["guides"]
}


def texts() -> Iterator[tuple[str, str, list[Passage]]]:
    """Name, what is read in the corpus, and what is coded in it."""
    terms = read("pseudonyms", HERE)["terms"]
    for testimony in all_testimonies():
        marked = list(testimony.row["answers"].values())
        blocks = [NewBlock(words_of(answer)) for answer in marked]
        body, _ = compose(pseudonymised(blocks, terms[testimony.row["mission"]]))
        yield testimony.name, body, [one for answer in marked for one in passages_of(answer)]
    notes = read("workshop", HERE)["workshop"]["notes"]
    yield "workshop", words_of(notes), passages_of(notes)


def test_passages_stand_exactly_once_in_what_people_read() -> None:
    found = {
        passage.quote: place_of(passage.quote, body)
        for _, body, passages in texts()
        for passage in passages
    }

    assert 60 <= len(found) <= 120


def test_passages_are_coded_with_codes_of_the_codebook() -> None:
    used = {code for _, _, passages in texts() for one in passages for code in one.codes}

    assert used <= CODES


def test_every_code_is_used() -> None:
    used = {code for _, _, passages in texts() for one in passages for code in one.codes}

    assert CODES - used == set()


def test_a_passage_changed_by_a_pseudonym_is_refused() -> None:
    body, _ = compose(pseudonymised([NewBlock("On arrive à Moulenda.")], [("Moulenda", "[lieu]")]))

    with pytest.raises(ValueError, match="found 0 times"):
        place_of("à Moulenda", body)


def test_a_broken_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="broken mark"):
        words_of("Un ⟦passage|code sans fin")


def test_articles_and_practices_rest_on_passages_that_exist() -> None:
    handles = {one.handle for _, _, passages in texts() for one in passages}
    cited = {handle for row in WRITTEN for handle in row["evidence"]}

    assert cited - handles == set()


def test_cited_passages_may_be_quoted_in_public() -> None:
    """Consent decides: no article rests on words kept to the team."""
    private = {
        testimony.name
        for testimony in all_testimonies()
        if testimony.row["consent"]["quote_level"] == "none"
        or testimony.row["consent"]["circle"] != "public"
    }
    kept_apart = {
        one.handle for name, _, passages in texts() if name in private for one in passages
    }
    cited = {handle for row in WRITTEN for handle in row["evidence"]}

    assert len(private) == 2
    assert cited & kept_apart == set()


def test_interviews_answer_every_question_of_their_guide() -> None:
    rows = [testimony.row for testimony in all_testimonies()]

    assert len(rows) == 10
    assert [row["moment"] for row in rows].count("before") == 5
    assert all(set(r["answers"]) == QUESTIONS[r["moment"], r["audience"]] for r in rows)


def test_articles_are_long_enough_to_read_and_short_enough_to_be_read() -> None:
    lengths = [len(row["article"].split()) for row in read("focuses", HERE)["focuses"]]

    assert len(lengths) == 5
    assert all(250 <= length <= 400 for length in lengths)
