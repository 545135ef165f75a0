from bench.pages import PAGES
from bench.table import Line, markdown, ms
from bench.timing import Pair


def test_markdown_says_what_is_not_met() -> None:
    line = Line("Une page", 3, "1,0 ms", "9,0 ms", "9,0", "≤ 6", met=False)
    assert markdown([line]).splitlines()[-1] == (
        "| Une page | 3 | 1,0 ms | 9,0 ms | 9,0 | ≤ 6 | **non** |"
    )


def test_pair_compares_medians_and_not_means() -> None:
    pair = Pair()
    pair.ours.taken, pair.floor.taken = [4.0, 4.0, 400.0], [2.0, 2.0, 2.0]
    assert pair.ratio == 2.0
    assert ms(pair.ours.median) == "4,0 ms"


def test_pages_are_each_measured_once() -> None:
    assert len({(page.key, page.role) for page in PAGES}) == len(PAGES)
