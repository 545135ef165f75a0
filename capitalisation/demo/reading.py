"""The codebook, the pseudonyms, and the coding of interviews and workshop."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from capitalisation.coding.actions import code_passage
from capitalisation.coding.models import Code, Excerpt
from capitalisation.coding.setup import open_codebook
from capitalisation.corpus.actions import add_pseudonym
from capitalisation.corpus.models import Text
from capitalisation.corpus.queries import reading_version
from capitalisation.demo.marked import passages_of, place_of, words_of
from capitalisation.interviews.models import Interview
from capitalisation.interviews.setup import open_guide
from capitalisation.practices.actions import hold_workshop
from explor import clock
from explor.accounts.models import User
from missions.demo.cast import Cast
from missions.demo.data import read, token_of
from missions.demo.life import Life

HERE = Path(__file__).parent
OPENED = date(2022, 6, 1)
CODED = date(2023, 2, 13)


def open_tools(cast: Cast) -> None:
    """Guides and codebook, ready before the first interview."""
    with clock.at(OPENED):
        for guide in read("guides", HERE)["guides"]:
            open_guide(cast.programme, **guide)
        open_codebook(
            cast.programme, read("codebook", HERE)["families"], actor=cast.people["researcher"]
        )


def hide_names(lives: dict[str, Life]) -> None:
    """Every mission's terms, before its first text enters the corpus."""
    for key, terms in read("pseudonyms", HERE)["terms"].items():
        life = lives[key]
        with clock.at(OPENED):
            for term, replacement in terms:
                add_pseudonym(
                    life.fresh(),
                    term=term,
                    replacement=replacement,
                    actor=life.cast.people["researcher"],
                )


def hold_the_workshop(cast: Cast) -> Text:
    row = read("workshop", HERE)["workshop"]
    with clock.at(row["held_on"]):
        workshop = hold_workshop(
            cast.programme,
            **{**row, "notes": words_of(row["notes"])},
            actor=cast.people["researcher"],
            is_example=True,
        )
    return Text.objects.get(source=f"workshop:{workshop.pk}")


def code_everything(cast: Cast, workshop: Text) -> dict[str, Excerpt]:
    """Code each marked passage; returns the passages that have a handle.

    Raises `ValueError` when a passage is not found exactly once in what people read.
    """
    codes = {code.slug: code for code in Code.objects.filter(codebook__programme=cast.programme)}
    coder, found = cast.people["researcher"], dict[str, Excerpt]()
    with clock.at(CODED):
        notes = read("workshop", HERE)["workshop"]["notes"]
        found |= _code(workshop, [notes], codes, coder)
        for path in sorted((HERE / "interviews").glob("*.toml")):
            held = Interview.objects.select_related("text").get(
                token=token_of("interview", path.stem)
            )
            if held.text is None:
                raise ValueError(f"{path.stem} is not in the corpus")
            answers = read(path.stem, path.parent)["answers"].values()
            found |= _code(held.text, answers, codes, coder)
    return found


def _code(
    text: Text, marked: Iterable[str], codes: dict[str, Code], coder: User
) -> dict[str, Excerpt]:
    version = reading_version(text)
    if version is None:
        raise ValueError(f"{text} has no version to read")
    handles: dict[str, Excerpt] = {}
    for passage in (one for part in marked for one in passages_of(part)):
        start = place_of(passage.quote, version.body)
        for slug in passage.codes:
            coding = code_passage(
                version,
                start=start,
                end=start + len(passage.quote),
                quote=passage.quote,
                sha256=version.sha256,
                code=codes[slug],
                actor=coder,
            )
            if passage.handle:
                handles[passage.handle] = coding.excerpt
    return handles
