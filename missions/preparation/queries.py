"""The checklist of a mission, what a new date would move, what puts a departure at risk."""

from dataclasses import dataclass
from datetime import date, timedelta

from explor.accounts.models import User
from missions import lifecycle
from missions.acts import may_now
from missions.dossier.models import Milestone, Mission, OwnerRole
from missions.dossier.standing import roles_on

#: Days before the departure from which what still lacks is a risk.
SOON = 30
LAST_WEEK = 7


@dataclass(frozen=True)
class Item:
    """One milestone and what the person may do about it."""

    milestone: Milestone
    late: bool
    may_settle: bool
    may_waive: bool
    may_reopen: bool

    @property
    def settled_by_an_act(self) -> bool:
        return self.milestone.kind in lifecycle.TICKED_BY_AN_ACT


@dataclass(frozen=True)
class Group:
    """The items of one owner, « mine » first."""

    owner: str
    label: str
    mine: bool
    items: list[Item]

    @property
    def waiting(self) -> list[Item]:
        return [item for item in self.items if not item.milestone.is_settled]

    @property
    def settled(self) -> list[Item]:
        return [item for item in self.items if item.milestone.is_settled]


@dataclass(frozen=True)
class Shift:
    """A due date that a new departure moves."""

    milestone: Milestone
    before: date | None
    after: date


def checklist(mission: Mission, user: User, today: date) -> list[Group]:
    """Every milestone of the mission by owner; one's own group comes first."""
    groups: dict[str, list[Item]] = {owner: [] for owner in OwnerRole.values}
    for milestone in mission.milestone_list():
        milestone.mission = mission  # the rules read the roles kept on this very object
        groups.setdefault(milestone.owner_role, []).append(_item(milestone, user, today))
    found = [
        Group(
            owner,
            f"À la charge de {OwnerRole(owner).label}",
            any(item.may_settle for item in items) and _owns(mission, user, owner),
            items,
        )
        for owner, items in groups.items()
        if items
    ]
    return sorted(found, key=lambda group: not group.mine)


def _owns(mission: Mission, user: User, owner: str) -> bool:
    return owner in roles_on(user, mission)


def _item(milestone: Milestone, user: User, today: date) -> Item:
    state = milestone.mission.state
    owns = may_now("settle_milestone", state) and user.has_perm(
        "missions.settle_milestone", milestone
    )
    leads = may_now("waive_milestone", state) and user.has_perm(
        "missions.waive_milestone", milestone
    )
    settled = milestone.is_settled
    by_act = milestone.kind in lifecycle.TICKED_BY_AN_ACT
    return Item(
        milestone,
        late=milestone.is_late(today),
        may_settle=owns and not settled and not by_act and not milestone.missing,
        may_waive=leads and not settled and milestone.kind not in lifecycle.NEVER_WAIVED,
        may_reopen=leads and settled and not (by_act and milestone.done_on),
    )


def shifts(mission: Mission, departs_on: date) -> list[Shift]:
    """What moving the departure to `departs_on` changes, in the order of the new dates."""
    found = [
        Shift(
            milestone,
            milestone.due_on,
            departs_on + timedelta(days=milestone.offset_from_departure),
        )
        for milestone in mission.milestone_list()
        if milestone.offset_from_departure is not None and not milestone.is_settled
    ]
    moved = [shift for shift in found if shift.before != shift.after]
    return sorted(moved, key=lambda shift: shift.after)


def departure_risks(mission: Mission, today: date) -> list[str]:
    """Why the departure is at risk, in French; nothing when it is not, or has taken place."""
    if mission.state not in (lifecycle.State.SUPPORT, lifecycle.State.PREPARATION):
        return []
    if mission.departs_on is None:
        return []
    left = (mission.departs_on - today).days
    if left < 0:
        return [f"le départ était prévu il y a {-left} jour{'s' if left < -1 else ''}"]
    rows = mission.milestone_list()
    risks = [
        f"« {row.label} » est en retard"
        for row in rows
        if row.required_for in ("start_preparation", "depart") and row.is_late(today)
    ]
    if left <= SOON:
        late = {row.kind for row in rows if row.is_late(today)}
        # the zone is checked in the last week: it is no risk before
        early = {lifecycle.Kind.SECURITY_ZONE} if left > LAST_WEEK else set()
        lacking = lifecycle.TRANSITIONS["depart"].lacking(mission, today)
        words = [lack.words for lack in lacking if lack.kind not in late | early]
        risks += [f"il manque : {what}" for what in dict.fromkeys(words)]
    return risks
