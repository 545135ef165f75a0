"""The one door through which a mission changes state, and what is written about a mission."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import AFTER_LETTER, EVERYONE, REVIEW, STAFF, TEAM
from missions.dossier.effects import run_effects
from missions.dossier.milestones import create_milestones, shift_due_dates, tick
from missions.dossier.models import (
    Achievement,
    Component,
    Mission,
    Objective,
    OwnerRole,
    Programme,
    Project,
    SheetState,
    StateChange,
    Territory,
)
from missions.dossier.numbering import next_number
from missions.dossier.queries import may_be_reopened, people_on, states_by_hand
from missions.dossier.reference import find_place
from missions.dossier.sheets import sheet_of
from missions.dossier.shown import keep_shown, print_of

#: A decision is told by its letter; a dossier opened again would tell that there was one.
_BY_LETTER = {name for name, step in lifecycle.TRANSITIONS.items() if step.by_letter} | {"reopen"}
STEPS = {
    name: Verb(
        f"missions.{name}",
        AFTER_LETTER if name in _BY_LETTER else EVERYONE,
        reason=TEAM if name in _BY_LETTER else None,
    )
    for name in lifecycle.TRANSITIONS
}
#: A try without the right, written by the views before they refuse.
REFUSED = Verb("missions.refused", REVIEW)
CREATE = Verb("missions.create", EVERYONE)
SET_STATE = Verb("missions.set_state", AFTER_LETTER, reason=TEAM)
DATES = Verb("missions.dates", EVERYONE)
PROPOSE_SHEET = Verb("missions.propose_sheet", STAFF)
APPROVE_SHEET = Verb("missions.approve_sheet", EVERYONE)

_NEVER_SUBMITTED = (
    "Cette demande n’a jamais été déposée\u00a0: l’association la dépose, ou confirme celle que "
    "vous avez saisie pour elle."
)


@step
def next_reference(programme: Programme, year: int) -> str:
    """`EX-2026-014`: the next number of the programme's year. Call inside a transaction."""
    prefix = f"{programme.reference_prefix}-{year}-"
    return f"{prefix}{next_number(prefix, Mission.objects.all(), 'reference'):03d}"


@transaction.atomic
def create_mission(
    project: Project,
    *,
    programme: Programme,
    territory: Territory,
    title: str,
    country: str,
    actor: User | None,
    token: UUID | None = None,
    on_behalf: bool = False,
    **fields: Any,
) -> Mission:
    """A draft with its reference and its milestones. The same `token` gives the same mission.

    Raises as `check_start` does, and `Refusal` when the programme is closed.
    """
    check_start(actor, project.holder, territory, on_behalf=on_behalf)
    token = token or uuid4()
    if existing := sent_before(Mission.objects.all(), token, actor=actor):
        return existing
    if not programme.is_open and actor is not None:
        raise Refusal("Ce programme ne reçoit pas de demande en ce moment.")
    mission = Mission.objects.create(
        reference=next_reference(programme, clock.today().year),
        programme=programme,
        territory=territory,
        project=project,
        title=title,
        country=country,
        token=token,
        created_by=actor,
        created_at=clock.now(),
        typed_on_behalf=on_behalf,
        **locate(country, fields),
    )
    create_milestones(mission)
    _enter(mission, "", "", actor, "")
    record(mission.stream, CREATE, "Demande commencée.", actor=actor)
    return mission


def check_start(
    actor: User | None, holder: Organisation, territory: Territory, *, on_behalf: bool
) -> None:
    """A member asks for their association, a coordinator of the territory for another's.

    Raises `PermissionDenied`, `Refusal` for a body that is no OSIM.
    """
    if holder.kind != OrganisationKind.OSIM:
        raise Refusal("Une demande est portée par une OSIM.")
    if actor is None:
        return
    if on_behalf:
        networks = actor.standing.organisations(Role.COORDINATOR)
        allowed = territory.networks.filter(pk__in=networks).exists()
        permission = "missions.add_request_on_behalf"
    else:
        allowed = holder.pk in actor.standing.organisations(Role.MEMBER)
        permission = "missions.add_request"
    if not allowed or not actor.has_perm(permission):
        raise PermissionDenied


def locate(country: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` with the coordinates of its `place`, when the list of places knows it."""
    found = dict(fields)
    if found.get("place") and found.get("latitude") is None:
        place = find_place(country, found["place"])
        if place:
            found["latitude"], found["longitude"] = place.latitude, place.longitude
    return found


@transaction.atomic
def advance(mission: Mission, name: str, *, actor: User | None, reason: str = "") -> Mission:
    """Take the transition `name`: the only place where a state changes by the rules.

    For the generic door (`take_step`) and for the module that a step names (`taken_by`), which
    has checked what its stage alone knows. Raises `PermissionDenied` (journalled by the view's
    caller), `Refusal` when the mission is not in a state the transition leaves, when something
    is missing or a reason is due.
    """
    step = lifecycle.TRANSITIONS.get(name)
    if step is None:
        raise Refusal("Cette étape n’existe pas.")
    mission = lock(mission)
    require(actor, step.permission, mission)
    if mission.state not in step.sources:
        here = lifecycle.label(mission.state).lower()
        raise Refusal(f"Le dossier est « {here} » : « {step.label} » n’est plus possible.")
    if not may_be_reopened(mission):
        raise Refusal(_NEVER_SUBMITTED)
    if mission.suspended_until and mission.suspended_until > clock.today():
        raise Refusal(f"Le dossier est suspendu jusqu’au {mission.suspended_until:%d/%m/%Y}.")
    if step.needs_reason and not reason.strip():
        raise Refusal("Donnez la raison.")
    if lacking := step.missing(mission, clock.today()):
        raise Refusal(f"Il manque : {', '.join(lacking)}.")
    source, mission.state = mission.state, step.target.value
    mission.version += 1
    changed = ["state", "version"]
    if name == "submit":
        mission.submitted_at = clock.now()
        changed.append("submitted_at")
    if name in {"accept", "decline"}:
        mission.decided_at, mission.decision_told_at = clock.now(), None
        changed += ["decided_at", "decision_told_at"]
    mission.save(update_fields=changed)
    _enter(mission, name, source, actor, reason)
    record(
        mission.stream,
        STEPS[name],
        step.told,
        actor=actor,
        reason=reason,
        data={"from": source, "to": mission.state},
    )
    if not step.quiet:
        _announce_step(mission, step, actor, reason)
    return mission


def take_step(mission: Mission, name: str, *, actor: User | None, reason: str = "") -> Mission:
    """The generic door: a step that a stage takes itself is not taken here.

    Raises as `advance` does, and `Refusal` for such a step.
    """
    step = lifecycle.TRANSITIONS.get(name)
    if step is not None and step.taken_by:
        require(actor, step.permission, mission)
        raise Refusal(
            f"«\u00a0{step.label}\u00a0» se fait depuis sa page, avec ce qu’elle demande."
        )
    return advance(mission, name, actor=actor, reason=reason)


@transaction.atomic
def put_in_state(mission: Mission, state: str, *, actor: User | None, reason: str) -> Mission:
    """Put a mission in another state by hand, with a reason. No mail leaves.

    Any state, save that nobody submits in the association's place: see `states_by_hand`.
    """
    mission = lock(mission)
    require(actor, "missions.set_state", mission)
    if state not in lifecycle.LABELS:
        raise Refusal("Cet état n’existe pas.")
    if not reason.strip():
        raise Refusal("Donnez la raison.")
    if mission.state == state:
        raise Refusal("Le dossier est déjà dans cet état.")
    if state not in states_by_hand(mission):
        raise Refusal(_NEVER_SUBMITTED)
    source, mission.state = mission.state, state
    mission.version += 1
    mission.save(update_fields=["state", "version"])
    _enter(mission, "", source, actor, reason)
    text = f"État mis à la main : {lifecycle.label(state)}."
    record(mission.stream, SET_STATE, text, actor=actor, reason=reason)
    return mission


@transaction.atomic
def plan_dates(
    mission: Mission, *, departs_on: date, returns_on: date, actor: User | None
) -> Mission:
    """Set departure and return; milestones counted from the departure move with it.

    Raises `PermissionDenied`, `Refusal` once the mission is back: its report gives real dates.
    """
    mission = lock(mission)
    require(actor, "missions.prepare", mission)
    check_when("plan_dates", mission.state)
    if returns_on < departs_on:
        raise Refusal("La date de retour vient avant la date de départ.")
    return _write_dates(mission, departs_on, returns_on, actor, "Dates prévues")


@transaction.atomic
def record_real_dates(
    mission: Mission, *, departed_on: date, returned_on: date, actor: User | None
) -> Mission:
    """The real dates, when the report that gives them is accepted. Raises `PermissionDenied`,
    `Refusal` at any other moment."""
    mission = lock(mission)
    require(actor, "missions.review", mission)
    check_when("record_real_dates", mission.state)
    return _write_dates(mission, departed_on, returned_on, actor, "Dates réelles")


def _write_dates(
    mission: Mission, departs_on: date, returns_on: date, actor: User | None, what: str
) -> Mission:
    mission.departs_on, mission.returns_on = departs_on, returns_on
    mission.version += 1
    mission.save(update_fields=["departs_on", "returns_on", "version"])
    shift_due_dates(mission)
    text = f"{what} : du {departs_on:%d/%m/%Y} au {returns_on:%d/%m/%Y}."
    record(mission.stream, DATES, text, actor=actor)
    return mission


@transaction.atomic
def set_components(
    mission: Mission,
    rows: Sequence[tuple[str, str, Sequence[str]]],
    *,
    actor: User | None,
) -> Mission:
    """Replace the components by `(title, type, objectives)` rows. Raises `PermissionDenied`."""
    require(actor, "missions.edit_request", mission)
    mission.components.all().delete()
    for number, (title, kind, objectives) in enumerate(rows, start=1):
        component = Component.objects.create(
            mission=mission, position=number, title=title, type=kind
        )
        Objective.objects.bulk_create(
            Objective(component=component, position=place, text=text)
            for place, text in enumerate(objectives, start=1)
        )
    return mission


@transaction.atomic
def record_outcome(
    objective: Objective,
    *,
    outcome: str,
    why: str,
    achievements: Sequence[str],
    actor: User | None,
) -> Objective:
    """What was done about an objective, when the report that says it is accepted.

    Raises `PermissionDenied`, `Refusal` at any other moment.
    """
    mission = lock(objective.component.mission)
    require(actor, "missions.review", mission)
    check_when("record_outcome", mission.state)
    objective.outcome, objective.outcome_why = outcome, why
    objective.save(update_fields=["outcome", "outcome_why"])
    objective.achievements.all().delete()
    Achievement.objects.bulk_create(
        Achievement(objective=objective, position=place, text=text)
        for place, text in enumerate(achievements, start=1)
    )
    return objective


@transaction.atomic
def propose_sheet(mission: Mission, *, summary: str, actor: User | None) -> Mission:
    """Put the public sheet up for a second reading."""
    mission = lock(mission)
    require(actor, "missions.propose_sheet", mission)
    check_when("propose_sheet", mission.state)
    if not summary.strip():
        raise Refusal("Écrivez le résumé que tout le monde lira.")
    if mission.sheet_state == SheetState.APPROVED:
        raise Refusal("La fiche est déjà publiée.")
    mission.summary, mission.sheet_state = summary.strip(), SheetState.PROPOSED
    mission.sheet_proposed_by = actor
    mission.save(update_fields=["summary", "sheet_state", "sheet_proposed_by"])
    record(
        mission.stream,
        PROPOSE_SHEET,
        "Fiche publique proposée.",
        actor=actor,
    )
    return mission


@transaction.atomic
def approve_sheet(mission: Mission, *, actor: User | None, read: str = "") -> Mission:
    """Publish the sheet as it stands, and as it will be shown whatever becomes of the mission. A
    second person does it: the proposer is refused. `read`: the `print_of` what the page showed."""
    mission = lock(mission)
    require(actor, "missions.approve_sheet", mission)
    check_when("approve_sheet", mission.state)
    if mission.sheet_state != SheetState.PROPOSED:
        raise Refusal("Aucune fiche n’attend de relecture.")
    if read and read != print_of(sheet_of(mission)):
        raise Refusal("La fiche a changé depuis votre lecture : relisez-la.")
    mission.sheet_state, mission.sheet_approved_by = SheetState.APPROVED, actor
    mission.sheet_approved_at = clock.now()
    mission.save(update_fields=["sheet_state", "sheet_approved_by", "sheet_approved_at"])
    keep_shown(mission)
    for shown in (mission, *mission.joint_missions.defer("search")):
        tick(shown, lifecycle.Kind.PUBLIC_SHEET, actor=actor)
    record(mission.stream, APPROVE_SHEET, "Fiche publique publiée.", actor=actor)
    return mission


def lock(mission: Mission) -> Mission:
    """The mission as it is now, its row held until the transaction ends.

    Its project and its association are read after the wait; whoever writes them holds them too.
    """
    rows = Mission.objects.select_related("project__holder", "programme").defer("search")
    return lock_row(rows, mission.pk)


def _enter(mission: Mission, name: str, source: str, actor: User | None, reason: str) -> None:
    StateChange.objects.create(
        mission=mission,
        transition=name,
        source=source,
        target=mission.state,
        at=clock.now(),
        actor=actor,
        reason=reason,
    )
    run_effects(mission, source, actor)


def _announce_step(
    mission: Mission, step: lifecycle.Transition, actor: User | None, reason: str
) -> None:
    """Tell the association and the coordination, the committee when its turn comes; a decision
    goes to the association by its letter."""
    roles = [OwnerRole.COORDINATOR]
    if not step.by_letter:
        roles += [OwnerRole.OSIM, OwnerRole.VOLUNTEER]
    if step.target == lifecycle.State.COMMITTEE:
        roles.append(OwnerRole.COMMITTEE)
    text = f"{step.told}\n\nMission {mission.reference} : {mission.title}."
    announce(
        Event.STATE_CHANGED,
        recipients=people_on(mission, *roles),
        subject=f"{mission.reference} : {step.told}",
        text=f"{text}\n\nMotif : {reason}" if reason else text,
        url=mission.get_absolute_url(),
        key=f"{mission.reference}:{step.name}:{mission.version}",
        actor=actor,
    )
