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
state of the mission is there already: a source never repeats it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from explor import clock
from explor.accounts.models import User
from missions import lifecycle
from missions.dossier.models import (
    Engagement,
    EngagementState,
    Milestone,
    Mission,
    SheetState,
)
from missions.dossier.turns import (
    NOTHING,
    OVER,
    expected,
    involving,
    reads_again,
    roles_held,
    turn_of,
    whose_turn,
)
from missions.dossier.whereabouts import forward

#: A milestone enters « À faire » this many days before it is due.
SOON = timedelta(days=30)
#: How many lines each group shows; the list of missions has the others.
SHOWN = 25
WAITING_SHOWN = 10
#: The due date, in a form that no index gives in order. Reading « the first ten » along the index
#: looks cheap to PostgreSQL and is not: what is most overdue belongs to missions that are over.
_DUE = Coalesce("due_on", "due_on")


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
    """Everything the page shows, in five queries whatever the number of missions, and one for
    each source that concerns the person."""
    today = clock.today()
    turns, sheets = _missions(user)
    items = _items(user, turns)
    busy = [item.mission.pk for item in items]
    waiting = list(
        Mission.objects.visible_to(user)
        .filter(involving(user))
        .exclude(state__in=OVER)
        .exclude(pk__in=busy)
        .select_related("project__holder")
        .defer("search")
        .order_by("departs_on", "-reference")[: WAITING_SHOWN + 1]
    )
    return Work(
        late=[item for item in items if item.is_late(today)],
        to_do=[item for item in items if not item.is_late(today)],
        waiting=waiting[:WAITING_SHOWN],
        waiting_count=len(waiting),
        blocked=_blocked(user, busy, today),
        proposals=_proposals(user),
        sheets=sheets,
        errands=_errands(user, today),
    )


def _missions(user: User) -> tuple[list[Mission], list[Mission]]:
    """Missions whose turn is mine, then the public sheets that wait for a second reader other
    than who proposed them: one query."""
    mine = turn_of(user)
    sheet = Q(sheet_state=SheetState.PROPOSED) & ~Q(sheet_proposed_by=user) & reads_again(user)
    visible = Mission.objects.visible_to(user).order_by("reference").values("pk")
    rows = (
        Mission.objects.filter(
            pk__in=visible.filter(mine)[:SHOWN].union(visible.filter(sheet)[:SHOWN])
        )
        .annotate(my_turn=_said(mine), my_reading=_said(sheet))
        .select_related("project__holder")
        .defer("search")
        .order_by("reference")
    )
    found = list(rows)
    return [row for row in found if row.my_turn], [row for row in found if row.my_reading]


def _said(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def _items(user: User, turns: Sequence[Mission]) -> list[Item]:
    """My milestones by mission, then the missions whose turn is mine without any."""
    found: dict[int, Item] = {}
    for row in _milestones(user):
        item = found.setdefault(row.mission_id, Item(row.mission))
        item.milestones.append(row)
    for mission in turns:
        item = found.setdefault(mission.pk, Item(mission))
        item.expected = lifecycle.TURN[mission.state][1]
    return list(found.values())


def _milestones(user: User) -> QuerySet[Milestone]:
    """Mine that are due soon, and mine that hold a mission back in its present state.

    Two short lists, whose union is read once.
    """
    mine = NOTHING
    for role, held in roles_held(user, "mission__"):
        mine |= Q(owner_role=role) & held
    rows = expected(Milestone.objects.visible_to(user).open()).filter(mine).values("pk")
    due = rows.filter(due_on__lte=clock.today() + SOON).order_by(_DUE, "pk")
    holding = rows.filter(_holding()).order_by("mission_id", "due_on")
    chosen = due[: SHOWN * 2].union(holding[: SHOWN * 2])
    return _read(
        Milestone.objects.filter(pk__in=chosen).order_by("due_on", "mission_id", "position")
    )


def _holding() -> Q:
    """Milestones without which the mission cannot leave its present state."""
    now = NOTHING
    for state in lifecycle.STAGES:
        if step := forward(state):
            now |= Q(mission__state=state, required_for=step.name)
    return now


def _blocked(user: User, busy: Sequence[int], today: date) -> list[Milestone]:
    """Late milestones of others, on missions where nothing is expected of the person."""
    rows = (
        expected(Milestone.objects.visible_to(user).late(today))
        .filter(involving(user, "mission__"))
        .exclude(mission__in=busy)
        .order_by(_DUE, "pk")
    )
    return list(_read(rows)[:WAITING_SHOWN])


def _read(rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    return rows.select_related("mission__project__holder").defer("mission__search")


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
    for group in (found.late, found.to_do, found.waiting):
        group.sort(key=lambda errand: errand.due_on or date.max)
    return found


def expected_of(missions: Sequence[Mission]) -> list[tuple[Mission, str, str]]:
    """`(mission, who, what)` for the missions that wait for somebody else."""
    return [(row, *_expected(row)) for row in missions]


def _expected(mission: Mission) -> tuple[str, str]:
    """A decision that is not told yet waits for its letter: nothing else is said of it."""
    if mission.is_hushed:
        return "la coordination", "envoyer la lettre de décision"
    return whose_turn(mission), lifecycle.TURN.get(mission.state, ("", ""))[1]
