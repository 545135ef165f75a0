"""Starting and writing a request. Submitting it is `dossier.actions.advance(…, "submit")`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from explor import clock
from explor.accounts.models import Organisation, User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.queries import history
from explor.journal.verbs import Verb
from explor.locking import lock_only, lock_row
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.audiences import EVERYONE
from missions.dossier.actions import check_start, create_mission, lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Milestone, Mission, OwnerRole, Programme, Project, Territory
from missions.dossier.standing import MissionRole, roles_on
from missions.request.card import check_shared
from missions.request.correcting import check_only_asked
from missions.request.fields import KEYS
from missions.request.models import Request
from missions.request.queries import lacks
from missions.request.writing import reuse_annexes, write_answers

SAVE_REQUEST = Verb("missions.save_request", EVERYONE)

#: How long one person writes in a row, for the history.
SITTING = timedelta(minutes=30)
#: Submitted, a request may be corrected and stays complete.
WHOLE = (lifecycle.State.SUBMITTED, lifecycle.State.REVIEW)


def start_request(
    *,
    actor: User | None,
    holder: Organisation,
    programme: Programme,
    territory: Territory,
    title: str,
    country: str,
    token: UUID | None,
    on_behalf: bool = False,
    **mission_fields: Any,
) -> Mission:
    """A project, its first mission in draft and an empty request; same `token`, same mission.

    Raises `PermissionDenied` to who may not act for `holder`, `Refusal` when the programme does
    not work in the territory.
    """
    check_start(actor, holder, territory, on_behalf=on_behalf)
    if not programme.territories.filter(pk=territory.pk).exists():
        raise Refusal(f"Le programme ne travaille pas sur le territoire « {territory} ».")
    if (existing := _started(token, actor)) is not None:
        return existing
    try:
        with transaction.atomic():
            project = Project.objects.create(holder=holder, title=title)
            mission = create_mission(
                project,
                programme=programme,
                territory=territory,
                title=title,
                country=country,
                actor=actor,
                token=token,
                on_behalf=on_behalf,
                **mission_fields,
            )
            Request.objects.create(mission=mission)
            if on_behalf:
                _expect_confirmation(mission)
            else:
                reuse_annexes(mission)
            refresh_missing(mission, actor=actor)
    except IntegrityError:
        # the same form, sent twice at the same moment: the other one wrote it
        if (existing := _started(token, actor)) is None:
            raise
        return existing
    return mission


def _started(token: UUID | None, actor: User | None) -> Mission | None:
    return sent_before(Mission.objects.all(), token, actor=actor) if token else None


def _expect_confirmation(mission: Mission) -> None:
    """What the coordination writes for an association is submitted once this one confirms it."""
    Milestone.objects.create(
        mission=mission,
        kind=lifecycle.Kind.CONFIRMATION,
        label="Confirmation de la demande par l’association",
        owner_role=OwnerRole.OSIM,
        required_for="submit",
        position=1,
        missing=["la confirmation de l’association"],
    )


@transaction.atomic
def save_request(
    mission: Mission, data: Mapping[str, Any], *, actor: User | None, version: int | None
) -> Mission:
    """Write the answers of `data`, whichever they are; the keys are `fields.KEYS`.

    `local_partner` is a name or an `Organisation`; `components` a list of `Volet` or of
    `(title, type, objectives)`; `deliverables` a list of `Promise`; `budget` a list of `NewLine`;
    each list replaces what there was. `profile_confirmed` dates the association's own card.
    Raises `PermissionDenied` outside « brouillon » and « déposée », `Stale` when `version` is
    not the present one, `Refusal` when a request already submitted would become incomplete, or
    for what its association's card or its project says and others hold.
    """
    if unknown := set(data) - KEYS:
        raise ValueError(f"unknown answers: {', '.join(sorted(unknown))}")
    mission = lock(mission)
    require(actor, "missions.edit_request", mission)
    request = hold_answers(mission)
    if version is not None and version != request.version:
        raise Stale(request.version)
    written = write_answers(mission, request, data, actor=actor)
    check_only_asked(mission, written)
    check_shared(mission, written, actor)
    lacking = refresh_missing(mission, actor=actor)
    if mission.state in WHOLE and lacking and written:
        raise Refusal(
            "La demande est déposée, elle doit rester complète. "
            f"Il manquerait : {', '.join(lacking)}."
        )
    if written:
        ask_to_confirm_again(mission, actor)
        request.version += 1
        request.saved_at, request.saved_by = clock.now(), actor
        request.save(update_fields=["version", "saved_at", "saved_by"])
        _tell_saved(mission, written, actor)
    return mission


@step
def hold_answers(mission: Mission) -> Request:
    """Hold every row the answers are kept on, and read them: the mission is held already.

    The association and what it says of itself are shared by all its requests.
    """
    request = lock_only(Request.objects.filter(mission=mission))
    request = request or Request.objects.create(mission=mission)
    project = lock_row(Project.objects.select_related("local_partner"), mission.project_id)
    project.holder = lock_row(Organisation.objects.all(), project.holder_id)
    mission.project, request.mission = project, mission
    return request


def _tell_saved(mission: Mission, written: set[str], actor: User | None) -> None:
    """One line of history for a sitting, until another act: texts are saved as they are typed.

    Each text is kept by `explor.offline`, each row by the history of rows.
    """
    verb = SAVE_REQUEST
    last = history(mission.stream).first()
    by_the_same = last is not None and (last.verb, last.actor) == (verb, actor)
    if last is not None and by_the_same and actor and clock.now() - last.at < SITTING:
        return
    data = {"answers": sorted(written)}
    record(mission.stream, verb, "Demande enregistrée.", actor=actor, data=data)


@step
def refresh_missing(mission: Mission, *, actor: User | None) -> list[str]:
    """Keep the milestone « demande » true to the answers; returns what lacks."""
    rows = lacks(mission)
    Request.objects.filter(mission=mission).update(
        lacking=[[row.section, row.field, row.words] for row in rows]
    )
    lacking = [row.words for row in rows]
    if lacking:
        untick(mission, lifecycle.Kind.REQUEST, missing=[words[:200] for words in lacking])
    else:
        tick(mission, lifecycle.Kind.REQUEST, actor=actor)
    return lacking


@step
def ask_to_confirm_again(mission: Mission, actor: User | None) -> None:
    """What the association confirmed is no longer what the coordination wrote."""
    if not mission.typed_on_behalf:
        return
    if actor is None or MissionRole.OSIM not in roles_on(actor, mission):
        untick(mission, lifecycle.Kind.CONFIRMATION, missing=["la confirmation de l’association"])
