"""« Mon travail »: what is due, late or blocked, and by whom.

Later stages add their own errands without being imported here. In the folder of the stage, a
file `work.py` ends with `register("review", asked_opinions)`, and the `ready()` of its app
imports it:

    def asked_opinions(user: User) -> list[Errand]:
        rows = Opinion.objects.asked_of(user).select_related("mission")[:SHOWN]
        return [Errand(row.mission.reference, row.mission.title, row.get_absolute_url(),
                       "Donnez votre avis.", due_on=row.due_on) for row in rows]

A source makes ONE query at most, none for a person it cannot concern (ask `user.standing` first),
the same whatever the number of rows, and gives `SHOWN` errands at most. What is a milestone or a
state of the mission is there already: a source never repeats it. Errands without a date that a
few columns tell are better registered with `missions.dossier.work_lines`: all of those are read
in one query together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from explor import clock
from explor.accounts.models import User
from explor.search.fields import in_order
from missions import lifecycle
from missions.dossier.models import Engagement, EngagementState, Milestone, Mission
from missions.dossier.turns import whose_turn
from missions.dossier.work_lines import read_lines
from missions.dossier.work_rows import work_rows

#: A milestone enters « À faire » this many days before it is due.
SOON = timedelta(days=30)
#: How many lines each group shows; the list of missions has the others.
SHOWN = 25
WAITING_SHOWN = 10


@dataclass(frozen=True)
class Errand:
    """Something expected beside milestones and states: an opinion, a letter, an answer.

    `kicker` is the small line above (reference, association), `says` what is expected, in one
    sentence. Past `due_on` it goes under « En retard ». With `waits_for` (« le comité ») it is
    somebody else's job and goes under « En attente d’autres ».
    """

    kicker: str
    title: str
    url: str
    says: str
    due_on: date | None = None
    waits_for: str = ""


Source = Callable[[User], Sequence[Errand]]
_SOURCES: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Errands of a later stage, shown after those registered before; `key` names it once."""
    _SOURCES[key] = source


@dataclass
class Item:
    """One mission on the page: what is expected of the person, and its milestones."""

    mission: Mission
    expected: str = ""
    milestones: list[Milestone] = field(default_factory=list)

    def is_late(self, today: date) -> bool:
        return any(row.is_late(today) for row in self.milestones)


@dataclass(frozen=True)
class Errands:
    late: list[Errand] = field(default_factory=list)
    to_do: list[Errand] = field(default_factory=list)
    waiting: list[Errand] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    late: list[Item]
    to_do: list[Item]
    waiting: list[Mission]
    waiting_count: int
    blocked: list[Milestone]
    proposals: list[Engagement]
    sheets: list[Mission]
    errands: Errands

    @property
    def late_count(self) -> int:
        return len(self.late) + len(self.errands.late)

    @property
    def is_empty(self) -> bool:
        mine = self.late or self.to_do or self.proposals or self.sheets
        return not (mine or self.errands.late or self.errands.to_do)


def work_of(user: User) -> Work:
    """Everything the page shows, in four queries whatever the number of missions, and one for
    each source that concerns the person."""
    today = clock.today()
    rows = work_rows(user, today=today, soon=today + SOON, shown=SHOWN, waiting=WAITING_SHOWN)
    missions = _missions(rows.missions)
    milestones = _milestones(rows.mine | rows.blocked, missions)
    items = _items([row for row in milestones if row.pk in rows.mine], rows.turns, missions)
    waiting = [row for pk, row in missions.items() if pk in rows.waiting]
    waiting.sort(key=lambda row: row.departs_on or date.max)
    return Work(
        late=[item for item in items if item.is_late(today)],
        to_do=[item for item in items if not item.is_late(today)],
        waiting=waiting[:WAITING_SHOWN],
        waiting_count=len(waiting),
        blocked=[row for row in milestones if row.pk in rows.blocked],
        proposals=_proposals(user),
        sheets=[row for pk, row in missions.items() if pk in rows.sheets],
        errands=_errands(user, today),
    )


def _missions(ids: set[int]) -> dict[int, Mission]:
    """By their reference."""
    if not ids:
        return {}
    rows = Mission.objects.filter(pk__in=ids).select_related("project__holder")
    return {row.pk: row for row in rows.defer("search").order_by(in_order())}


def _milestones(ids: set[int], missions: Mapping[int, Mission]) -> list[Milestone]:
    """What is due first, first; each with its mission."""
    if not ids:
        return []
    found = list(Milestone.objects.filter(pk__in=ids).order_by("due_on", "mission_id", "position"))
    for row in found:
        row.mission = missions[row.mission_id]
    return found


def _items(
    milestones: Sequence[Milestone], turns: set[int], missions: Mapping[int, Mission]
) -> list[Item]:
    """My milestones by mission, then the missions whose turn is mine without any."""
    found: dict[int, Item] = {}
    for row in milestones:
        found.setdefault(row.mission_id, Item(row.mission)).milestones.append(row)
    for pk, mission in missions.items():
        if pk in turns:
            found.setdefault(pk, Item(mission)).expected = lifecycle.TURN[mission.state][1]
    return list(found.values())


def _proposals(user: User) -> list[Engagement]:
    """Missions offered to this person that wait for an answer."""
    rows = Engagement.objects.filter(volunteer__user=user, state=EngagementState.PROPOSED)
    return list(
        rows.select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("proposed_at")[:SHOWN]
    )


def _errands(user: User, today: date) -> Errands:
    """What later stages registered, what is due first first."""
    found = Errands()
    for source in _SOURCES.values():
        for errand in source(user):
            if errand.waits_for:
                found.waiting.append(errand)
            elif errand.due_on and errand.due_on < today:
                found.late.append(errand)
            else:
                found.to_do.append(errand)
    found.to_do.extend(Errand(*line) for line in read_lines(user))
    for group in (found.late, found.to_do, found.waiting):
        group.sort(key=lambda errand: errand.due_on or date.max)
    return found


def expected_of(
    missions: Sequence[Mission], *, reader: User, for_osim: bool
) -> list[tuple[Mission, str, str, str]]:
    """`(mission, state, who, what)` for the missions that wait for somebody else; people
    outside the team learn of a decision by its letter."""
    found = []
    for row in missions:
        told = row.state_told(outside=row.is_outside(reader))
        what = lifecycle.TURN.get(told, ("", ""))[1]
        label = lifecycle.label(told, for_osim=for_osim)
        found.append((row, label, whose_turn(row, told), what))
    return found
