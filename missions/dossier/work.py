"""« Mon travail »: whose job each thing is, said in SQL. The same rules as `standing.roles_on`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from explor import clock
from explor.accounts.models import Role, User
from missions import lifecycle
from missions.dossier.models import (
    Engagement,
    EngagementState,
    Milestone,
    Mission,
    OwnerRole,
    ProgrammePartner,
    SheetState,
    Territory,
)
from missions.dossier.whereabouts import forward

#: A milestone enters « À faire » this many days before it is due.
SOON = timedelta(days=30)
#: How many lines each group shows; the list of missions has the others.
SHOWN = 30
WAITING_SHOWN = 10

_OVER = [state.value for state in lifecycle.FINAL]
#: Before the committee accepts, what is counted from the departure is not expected of anyone.
_NOT_ACCEPTED = [
    state.value for state in lifecycle.STAGES[: lifecycle.STAGES.index(lifecycle.State.MATCHING)]
]
_PROGRAMME_WIDE = (Role.RESEARCHER, Role.COMMITTEE)


@dataclass
class Item:
    """One mission on the page: what is expected of the person, and its milestones."""

    mission: Mission
    expected: str = ""
    milestones: list[Milestone] = field(default_factory=list)

    def is_late(self, today: date) -> bool:
        return any(row.is_late(today) for row in self.milestones)


@dataclass(frozen=True)
class Work:
    late: list[Item]
    to_do: list[Item]
    waiting: list[Mission]
    waiting_count: int
    blocked: list[Milestone]
    proposals: list[Engagement]
    sheets: list[Mission]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.to_do or self.proposals or self.sheets)


def roles_held(user: User, prefix: str = "") -> Iterator[tuple[str, Q]]:
    """`(owner role, condition on the mission)` for each role the person can hold; `prefix` is
    the path to the mission (`"mission__"` from a milestone)."""
    standing = user.standing
    if member := standing.organisations(Role.MEMBER):
        yield OwnerRole.OSIM, Q(**{f"{prefix}project__holder__in": member})
    confirmed = Engagement.objects.filter(volunteer__user=user, state=EngagementState.CONFIRMED)
    yield OwnerRole.VOLUNTEER, Q(**{f"{prefix}pk__in": confirmed.values("mission")})
    if coordinates := standing.organisations(Role.COORDINATOR):
        near = Territory.objects.filter(networks__in=coordinates).values("pk")
        yield (
            OwnerRole.COORDINATOR,
            Q(**{f"{prefix}territory__in": near}) & _in_programmes(coordinates, prefix),
        )
    for role in _PROGRAMME_WIDE:
        if organisations := standing.organisations(role):
            yield role.value, _in_programmes(organisations, prefix)


def _in_programmes(organisations: frozenset[int], prefix: str) -> Q:
    programmes = ProgrammePartner.objects.filter(organisation__in=organisations)
    return Q(**{f"{prefix}programme__in": programmes.values("programme")})


def turn_of(user: User) -> Q:
    """Missions in a state where it is this person's turn (`lifecycle.TURN`)."""
    mine = Q(pk__in=[])
    for role, held in roles_held(user):
        states = [s for s, (whose, _) in lifecycle.TURN.items() if whose == role]
        mine |= Q(state__in=states) & held
    return mine


def involving(user: User) -> Q:
    """Missions in which the person has something to do at some moment."""
    mine = Q(pk__in=[])
    for role, held in roles_held(user):
        if role != OwnerRole.COMMITTEE:
            mine |= held
    return mine


def expected(rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """Milestones that count now: the mission is not over, and those that depend on the
    departure wait until it is accepted."""
    return rows.exclude(mission__state__in=_OVER).exclude(
        mission__state__in=_NOT_ACCEPTED, offset_from_departure__isnull=False
    )


def is_expected(mission: Mission, milestone: Milestone) -> bool:
    """The same rule for one milestone already read."""
    if mission.state in _OVER or milestone.is_settled:
        return False
    return mission.state not in _NOT_ACCEPTED or milestone.offset_from_departure is None


def late_missions(today: date) -> Q:
    """Missions with an expected milestone past its date, whoever owns it."""
    return Q(pk__in=expected(Milestone.objects.late(today)).values("mission"))


def _current(today: date) -> Q:
    """Milestones that matter now: required to leave the present state, or due soon."""
    now = Q(due_on__lte=today + SOON)
    for state in lifecycle.STAGES:
        if step := forward(state):
            now |= Q(mission__state=state, required_for=step.name)
    return now


def _milestones(user: User, visible: QuerySet[Mission]) -> QuerySet[Milestone]:
    mine = Q(pk__in=[])
    for role, held in roles_held(user, "mission__"):
        mine |= Q(owner_role=role) & held
    return (
        expected(Milestone.objects.open())
        .filter(mine, _current(clock.today()), mission__in=visible.values("pk"))
        .select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("due_on", "mission", "position")
    )


def work_of(user: User) -> Work:
    """Everything the page shows, in six queries whatever the number of missions."""
    today = clock.today()
    visible = Mission.objects.visible_to(user).order_by()
    items = _items(user, visible)
    busy = [item.mission.pk for item in items]
    under_way = visible.exclude(state__in=_OVER).filter(involving(user))
    waiting = list(
        under_way.exclude(pk__in=busy)
        .for_lists()
        .prefetch_related(None)
        .order_by("departs_on", "-reference")[: WAITING_SHOWN + 1]
    )
    blocked = (
        expected(Milestone.objects.late(today))
        .filter(mission__in=under_way.exclude(pk__in=busy).values("pk"))
        .select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("due_on", "pk")
    )
    return Work(
        late=[item for item in items if item.is_late(today)],
        to_do=[item for item in items if not item.is_late(today)],
        waiting=waiting[:WAITING_SHOWN],
        waiting_count=len(waiting),
        blocked=list(blocked[:WAITING_SHOWN]),
        proposals=_proposals(user),
        sheets=_sheets(user, visible),
    )


def _items(user: User, visible: QuerySet[Mission]) -> list[Item]:
    """My milestones by mission, then the missions whose turn is mine without any."""
    found: dict[int, Item] = {}
    for row in _milestones(user, visible)[: SHOWN * 3]:
        item = found.setdefault(row.mission_id, Item(row.mission))
        item.milestones.append(row)
    turns = (
        visible.filter(turn_of(user))
        .select_related("project__holder")
        .defer("search")
        .order_by("reference")
    )
    for mission in turns[:SHOWN]:
        item = found.setdefault(mission.pk, Item(mission))
        item.expected = lifecycle.TURN[mission.state][1]
    return list(found.values())


def _proposals(user: User) -> list[Engagement]:
    """Missions offered to this person that wait for an answer."""
    rows = Engagement.objects.filter(volunteer__user=user, state=EngagementState.PROPOSED)
    return list(
        rows.select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("proposed_at")[:SHOWN]
    )


def _sheets(user: User, visible: QuerySet[Mission]) -> list[Mission]:
    """Public sheets that wait for a second reader, other than who proposed them."""
    standing = user.standing
    readers: list[Q] = [
        held
        for role, held in roles_held(user)
        if role in {OwnerRole.COORDINATOR, OwnerRole.RESEARCHER}
    ]
    if administers := standing.organisations(Role.ADMINISTRATOR):
        readers.append(_in_programmes(administers, ""))
    if not readers:
        return []
    mine = readers[0]
    for other in readers[1:]:
        mine |= other
    rows = visible.filter(mine, sheet_state=SheetState.PROPOSED)
    return list(
        rows.exclude(sheet_proposed_by=user)
        .select_related("project__holder")
        .defer("search")
        .order_by("reference")[:SHOWN]
    )


def whose_turn(mission: Mission) -> str:
    """« la coordination »: the label of who is expected, empty when nobody is."""
    if mission.state not in lifecycle.TURN:
        return ""
    return str(OwnerRole(lifecycle.TURN[mission.state][0]).label)


def expected_of(missions: Sequence[Mission]) -> list[tuple[Mission, str, str]]:
    """`(mission, who, what)` for the missions that wait for somebody else."""
    return [(row, whose_turn(row), lifecycle.TURN.get(row.state, ("", ""))[1]) for row in missions]
