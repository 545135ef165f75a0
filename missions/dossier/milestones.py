"""Writing milestones. Later stages tick them; guards read them."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row, lock_rows
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.acts import check_when
from missions.audiences import EVERYONE, TEAM
from missions.dossier.models import Milestone, Mission, OwnerRole

MILESTONE = Verb("missions.milestone", EVERYONE)
TEAM_MILESTONE = Verb("missions.team_milestone", TEAM)


@step
def create_milestones(mission: Mission) -> list[Milestone]:
    """Give the mission every milestone of its programme that it lacks."""
    known = set(mission.milestones.values_list("kind", flat=True))
    rows = [
        Milestone(
            mission=mission,
            kind=template.kind,
            label=template.label,
            owner_role=template.owner_role,
            required_for=template.required_for,
            offset_from_departure=template.offset_from_departure,
            position=template.position,
        )
        for template in mission.programme.milestone_templates.all()
        if template.kind not in known
    ]
    return Milestone.objects.bulk_create(rows)


@transaction.atomic
def settle_milestone(
    milestone: Milestone,
    *,
    actor: User | None,
    done_on: date | None = None,
    note: str = "",
) -> Milestone:
    """Mark it done. Raises `PermissionDenied` to whom it does not belong, `Refusal` when it
    is settled already or something it names is still missing."""
    milestone = _locked(milestone)
    require(actor, "missions.settle_milestone", milestone)
    check_when("settle_milestone", milestone.mission.state)
    if milestone.is_settled:
        raise Refusal("Ce jalon est déjà réglé.")
    if actor is not None and milestone.kind in lifecycle.TICKED_BY_AN_ACT:
        raise Refusal("Ce jalon se règle de lui-même, avec l’acte qu’il attend.")
    if milestone.missing:
        raise Refusal(f"Il manque : {', '.join(milestone.missing)}.")
    milestone.done_on = done_on or clock.today()
    milestone.done_by = actor
    milestone.note = note
    milestone.save(update_fields=["done_on", "done_by", "note"])
    _tell(milestone, "fait", actor, note)
    return milestone


@transaction.atomic
def waive_milestone(milestone: Milestone, *, actor: User | None, because: str) -> Milestone:
    """Do without it, with a reason. Raises `Refusal` without one."""
    milestone = _locked(milestone)
    require(actor, "missions.waive_milestone", milestone)
    check_when("waive_milestone", milestone.mission.state)
    if milestone.kind in lifecycle.NEVER_WAIVED:
        raise Refusal("Personne ne peut être dispensé de ce jalon.")
    if not because.strip():
        raise Refusal("Donnez la raison de la dispense.")
    if milestone.is_settled:
        raise Refusal("Ce jalon est déjà réglé.")
    milestone.waived_because = because.strip()[:300]
    milestone.save(update_fields=["waived_because"])
    _tell(milestone, "dispensé", actor, because)
    return milestone


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, actor: User | None, because: str) -> Milestone:
    """Undo what was ticked or waived by mistake."""
    milestone = _locked(milestone)
    require(actor, "missions.waive_milestone", milestone)
    check_when("reopen_milestone", milestone.mission.state)
    if not milestone.is_settled:
        raise Refusal("Ce jalon n’est pas encore réglé.")
    if milestone.done_on and milestone.kind in lifecycle.TICKED_BY_AN_ACT:
        raise Refusal("Ce jalon se règle de lui-même, avec l’acte qu’il attend.")
    milestone.done_on, milestone.done_by, milestone.waived_because = None, None, ""
    milestone.save(update_fields=["done_on", "done_by", "waived_because"])
    _tell(milestone, "à refaire", actor, because)
    return milestone


@step
def tick(mission: Mission, kind: str, *, actor: User | None, on: date | None = None) -> None:
    """Done as a consequence of another act, which has checked its own permission."""
    Milestone.objects.filter(
        mission=mission, kind=kind, done_on__isnull=True, waived_because=""
    ).update(done_on=on or clock.today(), done_by=actor, missing=[])


@step
def untick(mission: Mission, kind: str, *, missing: Sequence[str] = ()) -> None:
    """No longer done; `missing` says in French what it now lacks."""
    Milestone.objects.filter(mission=mission, kind=kind).update(
        done_on=None, done_by=None, missing=list(missing)
    )


@step
def shift_due_dates(mission: Mission) -> None:
    """Count again, from the departure, the due date of what is not settled yet."""
    rows = lock_rows(mission.milestones.open().filter(offset_from_departure__isnull=False))
    for row in rows:
        assert row.offset_from_departure is not None
        row.due_on = mission.departs_on and mission.departs_on + timedelta(
            days=row.offset_from_departure
        )
    Milestone.objects.bulk_update(rows, ["due_on"])


def _locked(milestone: Milestone) -> Milestone:
    """The mission's row first, as the acts that tick its milestones do."""
    mission = lock_row(Mission.objects.defer("search"), milestone.mission_id)
    held = lock_row(Milestone.objects.all(), milestone.pk)
    held.mission = mission
    return held


def _is_shared(milestone: Milestone) -> bool:
    """Known outside the team: theirs to do, or of the preparation, which they follow."""
    theirs = milestone.owner_role in {OwnerRole.OSIM, OwnerRole.VOLUNTEER}
    return theirs or milestone.offset_from_departure is not None


def _tell(milestone: Milestone, what: str, actor: User | None, reason: str) -> None:
    record(
        milestone.mission.stream,
        MILESTONE if _is_shared(milestone) else TEAM_MILESTONE,
        f"Jalon « {milestone.label} » : {what}.",
        actor=actor,
        reason=reason,
        data={"kind": milestone.kind},
    )
