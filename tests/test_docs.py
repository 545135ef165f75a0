"""What the documentation points to exists, and its French is set as the pages are."""

import re
import unicodedata
from pathlib import Path

import pytest

from explor.embedded.environment import KEPT

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
GUIDES = sorted((DOCS / "guides").glob("*.md"))
#: what people of the programme read; decisions are for who writes the code
READ_BY_ALL = [page for page in PAGES if page.parent.name != "decisions"]
ROLES = {"osim", "volontaire", "coordination", "capitalisation", "comite", "administration"}

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^[ ]*```.*?^[ ]*```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
#: a mark that a plain space may leave alone at the start of a line
LONELY = re.compile(r"« | »|\w [:;?!](?=\s|$)")
TOTAL_WEIGHT, EACH_WEIGHT = 3_000_000, 150_000


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def prose(page: Path) -> str:
    """The page without its code."""
    return CODE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The addresses of its headings, as repository pages make them."""

    def stays(sign: str) -> bool:
        return sign in " -_" or unicodedata.category(sign)[0] in "LN"

    found = set()
    for heading in re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE):
        kept = "".join(
            c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LN"
        )
        found.add(kept.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(prose(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", READ_BY_ALL, ids=named)
def test_french_marks_never_stand_alone(page: Path) -> None:
    assert LONELY.findall(prose(page)) == []


def test_every_role_has_its_guide_with_pictures() -> None:
    assert {page.stem for page in GUIDES} == ROLES
    for page in GUIDES:
        pictures = [
            target for target in LINK.findall(page.read_text("utf-8")) if "images/" in target
        ]
        assert 2 <= len(pictures) <= 8, named(page)


def test_every_picture_is_taken_and_light() -> None:
    from tests.browser.test_guide_pictures import PICTURES

    images = {path.stem: path.stat().st_size for path in (DOCS / "images").glob("*.png")}
    assert {picture.name for picture in PICTURES} - set(images) == set()
    assert max(images.values()) <= EACH_WEIGHT
    assert sum(images.values()) <= TOTAL_WEIGHT


def test_every_setting_is_explained_to_operators() -> None:
    told = (DOCS / "exploitation.md").read_text("utf-8")
    settings = (ROOT / "explor/settings.py").read_text("utf-8")
    read = re.findall(r'env\.\w+\(\s*"([A-Z_0-9]+)"', settings)
    gunicorn = (ROOT / "explor/gunicorn.py").read_text("utf-8")
    read += re.findall(r'environ\.get\("([A-Z_]+)"', gunicorn)
    assert len(read) > 20
    assert [name for name in sorted({*read, *KEPT}) if f"`{name}`" not in told] == []
