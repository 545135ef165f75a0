"""What a person is on one mission, in one query."""

from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce

from explor.accounts.models import Role, User
from missions.dossier.models import (
    ConflictOfInterest,
    Engagement,
    EngagementState,
    Mission,
    ProgrammePartner,
    Territory,
)


class MissionRole(StrEnum):
    OSIM = "osim"
    PROPOSED = "proposed"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    OTHER_COORDINATOR = "other_coordinator"
    RESEARCHER = "researcher"
    COMMITTEE = "committee"
    ADMINISTRATOR = "administrator"


NOBODY: frozenset[MissionRole] = frozenset()


def roles_on(user: User, mission: Mission) -> frozenset[MissionRole]:
    """Every role of `user` on `mission`; none at all once a conflict of interest is declared.

    Kept on the mission object, so a page that asks ten rules pays one query.
    """
    known: dict[int, frozenset[MissionRole]] = mission.__dict__.setdefault("_roles", {})
    if user.pk not in known:
        known[user.pk] = _read(user, mission)
    return known[user.pk]


def _read(user: User, mission: Mission) -> frozenset[MissionRole]:
    if not user.is_active:
        return NOBODY
    standing = user.standing
    partners = ProgrammePartner.objects.filter(programme=OuterRef("programme"))
    engaged = Engagement.objects.filter(mission=OuterRef("pk"), volunteer__user=user)
    coordinates = standing.organisations(Role.COORDINATOR)
    row: Any = (
        Mission.objects.filter(pk=mission.pk)
        .annotate(
            of_holder=Coalesce("project__holder_id", Value(0)),
            conflicted=Exists(ConflictOfInterest.objects.filter(mission=OuterRef("pk"), user=user)),
            confirmed=Exists(engaged.filter(state=EngagementState.CONFIRMED)),
            asked=Exists(
                engaged.filter(state__in=[EngagementState.PROPOSED, EngagementState.ACCEPTED])
            ),
            near=Exists(
                Territory.objects.filter(pk=OuterRef("territory"), networks__in=coordinates)
            ),
            **{
                f"as_{role.value}": Exists(
                    partners.filter(organisation__in=standing.organisations(role))
                )
                for role in (
                    Role.COORDINATOR,
                    Role.RESEARCHER,
                    Role.COMMITTEE,
                    Role.ADMINISTRATOR,
                )
            },
        )
        .values()
        .first()
    )
    if row is None or row["conflicted"]:
        return NOBODY
    holds = {
        MissionRole.OSIM: row["of_holder"] in standing.organisations(Role.MEMBER),
        MissionRole.VOLUNTEER: row["confirmed"],
        MissionRole.PROPOSED: row["asked"],
        MissionRole.COORDINATOR: row["as_coordinator"] and row["near"],
        MissionRole.OTHER_COORDINATOR: row["as_coordinator"] and not row["near"],
        MissionRole.RESEARCHER: row["as_researcher"],
        MissionRole.COMMITTEE: row["as_committee"],
        MissionRole.ADMINISTRATOR: row["as_administrator"],
    }
    return frozenset(role for role, held in holds.items() if held)
