"""The ten interviews of the demonstration, and a few more to hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from capitalisation.demo.marked import words_of
from capitalisation.interviews.actions import (
    complete_interview,
    plan_interview,
    record_consent,
    save_answers,
)
from capitalisation.interviews.models import Interview, InterviewGuide
from explor import clock
from explor.accounts.models import User
from missions.demo.cast import Cast
from missions.demo.data import read, token_of
from missions.demo.life import Life
from missions.dossier.models import Programme

FOLDER = Path(__file__).parent / "interviews"

#: Planned and not held yet: (mission, moment, audience, days ago).
TO_HOLD: tuple[tuple[str, str, str, int], ...] = (
    ("dispensaire", "after", "volunteer", 20),
    ("dispensaire", "after", "osim", 20),
    ("sechoir", "after", "volunteer", 5),
    ("cantine", "before", "volunteer", 6),
)
LABELS = {"volunteer": "Volontaire", "osim": "Membre de l’association"}


@dataclass(frozen=True)
class Testimony:
    """One interview file: `row` is what it says, `name` is how its token is made."""

    name: str
    row: dict[str, Any]

    @property
    def is_for(self) -> tuple[str, str]:
        return self.row["mission"], self.row["moment"]


def all_testimonies() -> list[Testimony]:
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return [Testimony(name, read(name, FOLDER)) for name in names]


def hear(life: Life, rows: Sequence[Testimony], moment: str) -> list[Interview]:
    """Hold the interviews of one mission and one moment, each on its day."""
    return [_hold(life, row) for row in rows if row.is_for == (life.row["key"], moment)]


def person_of(cast: Cast, name: str) -> User:
    return cast.volunteers[name].user if name in cast.volunteers else cast.people[name]


def _hold(life: Life, testimony: Testimony) -> Interview:
    row, researcher = testimony.row, life.cast.people["researcher"]
    guide = _guide(life.mission.programme, row["moment"], row["audience"])
    with clock.at(row["held_on"] - timedelta(days=12)):
        interview = plan_interview(
            life.fresh(),
            guide=guide,
            person_label=row["person_label"],
            person_function=row["person_function"],
            person=person_of(life.cast, row["person"]),
            actor=researcher,
            token=token_of("interview", testimony.name),
            is_example=True,
        )
    with clock.at(row["held_on"]):
        record_consent(
            interview, photo=False, collected_on=row["held_on"], actor=researcher, **row["consent"]
        )
        keys = dict(guide.questions.values_list("key", "pk"))
        answers = {keys[key]: words_of(text) for key, text in row["answers"].items()}
        if set(row["answers"]) != set(keys):
            raise ValueError(f"{testimony.name}: every question of the guide needs its answer")
        save_answers(interview, answers, actor=researcher)
        return complete_interview(interview, held_on=row["held_on"], actor=researcher)


def plan_some(lives: dict[str, Life]) -> None:
    """So that somebody still has interviews to hold."""
    for key, moment, audience, days_ago in TO_HOLD:
        life = lives[key]
        with clock.at(life.today - timedelta(days=days_ago)):
            plan_interview(
                life.fresh(),
                guide=_guide(life.mission.programme, moment, audience),
                person_label=LABELS[audience],
                person=life.person(audience),
                actor=life.cast.people["researcher"],
                token=token_of("interview", key, moment, audience),
                is_example=True,
            )


def _guide(programme: Programme, moment: str, audience: str) -> InterviewGuide:
    return InterviewGuide.objects.get(programme=programme, moment=moment, audience=audience)
