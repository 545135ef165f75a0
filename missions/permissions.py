"""Every rule of the app, in one table. Ask with `user.has_perm("missions.review", mission)`.

A rule with an object is about that mission; without one it says whether the page or menu exists
for the person at all. Another's object is then « not found », never « forbidden ».
"""

from collections.abc import Callable
from typing import Any

from explor.accounts.models import Role, User
from explor.accounts.predicates import named_predicate, predicate, register
from missions import lifecycle
from missions.dossier.models import Engagement, EngagementState, Milestone, Mission
from missions.dossier.standing import MissionRole, roles_on

R = MissionRole
S = lifecycle.State
Rule = Callable[[User, Any], bool]

STAFF = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


def on_mission(*roles: MissionRole, states: frozenset[str] | None = None) -> Any:
    """True when the person holds one of `roles` on the mission, in one of `states`."""
    wanted = frozenset(roles)

    @named_predicate(f"on_mission:{','.join(sorted(wanted))}")
    def held(user: User, mission: Mission | None) -> bool:
        if mission is None or not user.is_authenticated:
            return False
        if states is not None and mission.state not in states:
            return False
        return bool(wanted & roles_on(user, mission))

    return held


def anywhere(*roles: Role) -> Any:
    """True when the person holds one of `roles` in any organisation."""

    @named_predicate(f"anywhere:{','.join(sorted(roles))}")
    def held(user: User, _object: Any = None) -> bool:
        return user.is_authenticated and user.standing.holds(*roles)

    return held


@predicate
def may_open(user: User, mission: Mission | None) -> bool:
    """See the dossier: the same rule as `Mission.objects.visible_to`."""
    if mission is None or not user.is_authenticated:
        return False
    held = roles_on(user, mission)
    if held & {R.OSIM, R.VOLUNTEER}:
        return True
    if mission.state == S.DRAFT:
        return R.COORDINATOR in held and (mission.shared_draft or mission.typed_on_behalf)
    if held & {R.COORDINATOR, R.OTHER_COORDINATOR, R.RESEARCHER, R.ADMINISTRATOR}:
        return True
    return R.COMMITTEE in held and mission.state in lifecycle.SEEN_BY_COMMITTEE


@predicate
def typed_it(user: User, mission: Mission | None) -> bool:
    """A coordinator who types a request on behalf of an association."""
    return (
        mission is not None and mission.typed_on_behalf and R.COORDINATOR in roles_on(user, mission)
    )


@predicate
def owns_milestone(user: User, milestone: Milestone | None) -> bool:
    if milestone is None:
        return False
    held = roles_on(user, milestone.mission)
    return R.COORDINATOR in held or milestone.owner_role in held


@predicate
def coordinates_milestone(user: User, milestone: Milestone | None) -> bool:
    return milestone is not None and R.COORDINATOR in roles_on(user, milestone.mission)


@predicate
def is_asked(user: User, engagement: Engagement | None) -> bool:
    return (
        engagement is not None
        and engagement.volunteer.user_id == user.pk
        and engagement.state == EngagementState.PROPOSED
    )


@predicate
def may_see_engagement(user: User, engagement: Engagement | None) -> bool:
    if engagement is None:
        return False
    if engagement.volunteer.user_id == user.pk:
        return True
    return bool({R.COORDINATOR, R.ADMINISTRATOR} & roles_on(user, engagement.mission))


@predicate
def is_volunteer(user: User, _object: Any = None) -> bool:
    return hasattr(user, "volunteer")


@predicate
def approves_sheet(user: User, mission: Mission | None) -> bool:
    """A second person: never the one who proposed the sheet."""
    if mission is None or mission.sheet_proposed_by_id == user.pk:
        return False
    return bool({R.ADMINISTRATOR, R.COORDINATOR, R.RESEARCHER} & roles_on(user, mission))


EDITABLE = frozenset({S.DRAFT, S.SUBMITTED})

TABLE: dict[str, Any] = {
    # the dossier
    "missions.view_missions": anywhere(Role.MEMBER, *STAFF) | is_volunteer,
    "missions.view_mission": may_open,
    "missions.view_history": may_open,
    "missions.view_actors": anywhere(Role.COORDINATOR, Role.RESEARCHER, Role.ADMINISTRATOR),
    "missions.set_state": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    # the request
    "missions.add_request": anywhere(Role.MEMBER),
    "missions.add_request_on_behalf": anywhere(Role.COORDINATOR),
    "missions.edit_request": on_mission(R.OSIM, states=EDITABLE)
    | (typed_it & on_mission(R.COORDINATOR, states=EDITABLE)),
    "missions.submit": on_mission(R.OSIM) | typed_it,
    "missions.withdraw": on_mission(R.OSIM),
    "missions.view_budget": on_mission(
        R.OSIM, R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR
    ),
    # review and decision
    "missions.review": on_mission(R.COORDINATOR),
    "missions.read_review": on_mission(R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR),
    "missions.read_review_summary": on_mission(
        R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR, R.COMMITTEE
    ),
    "missions.decide": on_mission(R.COMMITTEE),
    "missions.record_decision": on_mission(R.COMMITTEE, R.ADMINISTRATOR),
    "missions.read_decision": may_open,
    "missions.declare_conflict": on_mission(R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE),
    # matching and preparation
    "missions.match": on_mission(R.COORDINATOR),
    "missions.view_proposals": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    "missions.view_engagement": may_see_engagement,
    "missions.answer_proposal": is_asked,
    "missions.prepare": on_mission(R.COORDINATOR),
    "missions.view_checklist": on_mission(
        R.OSIM,
        R.VOLUNTEER,
        R.COORDINATOR,
        R.OTHER_COORDINATOR,
        R.RESEARCHER,
        R.ADMINISTRATOR,
    ),
    "missions.settle_milestone": owns_milestone,
    "missions.waive_milestone": coordinates_milestone,
    # the public sheet
    "missions.propose_sheet": on_mission(R.COORDINATOR, R.RESEARCHER),
    "missions.approve_sheet": approves_sheet,
}

register(TABLE)
