"""Sentences over missions and milestones; `visible_to` comes first in every list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Prefetch, Q

from explor.accounts.models import Role, User
from missions import lifecycle

if TYPE_CHECKING:
    from missions.dossier.models import Milestone, Mission  # noqa: F401

#: Big generated or long columns that no list shows.
_HEAVY = ("search",)

#: Who works for a programme: a decision does not wait for its letter for them.
TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


def _rows(name: str) -> models.QuerySet[Any]:
    """The rows of a model that is defined after this module."""
    rows: models.QuerySet[Any] = apps.get_model("missions", name)._default_manager.all()
    return rows


def hushed(prefix: str = "") -> Q:
    """Decided, and the letter has not left: the same as `Mission.is_hushed`."""
    return Q(**{f"{prefix}decided_at__isnull": False, f"{prefix}decision_told_at__isnull": True})


def untold_to(user: User, prefix: str = "") -> Q:
    """Decisions that this person, of no team of the programme, may not know before the letter."""
    return hushed(prefix) & ~in_team_of(user, prefix)


def in_team_of(user: User, prefix: str = "") -> Q:
    """Missions of the programmes in which the person has a role of the team."""
    return Q(**{f"{prefix}programme__in": user.standing.reach("programmes", *TEAM)})


def in_sight_of(user: User, prefix: str = "") -> Q:
    """Condition on the missions whose dossier `user` may open; `prefix` is the path to them.

    Programmes and territories are plain ids, engagements and ties a subquery on the person alone,
    read once whatever PostgreSQL believes of the tables. A correlated one would run for each row.
    """
    standing = user.standing

    def on(**wanted: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in wanted.items()})

    engaged = _rows("Engagement").filter(volunteer__user=user, state="confirmed")
    seen = on(pk__in=engaged.values("mission"))
    if member := standing.organisations(Role.MEMBER):
        seen |= on(project__holder__in=member)
    not_a_draft = ~on(state=lifecycle.State.DRAFT)
    if coordinates := standing.reach("programmes", Role.COORDINATOR):
        near = standing.reach("territories", Role.COORDINATOR)
        told = on(territory__in=near) & (on(shared_draft=True) | on(typed_on_behalf=True))
        seen |= on(programme__in=coordinates) & (not_a_draft | told)
    if reads := standing.reach("programmes", Role.RESEARCHER, Role.ADMINISTRATOR):
        seen |= on(programme__in=reads) & not_a_draft
    if sits := standing.reach("programmes", Role.COMMITTEE):
        states = [state.value for state in lifecycle.SEEN_BY_COMMITTEE]
        seen |= on(programme__in=sits, state__in=states)
    return seen & ~on(pk__in=_rows("ConflictOfInterest").filter(user=user).values("mission"))


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, user: User) -> MissionQuerySet:
        """Missions whose dossier `user` may open (see `missions.permissions`)."""
        return self.filter(in_sight_of(user))

    def for_lists(self) -> MissionQuerySet:
        """What a line of a list shows, without a query per line."""
        return (
            self.select_related("project__holder", "project__local_partner", "territory")
            .prefetch_related("components")
            .defer(*_HEAVY)
        )

    def for_sheets(self) -> MissionQuerySet:
        """What a mission sheet shows: components, objectives and achievements in order."""
        return (
            self.select_related(
                "programme", "project__holder", "project__local_partner", "territory"
            )
            .prefetch_related(
                "components__objectives__achievements",
                "engagements__volunteer__home_structure",
                "joint_missions",
            )
            .defer(*_HEAVY)
        )

    def with_milestones(self) -> MissionQuerySet:
        return self.prefetch_related(Prefetch("milestones"))

    def with_public_sheet(self) -> MissionQuerySet:
        return self.filter(sheet_state="approved")

    def on_their_own(self) -> MissionQuerySet:
        """Without the missions that stand on another one's sheet."""
        return self.filter(joint_with__isnull=True)

    def departing_before(self, day: date) -> MissionQuerySet:
        return self.filter(departs_on__lt=day)

    def accepted(self) -> MissionQuerySet:
        return self.filter(state__in=[state.value for state in lifecycle.ACCEPTED])


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, user: User) -> MilestoneQuerySet:
        """Milestones of the missions whose dossier `user` may open."""
        return self.filter(in_sight_of(user, "mission__"))

    def open(self) -> MilestoneQuerySet:
        return self.filter(done_on__isnull=True, waived_because="")

    def late(self, today: date) -> MilestoneQuerySet:
        return self.open().filter(due_on__lt=today)
