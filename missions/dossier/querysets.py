"""Sentences over missions and milestones; `visible_to` comes first in every list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from explor.accounts.models import Role, User
from missions import lifecycle
from missions.dossier.programme import ProgrammePartner

if TYPE_CHECKING:
    from missions.dossier.models import Milestone, Mission  # noqa: F401

#: Big generated or long columns that no list shows.
_HEAVY = ("search",)


def _programmes_of(organisation_ids: frozenset[int]) -> Any:
    return ProgrammePartner.objects.filter(organisation__in=organisation_ids).values("programme")


def _related(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    """The rows that point to `model` under `name`: their class is defined after this module."""
    related = cast("type[models.Model]", model._meta.get_field(name).related_model)
    return related._default_manager.all()


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, user: User) -> MissionQuerySet:
        """Missions whose dossier `user` may open (see `missions.permissions`)."""
        standing = user.standing
        seen = Q(project__holder__in=standing.organisations(Role.MEMBER))
        engaged = _related(self.model, "engagements").filter(
            mission=OuterRef("pk"), volunteer__user=user, state="confirmed"
        )
        seen |= Q(Exists(engaged))
        not_a_draft = ~Q(state=lifecycle.State.DRAFT)
        shared = Q(shared_draft=True) | Q(typed_on_behalf=True)
        if coordinates := standing.organisations(Role.COORDINATOR):
            ours = Q(territory__networks__in=coordinates)
            mine = self.model._meta.model._base_manager.filter(ours, shared).values("pk")
            seen |= Q(programme__in=_programmes_of(coordinates)) & (not_a_draft | Q(pk__in=mine))
        if researches := standing.organisations(Role.RESEARCHER):
            seen |= Q(programme__in=_programmes_of(researches)) & not_a_draft
        if administers := standing.organisations(Role.ADMINISTRATOR):
            seen |= Q(programme__in=_programmes_of(administers)) & not_a_draft
        if sits := standing.organisations(Role.COMMITTEE):
            states = [state.value for state in lifecycle.SEEN_BY_COMMITTEE]
            seen |= Q(programme__in=_programmes_of(sits), state__in=states)
        conflicted = _related(self.model, "conflicts").filter(mission=OuterRef("pk"), user=user)
        return self.filter(seen).exclude(Exists(conflicted))

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
    def open(self) -> MilestoneQuerySet:
        return self.filter(done_on__isnull=True, waived_because="")

    def late(self, today: date) -> MilestoneQuerySet:
        return self.open().filter(due_on__lt=today)
