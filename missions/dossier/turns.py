"""Whose job each thing is, said in SQL. The same rules as `standing.roles_on`.

Every condition is flat: columns of the mission, or ids from a small list that depends on the
person alone. No correlated subquery and no join that multiplies rows, so that the cost stays the
same when PostgreSQL knows nothing yet of the tables (a plan made for one row, run on thousands).
"""

from collections.abc import Iterator
from datetime import date

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
)
from missions.dossier.querysets import hushed, in_team_of, untold_to
from missions.dossier.reach import PROGRAMMES, TERRITORIES

#: What a decision ticks before its letter has left.
KEPT = [lifecycle.Kind.DECISION.value, lifecycle.Kind.LETTER.value]
OVER = [state.value for state in lifecycle.FINAL]
#: Before the committee accepts, what is counted from the departure is not expected of anyone.
_NOT_ACCEPTED = [
    state.value for state in lifecycle.STAGES[: lifecycle.STAGES.index(lifecycle.State.MATCHING)]
]
_PROGRAMME_WIDE = (Role.RESEARCHER, Role.COMMITTEE)
NOTHING = Q(pk__in=[])


def roles_held(user: User, prefix: str = "") -> Iterator[tuple[str, Q]]:
    """`(owner role, condition on the mission)` for each role the person can hold; `prefix` is
    the path to the mission (`"mission__"` from a milestone)."""
    standing = user.standing
    if member := standing.organisations(Role.MEMBER):
        yield OwnerRole.OSIM, Q(**{f"{prefix}project__holder__in": member})
    confirmed = Engagement.objects.filter(volunteer__user=user, state=EngagementState.CONFIRMED)
    yield OwnerRole.VOLUNTEER, Q(**{f"{prefix}pk__in": confirmed.values("mission")})
    if coordinates := standing.reach(PROGRAMMES, Role.COORDINATOR):
        near = standing.reach(TERRITORIES, Role.COORDINATOR)
        yield (
            OwnerRole.COORDINATOR,
            Q(**{f"{prefix}territory__in": near, f"{prefix}programme__in": coordinates}),
        )
    for role in _PROGRAMME_WIDE:
        if programmes := standing.reach(PROGRAMMES, role):
            yield role.value, Q(**{f"{prefix}programme__in": programmes})


def on_hold(today: date, prefix: str = "") -> Q:
    """Suspended until a later day: nothing is expected of anyone."""
    return Q(**{f"{prefix}suspended_until__gt": today})


def turn_of(user: User) -> Q:
    """Missions in a state where it is this person's turn (`lifecycle.TURN`)."""
    mine = NOTHING
    for role, held in roles_held(user):
        states = [s for s, (whose, _) in lifecycle.TURN.items() if whose == role]
        mine |= Q(state__in=states) & held
    running = Q(suspended_until__isnull=True) | Q(suspended_until__lte=clock.today())
    return mine & running


def involving(user: User) -> Q:
    """Missions in which the person has something to do at some moment."""
    mine = NOTHING
    for role, held in roles_held(user):
        if role != OwnerRole.COMMITTEE:
            mine |= held
    return mine


def expected(rows: QuerySet[Milestone], reader: User | None = None) -> QuerySet[Milestone]:
    """Milestones that count now: the mission is neither over nor suspended, and those that
    depend on the departure wait until it is accepted.

    With a `reader`, as far as they may know: outside the team, before the letter of a decision,
    the mission is still before the committee, and what the decision ticks is not looked at.
    """
    over, early = Q(mission__state__in=OVER), Q(mission__state__in=_NOT_ACCEPTED)
    if reader is None:
        rows = rows.exclude(_untold())
    else:
        untold = untold_to(reader, "mission__")
        over, early = over & ~untold, early | untold
        rows = rows.exclude(Q(kind__in=KEPT) & ~in_team_of(reader, "mission__"))
    return (
        rows.exclude(over)
        .exclude(early, offset_from_departure__isnull=False)
        .exclude(on_hold(clock.today(), "mission__"))
    )


def _untold() -> Q:
    """Before the letter of a decision, what it makes people outside the team do is not theirs."""
    outside = [OwnerRole.OSIM, OwnerRole.VOLUNTEER]
    return Q(owner_role__in=outside, offset_from_departure__isnull=False) & hushed("mission__")


def is_expected(mission: Mission, milestone: Milestone) -> bool:
    """The same rule for one milestone already read."""
    if mission.state in OVER or milestone.is_settled or mission.is_on_hold(clock.today()):
        return False
    return mission.state not in _NOT_ACCEPTED or milestone.offset_from_departure is None


def late_missions(reader: User, today: date) -> Q:
    """Missions with an expected milestone past its date, whoever owns it."""
    return Q(pk__in=expected(Milestone.objects.late(today), reader).values("mission"))


def whose_turn(mission: Mission, state: str = "") -> str:
    """« la coordination »: the label of who is expected in `state` (the mission's own without
    it), empty when nobody is."""
    state = state or mission.state
    if state not in lifecycle.TURN or mission.is_on_hold(clock.today()):
        return ""
    return str(OwnerRole(lifecycle.TURN[state][0]).label)
