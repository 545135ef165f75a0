"""Reading around a mission: the people concerned, its place in the lifecycle, usual times."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from explor.accounts.models import Role, User
from explor.journal.models import Entry
from explor.journal.queries import history
from missions import lifecycle
from missions.dossier.models import (
    ConflictOfInterest,
    EngagementState,
    Mission,
    OwnerRole,
    StateChange,
)

_UNSUBMITTED = (lifecycle.State.DRAFT, lifecycle.State.WITHDRAWN)

#: Acts of the team: neither the association nor the volunteer reads them in the history.
TEAM_ACTS = (
    "missions.save_review",
    "missions.review_note",
    "missions.assign_lead",
    "missions.note_roll",
    "missions.ask_opinion",
    "missions.give_opinion",
    "missions.decline_opinion",
    "missions.extend_opinion",
    "missions.cancel_opinion",
    "missions.record_decision",
    "missions.set_decision_aside",
    "missions.save_letter",
    "missions.approve_letter",
    "session.item",
    "missions.declare_conflict",
    "missions.propose_volunteer",
    "missions.answer_proposal",
    "missions.refused",
    "missions.post_team_message",
)

#: What tells the decision: kept from people outside the team until the letter leaves.
DECIDING = ("missions.accept", "missions.decline", "funding.commit", "funding.release")


def acts_on(mission: Mission, user: User) -> QuerySet[Entry]:
    """The history of the mission as `user` may read it, newest first."""
    acts = history(mission.stream)
    if not user.has_perm("missions.view_budget", mission):
        acts = acts.exclude(verb__startswith="funding.")
    if user.has_perm("missions.read_review_summary", mission):
        return acts
    if mission.keeps_decision:
        acts = acts.exclude(verb__in=DECIDING)
    return acts.exclude(verb__in=TEAM_ACTS)


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
