"""Conversations around the living missions, each message on its day by who says it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from explor import clock
from explor.accounts.models import User
from missions.demo.data import day_of, read, token_of
from missions.demo.life import Life
from missions.threads.actions import Draft, mark_seen, post_message
from missions.threads.models import Channel, Thread, ThreadKind


def converse(lives: Sequence[Life]) -> None:
    """The same tokens each time: what is said already is not said again."""
    known = {life.row["key"]: life for life in lives}
    for number, row in enumerate(read("threads")["messages"]):
        _say(row, known[row["mission"]], number)


def _say(row: dict[str, Any], life: Life, number: int) -> None:
    kind, mission = ThreadKind(row["kind"]), life.fresh()
    draft = Draft(
        row["text"],
        token_of("message", row["mission"], str(number)),
        channel=Channel(row.get("channel", Channel.PAGE)),
        files=[(name, text.encode()) for name, text in row.get("files", {}).items()],
    )
    moment = datetime.combine(day_of(row["day"], life.today), time(row["hour"]))
    with clock.at(moment):
        message = post_message(mission, kind, draft, actor=_person(life, row["who"]))
        thread = Thread.objects.get(mission=mission, kind=kind)
        for who in row.get("seen", []):
            mark_seen(thread, message, actor=_person(life, who))


def _person(life: Life, who: str) -> User:
    if who in {"osim", "volunteer", "coordinator"}:
        return life.person(who)
    return life.cast.people[who]
