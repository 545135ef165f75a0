"""Every rule of the app, in one table. Ask with `user.has_perm("missions.review", mission)`.

A rule with an object is about that mission; without one it says whether the page or menu exists
for the person at all. Another's object is then « not found », never « forbidden ».
"""

from collections.abc import Callable
from typing import Any

from explor.accounts.models import Organisation, Role, User
from explor.accounts.predicates import named_predicate, predicate, register
from missions import lifecycle
from missions.actors.queries import coordinates
from missions.dossier.models import Engagement, EngagementState, Milestone, Mission, Programme
from missions.dossier.standing import STAFF, MissionRole, roles_on
from missions.request.corrections import asked_fields
from missions.review.letter_models import DecisionLetter
from missions.review.opinion_models import Opinion
from missions.threads.audience import readable_kinds, reads
from missions.threads.models import Thread, ThreadKind

R = MissionRole
S = lifecycle.State
Rule = Callable[[User, Any], bool]

TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)


def on_mission(*roles: MissionRole, states: frozenset[str] | None = None) -> Any:
    """True when the person holds one of `roles` on the mission, in one of `states`."""
    wanted = frozenset(roles)

    @named_predicate(f"on_mission:{','.join(sorted(wanted))}")
    def holds(user: User, mission: Mission | None) -> bool:
        if mission is None or not user.is_authenticated:
            return False
        held = roles_on(user, mission)
        # a right that comes with a decision would tell it before the letter
        told = mission.state_told(outside=not held & STAFF)
        return bool(wanted & held) and (states is None or told in states)

    return holds


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
def looks_after(user: User, organisation: Organisation | None) -> bool:
    """Its people and what it says of itself: its own, the coordination near it, administrators.

    « Near » is where it has a mission; an association without any is of every coordination.
    """
    if organisation is None or not user.is_authenticated:
        return False
    standing = user.standing
    if standing.holds(Role.ADMINISTRATOR):
        return True
    if organisation.pk in standing.organisations(Role.MEMBER) | standing.organisations(
        Role.COORDINATOR
    ):
        return True
    return coordinates(user, organisation)


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
def may_read_letter(user: User, letter: DecisionLetter | None) -> bool:
    """The association once it is sent; the team before. It says the amount: nobody else."""
    if letter is None:
        return False
    held = roles_on(user, letter.mission)
    if held & {R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR}:
        return True
    return R.OSIM in held and letter.was_sent


@predicate
def administers(user: User, programme: Programme | None) -> bool:
    """An administrator of one of the programme's partners; of any, when none is named."""
    mine = user.standing.organisations(Role.ADMINISTRATOR) if user.is_authenticated else ()
    if programme is None or not mine:
        return bool(mine)
    return programme.partner_rows.filter(organisation__in=mine).exists()


@predicate
def approves_sheet(user: User, mission: Mission | None) -> bool:
    """A second person: never the one who proposed the sheet."""
    if mission is None or mission.sheet_proposed_by_id == user.pk:
        return False
    return bool({R.ADMINISTRATOR, R.COORDINATOR, R.RESEARCHER} & roles_on(user, mission))


@predicate
def may_read_thread(user: User, thread: Thread | None) -> bool:
    """Who the conversation is for, as long as no tie is declared."""
    return thread is not None and reads(user, thread.mission, ThreadKind(thread.kind))


@predicate
def has_threads(user: User, mission: Mission | None) -> bool:
    return mission is not None and bool(readable_kinds(user, mission))


EDITABLE = frozenset({S.DRAFT, S.SUBMITTED})


@predicate
def is_editable(user: User, mission: Mission | None) -> bool:
    return mission is not None and mission.state in EDITABLE


@predicate
def owes_a_correction(user: User, mission: Mission | None) -> bool:
    return mission is not None and bool(asked_fields(mission))


@predicate
def is_asked_opinion(user: User, opinion: Opinion | None) -> bool:
    """Asked of this person, who declared no tie."""
    return opinion is not None and Opinion.objects.visible_to(user).filter(pk=opinion.pk).exists()


@predicate
def was_asked_opinion(user: User, mission: Mission | None) -> bool:
    if mission is None or not user.is_authenticated:
        return False
    return Opinion.objects.visible_to(user).filter(mission=mission).exists()


TABLE: dict[str, Any] = {
    # the dossier
    "missions.view_missions": anywhere(Role.MEMBER, *TEAM) | is_volunteer,
    "missions.view_mission": may_open,
    "missions.view_history": may_open,
    # what the team knows before the letter of a decision has left
    "missions.read_ahead": on_mission(*STAFF),
    "missions.read_messages": has_threads,
    "missions.read_thread": may_read_thread,
    "missions.view_actors": anywhere(Role.COORDINATOR, Role.RESEARCHER, Role.ADMINISTRATOR),
    "missions.manage_organisation": looks_after,
    "missions.set_up": anywhere(Role.ADMINISTRATOR),
    "missions.set_state": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    "missions.suspend": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    # the request
    "missions.add_request": anywhere(Role.MEMBER),
    "missions.add_request_on_behalf": anywhere(Role.COORDINATOR),
    # in review, only the answers that a correction asks for: `correcting.check_only_asked`
    "missions.edit_request": (on_mission(R.OSIM) | typed_it) & (is_editable | owes_a_correction),
    "missions.answer_correction": on_mission(R.OSIM) | typed_it,
    "missions.submit": on_mission(R.OSIM) | typed_it,
    "missions.withdraw": on_mission(R.OSIM),
    "missions.duplicate_request": on_mission(R.OSIM) | typed_it,
    "missions.ask_confirmation": typed_it & on_mission(R.COORDINATOR, states=frozenset({S.DRAFT})),
    "missions.view_receipt": on_mission(
        R.OSIM, R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR
    ),
    "missions.view_annexes": on_mission(
        R.OSIM, R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR
    ),
    "missions.view_bank_details": on_mission(R.OSIM, R.COORDINATOR, R.ADMINISTRATOR),
    "missions.add_late_annex": on_mission(
        R.OSIM, R.COORDINATOR, states=frozenset({*lifecycle.ACCEPTED})
    ),
    "missions.view_budget": on_mission(
        R.OSIM, R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR
    ),
    # the money
    "missions.view_funding": on_mission(
        R.OSIM,
        R.COORDINATOR,
        R.OTHER_COORDINATOR,
        R.COMMITTEE,
        R.ADMINISTRATOR,
        states=frozenset(S) - {S.DRAFT},
    ),
    "missions.record_expense": on_mission(
        R.OSIM,
        R.COORDINATOR,
        R.ADMINISTRATOR,
        states=frozenset({*lifecycle.ACCEPTED, S.CLOSED, S.CANCELLED}),
    ),
    "missions.record_cofunding": on_mission(
        R.OSIM,
        R.COORDINATOR,
        R.ADMINISTRATOR,
        states=frozenset(S) - {S.DRAFT, S.DECLINED, S.UNFOLLOWED, S.WITHDRAWN},
    ),
    "missions.pay": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    "missions.view_envelopes": anywhere(Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR),
    "missions.set_envelopes": administers,
    # review and decision
    "missions.review": on_mission(R.COORDINATOR),
    "missions.add_review_note": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    "missions.read_corrections": on_mission(
        R.OSIM, R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR
    ),
    "missions.ask_opinion": on_mission(R.COORDINATOR),
    "missions.give_opinion": is_asked_opinion,
    "missions.note_roll": on_mission(R.COORDINATOR, R.ADMINISTRATOR),
    "missions.answer_roll": on_mission(R.COMMITTEE),
    "missions.view_reviews": anywhere(Role.COORDINATOR, Role.ADMINISTRATOR),
    "missions.read_review": on_mission(R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR),
    "missions.read_review_summary": on_mission(
        R.COORDINATOR, R.OTHER_COORDINATOR, R.ADMINISTRATOR, R.COMMITTEE
    ),
    "missions.decide": on_mission(R.COMMITTEE),
    "missions.record_decision": on_mission(R.COMMITTEE, R.ADMINISTRATOR),
    "missions.read_decision": may_open,
    "missions.write_letter": on_mission(R.COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR),
    "missions.approve_letter": on_mission(R.COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR),
    "missions.send_letter": on_mission(R.COORDINATOR, R.COMMITTEE, R.ADMINISTRATOR),
    "missions.read_letter": may_read_letter,
    "missions.declare_conflict": on_mission(R.COORDINATOR, R.OTHER_COORDINATOR, R.COMMITTEE)
    | was_asked_opinion,
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
