"""How far each made-up mission has gone, and when: the lifecycle read as a calendar."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from missions import lifecycle
from missions.lifecycle import State, Transition

#: The usual way, and the days spent before each step (before the first: in draft).
STEPS: tuple[tuple[str, int], ...] = (
    ("submit", 8),
    ("start_review", 10),
    ("send_to_committee", 30),
    ("accept", 20),
    ("confirm_volunteer", 30),
    ("start_preparation", 60),
    ("depart", 90),
    ("come_back", 10),
    ("approve_report", 35),
    ("start_follow_up", 45),
    ("close", 300),
)
#: Ends that leave the usual way: state → (steps walked before, the step that ends it).
ENDS: dict[State, tuple[int, str]] = {
    State.DECLINED: (3, "decline"),
    State.UNFOLLOWED: (2, "close_unfollowed"),
    State.WITHDRAWN: (1, "withdraw"),
    State.CANCELLED: (5, "cancel"),
}
#: Share of the missions in each state, in thousandths.
SHARES: dict[State, int] = {
    State.DRAFT: 30,
    State.SUBMITTED: 30,
    State.REVIEW: 40,
    State.COMMITTEE: 20,
    State.MATCHING: 40,
    State.SUPPORT: 40,
    State.PREPARATION: 40,
    State.FIELD: 20,
    State.REPORT: 30,
    State.CAPITALISATION: 60,
    State.FOLLOW_UP: 120,
    State.CLOSED: 410,
    State.DECLINED: 50,
    State.UNFOLLOWED: 30,
    State.WITHDRAWN: 20,
    State.CANCELLED: 20,
}


@dataclass
class Course:
    """`moves` are the steps taken, oldest first; `started_at` is the first draft."""

    state: State
    started_at: datetime
    moves: list[tuple[Transition, datetime]] = field(default_factory=list)
    departs_at: datetime | None = None

    def when(self, step: str) -> datetime | None:
        return next((at for transition, at in self.moves if transition.name == step), None)

    def has_been(self, step: str) -> bool:
        return self.when(step) is not None


def course(state: State, *, now: datetime, draw: Random, years: int) -> Course:
    """The way to `state`: over for long when it is final, recent when it is not."""
    walked, end = _steps(state)
    gaps = [max(1, round(days * draw.uniform(0.5, 1.3))) for _, days in STEPS]
    if state in lifecycle.FINAL:
        longest = years * 365 - sum(gaps)
        last = now - timedelta(days=draw.randrange(1, longest), hours=draw.randrange(20))
    else:
        ahead = gaps[walked] if walked < len(gaps) else 30
        last = now - timedelta(days=draw.randrange(1, ahead + 2), hours=draw.randrange(20))
    started_at = last - timedelta(days=sum(gaps[:walked]) + (5 if end else 0))
    found, at = Course(state, started_at), started_at
    for (name, _), days in zip(STEPS[:walked], gaps, strict=False):
        at += timedelta(days=days)
        found.moves.append((lifecycle.TRANSITIONS[name], at))
    if end:
        found.moves.append((lifecycle.TRANSITIONS[end], last))
    if walked >= 4:
        found.departs_at = started_at + timedelta(days=sum(gaps[:7]))
    return found


def _steps(state: State) -> tuple[int, str]:
    if state in ENDS:
        return ENDS[state]
    return lifecycle.STAGES.index(state), ""
