"""Reading around a mission: the people concerned, its place in the lifecycle, usual times."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact, IsNull

from explor.accounts.models import Role, User
from explor.journal.models import Entry
from explor.journal.queries import history_for
from missions import lifecycle
from missions.audiences import DECISION_SET_ASIDE, LETTER_LEFT, TEAM
from missions.dossier.models import (
    ConflictOfInterest,
    EngagementState,
    Mission,
    OwnerRole,
    StateChange,
)

_UNSUBMITTED = (lifecycle.State.DRAFT, lifecycle.State.WITHDRAWN)


def acts_on(mission: Mission, user: User) -> QuerySet[Entry]:
    """The history of the mission as `user` may read it, newest first."""
    return history_for(
        mission.stream, reader=user, thing=mission, team=TEAM, told=_told_outside(mission)
    )


def _told_outside(mission: Mission) -> Q:
    """The acts of a decision that its letter told: the next of « letter sent » and « decision set
    aside » is the letter, or neither came yet and the decision in force is told."""
    turns = [LETTER_LEFT, DECISION_SET_ASIDE]
    later = Entry.objects.filter(stream=OuterRef("stream"), pk__gte=OuterRef("pk"), verb__in=turns)
    turn = Subquery(later.order_by("pk").values("verb")[:1])
    told = Q(Exact(turn, Value(str(LETTER_LEFT))))
    if mission.decided_at is not None and not mission.keeps_decision:
        told |= Q(IsNull(turn, True))
    return told


def people_on(mission: Mission, *roles: str) -> list[User]:
    """The active people who hold `roles` (`OwnerRole`) on the mission, conflicts left out."""
    return list(people_query(mission, *roles))


def people_query(mission: Mission, *roles: str) -> QuerySet[User]:
    """The same people, to go on from."""
    found = User.objects.none()
    for role in roles:
        found = found | _holders(mission, role)
    conflicted = ConflictOfInterest.objects.filter(mission=mission).values("user")
    return found.exclude(pk__in=conflicted).distinct().order_by("pk")


def _holders(mission: Mission, role: str) -> QuerySet[User]:
    active = User.objects.filter(is_active=True)
    if role == OwnerRole.OSIM:
        holder = mission.project.holder_id
        wanted = {"memberships__organisation": holder, "memberships__role": Role.MEMBER}
        return active.filter(pk__in=User.objects.filter(**wanted).values("pk"))
    if role == OwnerRole.VOLUNTEER:
        confirmed = mission.engagements.filter(state=EngagementState.CONFIRMED)
        return active.filter(pk__in=confirmed.values("volunteer__user"))
    wanted = {
        "memberships__role": role,
        "memberships__organisation__programme_rows__programme": mission.programme_id,
    }
    if role == OwnerRole.COORDINATOR:
        wanted["memberships__organisation__territories"] = mission.territory_id
    return active.filter(pk__in=User.objects.filter(**wanted).values("pk"))


def entered(mission: Mission) -> dict[str, datetime]:
    """State → when it was last entered."""
    rows: Iterable[tuple[str, datetime]] = (
        StateChange.objects.filter(mission=mission).order_by("at", "pk").values_list("target", "at")
    )
    return dict(rows)


def states_by_hand(mission: Mission) -> list[lifecycle.State]:
    """Where staff may put it: anywhere, but a draft only away or back.

    Its submission is the association's word, which no reason replaces.
    """
    allowed = _UNSUBMITTED if mission.rests_in_draft else lifecycle.State
    return [state for state in allowed if state != mission.state]


def may_be_reopened(mission: Mission) -> bool:
    """Whether a step may leave this state: a draft put away only comes back by hand, a draft."""
    return mission.state not in lifecycle.FINAL or not mission.rests_in_draft


def next_steps(mission: Mission, user: User) -> list[lifecycle.Transition]:
    """The transitions `user` may try from here, in the order of the table."""
    if not user.has_perm("missions.view_mission", mission):
        return []
    if not may_be_reopened(mission):
        return []
    return [
        step for step in lifecycle.leaving(mission.state) if user.has_perm(step.permission, mission)
    ]
