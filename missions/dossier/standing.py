"""What a person is on one mission, in one query."""

from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Value

from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, Engagement, EngagementState, Mission
from missions.dossier.reach import PROGRAMMES, TERRITORIES


class MissionRole(StrEnum):
    OSIM = "osim"
    PROPOSED = "proposed"
    VOLUNTEER = "volunteer"
    COORDINATOR = "coordinator"
    OTHER_COORDINATOR = "other_coordinator"
    RESEARCHER = "researcher"
    COMMITTEE = "committee"
    ADMINISTRATOR = "administrator"


#: The team of the programme: what they read of a decision does not wait for its letter.
STAFF = frozenset(
    {
        MissionRole.COORDINATOR,
        MissionRole.OTHER_COORDINATOR,
        MissionRole.RESEARCHER,
        MissionRole.COMMITTEE,
        MissionRole.ADMINISTRATOR,
    }
)
NOBODY: frozenset[MissionRole] = frozenset()
_PROGRAMME_WIDE = (Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


def ties_of(user: User) -> dict[str, Any]:
    """What links the person to a mission, as annotations: a page that reads its mission with
    them asks nothing more to know the roles."""
    engaged = Engagement.objects.filter(mission=OuterRef("pk"), volunteer__user=user)
    asked = [EngagementState.PROPOSED, EngagementState.ACCEPTED]
    conflicts = ConflictOfInterest.objects.filter(mission=OuterRef("pk"), user=user)
    return {
        "tied_to": Value(user.pk),
        "tie_programme": F("programme_id"),
        "tie_territory": F("territory_id"),
        "tie_holder": F("project__holder_id"),
        "tie_conflicted": Exists(conflicts),
        "tie_confirmed": Exists(engaged.filter(state=EngagementState.CONFIRMED)),
        "tie_asked": Exists(engaged.filter(state__in=asked)),
    }


def require_no_tie(user: User | None, mission: Mission) -> None:
    """Who stood aside does nothing about the mission, whatever else they hold. Raises
    `PermissionDenied`."""
    if user is not None and ConflictOfInterest.objects.filter(mission=mission, user=user).exists():
        raise PermissionDenied


def roles_on(user: User, mission: Mission) -> frozenset[MissionRole]:
    """Every role of `user` on `mission`; none at all once a conflict of interest is declared.

    Kept on the mission object, so a page that asks ten rules pays one query, or none when the
    mission was read with `ties_of`.
    """
    known: dict[int, frozenset[MissionRole]] = mission.__dict__.setdefault("_roles", {})
    if user.pk not in known:
        known[user.pk] = _read(user, mission)
    return known[user.pk]


def _read(user: User, mission: Mission) -> frozenset[MissionRole]:
    if not user.is_active:
        return NOBODY
    row: Any = mission.__dict__
    if row.get("tied_to") != user.pk:
        row = Mission.objects.filter(pk=mission.pk).values(**ties_of(user)).first() or {}
    if not row or row["tie_conflicted"]:
        return NOBODY
    standing = user.standing
    programme = row["tie_programme"]
    coordinates = programme in standing.reach(PROGRAMMES, Role.COORDINATOR)
    near = row["tie_territory"] in standing.reach(TERRITORIES, Role.COORDINATOR)
    holds = {
        MissionRole.OSIM: row["tie_holder"] in standing.organisations(Role.MEMBER),
        MissionRole.VOLUNTEER: row["tie_confirmed"],
        MissionRole.PROPOSED: row["tie_asked"],
        MissionRole.COORDINATOR: coordinates and near,
        MissionRole.OTHER_COORDINATOR: coordinates and not near,
        **{
            MissionRole(role.value): programme in standing.reach(PROGRAMMES, role)
            for role in _PROGRAMME_WIDE
        },
    }
    return frozenset(role for role, held in holds.items() if held)
