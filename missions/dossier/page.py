"""What every page of a mission shows around its own panel: header, tabs, steps, people.

A view of any stage does: `mission = find_mission(request.user, reference)`, then
`render(request, template, {**page_context(mission, request.user, "request"), …})` with a template
that extends `missions/dossier/page.html`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, prefetch_related_objects
from django.db.models.functions import JSONObject
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime

from explor import clock
from explor.accounts.models import Role, User
from explor.ui.components import Tab
from missions import lifecycle
from missions.dossier import whereabouts
from missions.dossier.models import (
    Engagement,
    EngagementState,
    Milestone,
    Mission,
    SheetState,
    StateChange,
)
from missions.dossier.queries import next_steps, states_by_hand
from missions.dossier.standing import STAFF, MissionRole, roles_on, ties_of
from missions.dossier.told import as_told
from missions.dossier.turns import is_expected

R = MissionRole
S = lifecycle.State
_ACCEPTED = frozenset({*lifecycle.ACCEPTED, S.CLOSED, S.CANCELLED})
_RETURNED = frozenset(lifecycle.RETURNED)
_DECIDED = frozenset({*_ACCEPTED, S.COMMITTEE, S.DECLINED})
#: What is missing in a review is not shown to the association.
_BEHIND_DOORS = frozenset({S.SUBMITTED, S.REVIEW, S.COMMITTEE})


@dataclass(frozen=True)
class StepButton:
    """A transition as the person sees it: ready, or blocked by what `missing` names.

    Without `url` it is taken on the page of its stage, `where`.
    """

    step: lifecycle.Transition
    url: str
    missing: list[str]
    where: str
    where_label: str

    @property
    def ready(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class TabRule:
    key: str
    label: str
    route: str
    opens: Callable[[User, Mission, frozenset[MissionRole]], bool]


def _may(permission: str, states: frozenset[lifecycle.State] | None = None) -> Any:
    def opens(user: User, mission: Mission, roles: frozenset[MissionRole]) -> bool:
        if states is not None and mission.state not in states:
            return False
        return user.has_perm(permission, mission)

    return opens


def _reads_report(user: User, mission: Mission, roles: frozenset[MissionRole]) -> bool:
    """Drafts are for their author and the coordination; the others read what is accepted."""
    if roles & {R.VOLUNTEER, R.COORDINATOR}:
        return mission.state in _RETURNED | {S.FIELD}
    if R.RESEARCHER in roles:
        return mission.state in _RETURNED
    return mission.state in _RETURNED - {S.REPORT}


def _reads_interviews(user: User, mission: Mission, roles: frozenset[MissionRole]) -> bool:
    """The page opens counts to everyone on the mission, and their own words to those heard."""
    return bool(roles & {R.RESEARCHER, R.COORDINATOR, R.OSIM, R.VOLUNTEER}) and (
        mission.state in _ACCEPTED
    )


def _prepares_sheet(user: User, mission: Mission, roles: frozenset[MissionRole]) -> bool:
    return bool(roles & STAFF - {R.COMMITTEE}) and mission.state in _RETURNED


TABS: tuple[TabRule, ...] = (
    TabRule("mission", "Résumé", "mission", _may("missions.view_mission")),
    TabRule("request", "Demande", "mission_request", _may("missions.view_mission")),
    TabRule(
        "review",
        "Instruction",
        "mission_review",
        _may(
            "missions.read_review_summary",
            frozenset(lifecycle.State) - {S.DRAFT, S.SUBMITTED},
        ),
    ),
    TabRule("decision", "Décision", "mission_decision", _may("missions.read_decision", _DECIDED)),
    TabRule("funding", "Financement", "mission_funding", _may("missions.view_funding")),
    TabRule(
        "matching",
        "Mise en relation",
        "mission_matching",
        _may("missions.view_proposals", _ACCEPTED),
    ),
    TabRule(
        "preparation",
        "Préparation",
        "mission_preparation",
        _may("missions.view_checklist", _ACCEPTED - {S.MATCHING}),
    ),
    TabRule("report", "Rapport", "mission_report", _reads_report),
    TabRule("interviews", "Entretiens", "mission_interviews", _reads_interviews),
    TabRule("sheet", "Fiche publique", "mission_sheet", _prepares_sheet),
    TabRule("messages", "Messages", "mission_messages", _may("missions.read_messages")),
    TabRule("history", "Historique", "mission_history", _may("missions.view_history")),
)

#: Tab → the number it shows, as an annotation of missions for a person. Later stages add theirs,
#: so that a page of a mission counts in its one query.
COUNTS: dict[str, Callable[[User], Any]] = {}

#: Steps that a stage takes itself (`taken_by`) by one button; the others need its page.
_TAKEN_AT = {"submit": "request_submit"}

#: Where the work behind a step is done, and the words of the link.
_WHERE: dict[str, tuple[str, str]] = {
    "submit": ("mission_request", "Compléter la demande"),
    "send_to_committee": ("mission_review", "Continuer l’instruction"),
    "accept": ("mission_decision", "Décider"),
    "decline": ("mission_decision", "Décider"),
    "confirm_volunteer": ("mission_matching", "Chercher une personne volontaire"),
    "start_preparation": ("mission_preparation", "Ouvrir la préparation"),
    "depart": ("mission_preparation", "Ouvrir la préparation"),
    "approve_report": ("mission_report", "Ouvrir le rapport"),
    "start_follow_up": ("mission_sheet", "Ouvrir la fiche publique"),
    "close": ("mission_preparation", "Ouvrir la préparation"),
}


def missions_for_pages(user: User) -> QuerySet[Mission]:
    """Missions `user` may open, with all that a page's frame shows, in one query."""
    changes = StateChange.objects.filter(mission=OuterRef("pk")).order_by("at", "pk")
    confirmed = Engagement.objects.filter(
        mission=OuterRef("pk"), state=EngagementState.CONFIRMED
    ).order_by("pk")
    coordination = (
        User.objects.filter(
            is_active=True,
            memberships__role=Role.COORDINATOR,
            memberships__organisation__territories=OuterRef("territory"),
            memberships__organisation__programme_rows__programme=OuterRef("programme"),
        )
        .order_by("last_name", "pk")
        .distinct()
    )
    person = JSONObject(
        first=F("volunteer__user__first_name"),
        last=F("volunteer__user__last_name"),
        structure=F("volunteer__home_structure__name"),
    )
    return (
        Mission.objects.visible_to(user)
        .select_related(
            "programme",
            "territory",
            "joint_with__programme",
            "project__holder",
            "project__local_partner",
        )
        .annotate(
            lived=ArraySubquery(changes.values(json=JSONObject(state=F("target"), at=F("at")))),
            accompanied_by=ArraySubquery(confirmed.values(json=person)),
            coordinated_by=ArraySubquery(
                coordination.values(json=JSONObject(first=F("first_name"), last=F("last_name")))[:3]
            ),
            **ties_of(user),
            **{f"count_{key}": counted(user) for key, counted in COUNTS.items()},
        )
        .defer("search")
    )


def find_mission(user: User, reference: str) -> Mission:
    """The mission of that reference, as this person may know it (see `told`).

    Raises `Http404` when `user` may not open it.
    """
    mission = missions_for_pages(user).filter(reference=reference).first()
    if mission is None:
        raise Http404("Aucune mission de cette référence.")
    return as_told(mission, user)


def page_context(mission: Mission, user: User, tab: str) -> dict[str, Any]:
    """The frame of a page; `tab` is a key of `TABS`. `mission` comes from `find_mission`.

    Costs two queries: milestones and usual time.
    """
    roles = roles_on(user, mission)
    milestones: list[Milestone] = _milestones(mission)
    entered = _entered(mission)
    steps = steps_for(mission, user)
    onward = whereabouts.forward(mission.state)
    return {
        "mission": mission,
        "tab": tab,
        "tab_label": next(rule.label for rule in TABS if rule.key == tab),
        "tabs": tabs_for(mission, user, tab),
        "roles": roles,
        "badge_label": lifecycle.label(
            mission.state, for_osim=R.OSIM in roles and not roles & STAFF
        ),
        "badge_tone": lifecycle.tone(mission.state),
        "stages": whereabouts.stages_of(mission, entered, milestones),
        "where": whereabouts.sentence(
            mission,
            since=entered.get(mission.state),
            roles=roles,
            missing=_missing_shown(mission, user),
            usual=whereabouts.usual_time(mission) if onward else None,
            corrections=_corrections(mission, milestones),
        ),
        "milestones": milestones,
        "next_milestone": next_milestone(mission, milestones),
        "main_step": next((s for s in steps if s.step == onward), None),
        "other_steps": [s for s in steps if s.step != onward],
        "volunteers": getattr(mission, "accompanied_by", []),
        "coordination": getattr(mission, "coordinated_by", []),
        "states": _states_to_put_in(mission, user),
        "may_suspend": _may_suspend(mission, user),
        "on_hold": mission.is_on_hold(clock.today()),
    }


def steps_for(mission: Mission, user: User) -> list[StepButton]:
    """The buttons of the lifecycle, with what each lacks before anyone tries."""
    today = clock.today()
    return [
        StepButton(
            step,
            _door(step, mission),
            step.missing(mission, today),
            _address(_WHERE.get(step.name, ("", ""))[0], mission),
            _WHERE.get(step.name, ("", ""))[1],
        )
        for step in next_steps(mission, user)
    ]


def tabs_for(mission: Mission, user: User, current: str) -> list[Tab]:
    """The pages of the mission this person may open, in the order of the lifecycle."""
    roles = roles_on(user, mission)
    return [
        Tab(
            rule.label,
            url,
            current=rule.key == current,
            count=getattr(mission, f"count_{rule.key}", 0) or None,
        )
        for rule in TABS
        if rule.opens(user, mission, roles) and (url := _address(rule.route, mission))
    ]


def next_milestone(mission: Mission, milestones: list[Milestone]) -> Milestone | None:
    """The open milestone due first; without any date, the first that the next step requires."""
    open_rows = [row for row in milestones if is_expected(mission, row)]
    if dated := [row for row in open_rows if row.due_on]:
        return min(dated, key=lambda row: (row.due_on or date.max, row.position))
    onward = whereabouts.forward(mission.state)
    required = [row for row in open_rows if onward and row.required_for == onward.name]
    return required[0] if required else None


def prepares_sheet(mission: Mission, user: User) -> bool:
    """Whether the page of the public sheet exists for this person."""
    return _prepares_sheet(user, mission, roles_on(user, mission))


def sheet_rights(mission: Mission, user: User) -> dict[str, bool]:
    """What this person may do with the sheet now."""
    proposed = mission.sheet_state == SheetState.PROPOSED
    published = mission.sheet_state == SheetState.APPROVED
    return {
        "may_propose": not published and user.has_perm("missions.propose_sheet", mission),
        "may_approve": proposed and user.has_perm("missions.approve_sheet", mission),
        "may_return": mission.sheet_state != SheetState.NONE
        and user.has_perm("missions.propose_sheet", mission),
        "is_proposed": proposed,
        "is_published": published,
    }


def _milestones(mission: Mission) -> list[Milestone]:
    """Read once and kept on the mission, so that guards ask for nothing more."""
    prefetch_related_objects([mission], "milestones")
    return list(mission.milestones.all())


def _entered(mission: Mission) -> dict[str, datetime]:
    """State → when it was last entered, from what `missions_for_pages` brought."""
    found: dict[str, datetime] = {}
    for row in getattr(mission, "lived", []):
        if moment := parse_datetime(row["at"]):
            found[row["state"]] = moment
    return found


def _corrections(mission: Mission, milestones: list[Milestone]) -> Milestone | None:
    """What the review asked of the association, while it lasts."""
    if mission.state != S.REVIEW:
        return None
    return next((row for row in milestones if row.kind == lifecycle.Kind.CORRECTIONS), None)


def _missing_shown(mission: Mission, user: User) -> list[str]:
    onward = whereabouts.forward(mission.state)
    if onward is None or mission.state == S.COMMITTEE:
        return []
    hidden = mission.state in _BEHIND_DOORS
    if hidden and not user.has_perm("missions.read_review_summary", mission):
        return []
    return onward.missing(mission, clock.today())


def _states_to_put_in(mission: Mission, user: User) -> list[tuple[str, str]]:
    if not user.has_perm("missions.set_state", mission):
        return []
    return [(state.value, lifecycle.label(state)) for state in states_by_hand(mission)]


def _may_suspend(mission: Mission, user: User) -> bool:
    on_hold = mission.is_on_hold(clock.today())
    if mission.state not in lifecycle.ACCEPTED and not on_hold:
        return False
    return user.has_perm("missions.suspend", mission)


def _door(step: lifecycle.Transition, mission: Mission) -> str:
    """Where the button posts; nothing for a step that only its stage's page takes."""
    if step.taken_by:
        return _address(_TAKEN_AT.get(step.name, ""), mission)
    return reverse("mission_step", args=[mission.reference, step.name])


def _address(route: str, mission: Mission) -> str:
    """The address of a later stage's page, or nothing where that stage is not installed."""
    try:
        return reverse(route, args=[mission.reference]) if route else ""
    except NoReverseMatch:
        return ""
