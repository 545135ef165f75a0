"""An association enters: registered by one of its members, once, or joined by another."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from explor import clock
from explor.accounts.actions import organisation_stream, record_membership
from explor.accounts.models import (
    JoinRequest,
    JoinState,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from explor.accounts.queries import number_is_taken
from explor.accounts.sending import claim, sent_before
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.actors.models import OsimProfile
from missions.actors.queries import looking_after

REGISTER = Verb("missions.register", MANAGERS)
JOIN = Verb("missions.join", MANAGERS)
ASK_TO_JOIN = Verb("missions.ask_to_join", MANAGERS)
ANSWER_JOIN = Verb("missions.answer_join", MANAGERS)
WITHDRAW_JOIN = Verb("missions.withdraw_join", MANAGERS)

TAKEN = "Ce numéro est déjà celui d’une association inscrite : demandez à la rejoindre."
SAME_NAME = "Une association de ce nom est déjà inscrite dans cette ville."


def register(
    *,
    actor: User,
    token: UUID,
    kind: str = OrganisationKind.OSIM,
    rna: str = "",
    siret: str = "",
    **fields: Any,
) -> Organisation:
    """An OSIM, with `actor` as its first member; same `token`, same OSIM.

    Who registers it for others does not become a member. The administration registers the other
    kinds. Raises `PermissionDenied`, or `Refusal` when one of its numbers, or its name in the same
    town, is there already.
    """
    if kind != OrganisationKind.OSIM and not actor.has_perm("accounts.manage_people"):
        raise PermissionDenied
    if (known := sent_before(Organisation.objects.all(), token, actor=actor)) is not None:
        return _own(known, actor)
    numbers = {"rna": rna, "siret": siret}
    if any(value and number_is_taken(name, value) for name, value in numbers.items()):
        raise Refusal(TAKEN)
    try:
        with transaction.atomic():
            return _write(actor, token, {"kind": kind, **fields, **numbers})
    except IntegrityError as error:
        # somebody registered it, or this very form was sent, at the same moment
        if (known := Organisation.objects.filter(token=token).first()) is not None:
            return _own(known, actor)
        named = "organisation_name_once" in str(error)
        raise Refusal(SAME_NAME if named else TAKEN) from error


def _own(organisation: Organisation, actor: User) -> Organisation:
    """What a form sent again may be given: only what that person made."""
    if organisation.pk in actor.standing.organisations(Role.MEMBER) or is_registrar(actor):
        return organisation
    raise PermissionDenied


def is_registrar(actor: User) -> bool:
    """Coordinators and the administration register associations for others."""
    names = ("missions.add_request_on_behalf", "accounts.manage_people")
    return any(actor.has_perm(name) for name in names)


def _write(actor: User, token: UUID, fields: dict[str, Any]) -> Organisation:
    organisation = Organisation.objects.create(token=token, **fields)
    if organisation.kind == OrganisationKind.OSIM:
        OsimProfile.objects.create(organisation=organisation)
    text = f"« {organisation.full_name} » est inscrite."
    record(organisation_stream(organisation), REGISTER, text, actor=actor)
    if not is_registrar(actor):
        Membership.objects.create(user=actor, organisation=organisation, role=Role.MEMBER)
        text = f"{actor} est membre de {organisation}."
        record_membership(JOIN, text, actor, organisation, actor=actor)
    return organisation


def ask_to_join(
    organisation: Organisation, *, actor: User, token: UUID, message: str = ""
) -> JoinRequest:
    """Asking again while an answer is awaited gives the same request. Raises `Refusal` for a
    member, or for a body that is not an OSIM."""
    if organisation.kind != OrganisationKind.OSIM:
        raise Refusal("Seule une association (OSIM) se rejoint ainsi.")
    if organisation.pk in actor.standing.organisations(Role.MEMBER):
        raise Refusal(f"Vous êtes déjà membre de « {organisation} ».")
    claim(JoinRequest, token, actor)
    asked = JoinRequest.objects.filter(organisation=organisation, user=actor)
    if (pending := asked.filter(state=JoinState.PENDING).first()) is not None:
        return pending
    try:
        with transaction.atomic():
            return _ask(organisation, actor, token, message)
    except IntegrityError:
        return asked.get(state=JoinState.PENDING)


def _ask(organisation: Organisation, actor: User, token: UUID, message: str) -> JoinRequest:
    request = JoinRequest.objects.create(
        organisation=organisation,
        user=actor,
        message=message,
        asked_at=clock.now(),
        token=token,
    )
    text = f"{actor} demande à rejoindre {organisation}."
    record(organisation_stream(organisation), ASK_TO_JOIN, text, actor=actor)
    announce(
        Event.MEMBERSHIP,
        recipients=looking_after(organisation),
        subject=f"{actor} demande à rejoindre {organisation}",
        text=f"{actor} ({actor.email}) demande à agir pour « {organisation.full_name} ».\n\n"
        f"{message}\n\nAvant votre réponse, rien ne lui est ouvert.".replace("\n\n\n\n", "\n\n"),
        url=reverse("organisation", args=[organisation.uuid]),
        key=f"join:{request.uuid}",
        actor=actor,
    )
    return request


@transaction.atomic
def answer_join(request: JoinRequest, *, actor: User, accept: bool) -> JoinRequest:
    """The first answer stands. Raises `PermissionDenied`, or `Refusal` when it was given."""
    request = lock_row(JoinRequest.objects.select_related("organisation", "user"), request.pk)
    organisation, person = request.organisation, request.user
    if not actor.has_perm("missions.manage_organisation", organisation):
        raise PermissionDenied
    if request.state != JoinState.PENDING:
        raise Refusal("Cette demande a déjà reçu sa réponse.")
    request.state = JoinState.ACCEPTED if accept else JoinState.REFUSED
    request.answered_by, request.answered_at = actor, clock.now()
    request.save(update_fields=["state", "answered_by", "answered_at"])
    if accept:
        Membership.objects.get_or_create(user=person, organisation=organisation, role=Role.MEMBER)
    done = "acceptée" if accept else "refusée"
    text = f"Demande de {person} à rejoindre {organisation} {done}."
    record_membership(ANSWER_JOIN, text, person, organisation, actor=actor)
    announce(
        Event.MEMBERSHIP,
        recipients=[person],
        subject=f"Votre demande à rejoindre {organisation} est {done}",
        text=f"{actor} a répondu : vous pouvez agir pour « {organisation.full_name} »."
        if accept
        else f"« {organisation.full_name} » n’a pas accepté votre demande. "
        "Parlez-en avec ses membres, ou inscrivez votre association si c’en est une autre.",
        url=reverse("my_organisations"),
        key=f"join:{request.uuid}:answer",
        actor=actor,
    )
    return request


@transaction.atomic
def withdraw_join(request: JoinRequest, *, actor: User) -> JoinRequest:
    """By the person who asked."""
    if request.user_id != actor.pk:
        raise PermissionDenied
    rows = JoinRequest.objects.filter(pk=request.pk, state=JoinState.PENDING)
    if rows.update(state=JoinState.WITHDRAWN, answered_at=clock.now()):
        text = f"{actor} ne demande plus à rejoindre {request.organisation}."
        record(organisation_stream(request.organisation), WITHDRAW_JOIN, text, actor=actor)
    request.refresh_from_db()
    return request
