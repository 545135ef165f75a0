from hypothesis import given
from hypothesis import strategies as st

from capitalisation.coding.marks import flat_pieces, marked_blocks
from capitalisation.coding.models import Excerpt
from capitalisation.corpus.models import Block

BODY = "0123456789" * 5
spans = st.tuples(st.integers(0, 49), st.integers(1, 50)).filter(lambda span: span[0] < span[1])


def excerpts(found: list[tuple[int, int]]) -> list[Excerpt]:
    return [Excerpt(pk=n, start=a, end=b) for n, (a, b) in enumerate(found, start=1)]


@given(st.lists(spans, max_size=12))
def test_pieces_put_end_to_end_are_the_text(found: list[tuple[int, int]]) -> None:
    pieces = flat_pieces(BODY, 5, 45, excerpts(found))
    assert "".join(piece.text for piece in pieces) == BODY[5:45]


@given(st.lists(spans, max_size=12))
def test_each_character_lies_under_just_its_passages(found: list[tuple[int, int]]) -> None:
    rows = excerpts(found)
    for piece in flat_pieces(BODY, 0, 50, rows):
        for place in range(piece.start, piece.end):
            expected = {row.pk for row in rows if row.start <= place < row.end}
            assert {row.pk for row in piece.excerpts} == expected


@given(st.lists(spans, max_size=12))
def test_blocks_show_the_passages_that_touch_them(found: list[tuple[int, int]]) -> None:
    rows = excerpts(found)
    blocks = [Block(position=n, start=10 * n, end=10 * n + 8) for n in range(5)]
    for marked in marked_blocks(BODY, blocks, rows):
        expected = {r.pk for r in rows if r.start < marked.block.end and r.end > marked.block.start}
        assert {row.pk for row in marked.excerpts} == expected
