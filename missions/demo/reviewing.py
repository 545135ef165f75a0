"""Reviews of the demonstration told in full: corrections, opinions, notes, the roll.

Each act has its day, counted from the beginning of the review; what would come after today does
not happen.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from explor import clock
from explor.accounts.models import User
from missions.demo.cast import Cast
from missions.demo.data import read, token_of
from missions.request.actions import save_request
from missions.request.correcting import answer_correction, ask_corrections, settle_correction
from missions.request.corrections import Correction
from missions.review.actions import add_note
from missions.review.models import Point, Verdict
from missions.review.opinion_actions import Outsider, ask_opinions, give_opinion
from missions.review.opinion_models import Opinion
from missions.review.queries import check_key, why_key
from missions.review.roll_actions import note_roll

if TYPE_CHECKING:
    from missions.demo.life import Life

Act = tuple[int, Callable[[], object]]


def tell(life: "Life") -> None:
    """The acts of the mission's review, in their order, as far as today."""
    began, story = life.day("review"), _story(life)
    if began is None or not story:
        return
    for day, act in sorted(_acts(life, story), key=lambda one: one[0]):
        on = began + timedelta(days=day)
        if on < life.today:
            with clock.at(on):
                act()


def judged(life: "Life") -> dict[str, Any]:
    """What the study verified and commented, under the keys of `save_review`."""
    story = _story(life)
    verified = Point.values[: story.get("verified", len(Point))]
    data: dict[str, Any] = {check_key(point): Verdict.YES for point in verified}
    for point, why in story.get("waived", {}).items():
        data |= {check_key(point): Verdict.WAIVED, why_key(check_key(point)): why}
    return data | {why_key(name): words for name, words in story.get("comments", {}).items()}


def _story(life: "Life") -> dict[str, Any]:
    told: dict[str, Any] = read("reviews").get(life.row["key"], {})
    return told


def _acts(life: "Life", story: dict[str, Any]) -> Iterator[Act]:
    for row in story["corrections"]:
        yield row["day"], partial(_ask, life, row)
        if "answered" in row:
            yield row["answered"], partial(_answer, life, row)
        if "settled" in row:
            yield row["settled"], partial(_settle, life, row)
    for row in story["opinions"]:
        yield row["day"], partial(_seek, life, row)
        if "given" in row:
            yield row["given"], partial(_give, life, row)
    for row in story["notes"]:
        yield row["day"], partial(_note, life, row)
    members = [_person(life.cast, key) for key in story["roll"]]
    yield 10, lambda: note_roll(life.fresh(), people=members, actor=life.coordinator)


def _ask(life: "Life", row: dict[str, Any]) -> None:
    token = token_of("correction", life.row["key"], row["field"])
    asked = {row["field"]: row["question"]}
    ask_corrections(life.fresh(), asked, actor=life.coordinator, token=token)


def _answer(life: "Life", row: dict[str, Any]) -> None:
    osim = life.cast.osim(life.row["holder"])
    save_request(life.fresh(), {row["field"]: row["rewritten"]}, actor=osim, version=None)
    answer_correction(_correction(life, row), answer=row["said"], actor=osim)


def _settle(life: "Life", row: dict[str, Any]) -> None:
    settle_correction(_correction(life, row), actor=life.coordinator)


def _correction(life: "Life", row: dict[str, Any]) -> Correction:
    return Correction.objects.open().get(mission=life.fresh(), field=row["field"])


def _seek(life: "Life", row: dict[str, Any]) -> None:
    began = life.day("review")
    assert began is not None
    name = row.get("outsider", "")
    outside = [Outsider(name, "robin@demo.explor.example", row["capacity"])] if name else []
    ask_opinions(
        life.fresh(),
        people=[] if name else [_person(life.cast, row["who"])],
        outsiders=outside,
        question=row["question"],
        due_on=began + timedelta(days=row["due"]),
        actor=life.coordinator,
        token=token_of("opinion", life.row["key"], name or row["who"]),
    )


def _give(life: "Life", row: dict[str, Any]) -> None:
    person = _person(life.cast, row["who"])
    opinion = Opinion.objects.get(mission=life.fresh(), person=person)
    give_opinion(opinion, verdict=row["verdict"], text=row["text"], actor=person)


def _note(life: "Life", row: dict[str, Any]) -> None:
    token = token_of("note", life.row["key"], str(row["day"]))
    add_note(life.fresh(), text=row["text"], actor=life.coordinator, token=token)


def _person(cast: Cast, key: str) -> User:
    return cast.volunteers[key].user if key in cast.volunteers else cast.people[key]
