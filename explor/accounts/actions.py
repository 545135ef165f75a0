"""Roles and accounts. Each act is told twice in the journal: of the person, of the organisation."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from explor.accounts.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    User,
)
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_rows
from explor.ui.errors import Refusal

GIVE_ROLE = Verb("accounts.give_role", MANAGERS)
END_ROLE = Verb("accounts.end_role", MANAGERS)
CLOSE_ACCOUNT = Verb("accounts.close_account", MANAGERS)
REOPEN_ACCOUNT = Verb("accounts.reopen_account", MANAGERS)

#: the bodies whose people are members only: they ask, host or receive, they do not decide
MEMBERS_ONLY = frozenset({OrganisationKind.OSIM, OrganisationKind.LOCAL_PARTNER})


def person_stream(person: User) -> str:
    return f"person:{person.uuid}"


def organisation_stream(organisation: Organisation) -> str:
    return f"organisation:{organisation.uuid}"


def record_membership(
    verb: Verb,
    text: str,
    person: User,
    organisation: Organisation,
    *,
    actor: User | None,
    reason: str = "",
) -> None:
    for stream in (person_stream(person), organisation_stream(organisation)):
        record(stream, verb, text, actor=actor, reason=reason)


@transaction.atomic
def give_role(
    person: User, organisation: Organisation, role: str, *, actor: User | None
) -> Membership:
    """Giving twice changes nothing. Raises `PermissionDenied`, or `Refusal` when the body cannot
    hold that role or the account is closed."""
    person = _hold_people(person, actor)
    if organisation.kind in MEMBERS_ONLY and role != Role.MEMBER:
        raise Refusal(f"« {organisation} » n’a que des membres : ce rôle se donne ailleurs.")
    if not person.is_active:
        raise Refusal("Ce compte est fermé : rouvrez-le d’abord.")
    membership, made = Membership.objects.get_or_create(
        user=person, organisation=organisation, role=role
    )
    if made:
        label = Role(role).label
        text = f"Rôle donné à {person} dans {organisation} : {label}."
        record_membership(GIVE_ROLE, text, person, organisation, actor=actor)
    return membership


@transaction.atomic
def end_role(membership: Membership, *, actor: User | None, reason: str = "") -> None:
    """Twice is once. Raises `PermissionDenied`, or `Refusal` when nobody would administer any
    more."""
    _hold_people(membership.user, actor)
    if not Membership.objects.filter(pk=membership.pk).exists():
        return
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership.user, membership)
    person, organisation = membership.user, membership.organisation
    text = f"Rôle retiré à {person} dans {organisation} : {membership.get_role_display()}."
    membership.delete()
    record_membership(END_ROLE, text, person, organisation, actor=actor, reason=reason)


@transaction.atomic
def close_account(person: User, *, actor: User | None, reason: str) -> User:
    """The person can no longer sign in, their open sessions end at once; nothing is deleted.

    Raises `PermissionDenied`, or `Refusal` without a reason, for oneself, for the last
    administrator."""
    person = _hold_people(person, actor)
    if not reason.strip():
        raise Refusal("Dites pourquoi ce compte est fermé.")
    if actor is not None and person.pk == actor.pk:
        raise Refusal(
            "Vous ne pouvez pas fermer votre propre compte : demandez à une autre "
            "personne de l’administration."
        )
    if not person.is_active:
        return person
    if person.standing.holds(Role.ADMINISTRATOR):
        _keep_an_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    record(
        person_stream(person),
        CLOSE_ACCOUNT,
        f"Compte de {person} fermé.",
        actor=actor,
        reason=reason,
    )
    return person


@transaction.atomic
def reopen_account(person: User, *, actor: User | None) -> User:
    person = _hold_people(person, actor)
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
        text = f"Compte de {person} rouvert."
        record(person_stream(person), REOPEN_ACCOUNT, text, actor=actor)
    return person


def _hold_people(person: User, actor: User | None) -> User:
    """The person, held with everybody who administers, whatever the act: of two administrators
    who close each other's account, the second one is no longer there to do it.

    Raises `PermissionDenied` to an actor who may not, or may not any more.
    """
    administering = Q(memberships__role=Role.ADMINISTRATOR)
    mine = Q(pk__in=[person.pk, *([actor.pk] if actor else [])])
    everyone = User.objects.filter(administering | mine).distinct()
    held = {row.pk: row for row in lock_rows(everyone)}
    still = held[actor.pk] if actor else None
    if still is not None and not still.is_active:
        raise PermissionDenied
    require(still, "accounts.manage_people")
    return held[person.pk]


def _keep_an_administrator(person: User, ending: Membership | None = None) -> None:
    """Somebody with an open account must still administer; who does is held by the caller."""
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    rows = rows.exclude(pk=ending.pk) if ending is not None else rows.exclude(user=person)
    if not rows.exists():
        raise Refusal(
            "Il ne resterait personne pour administrer : donnez d’abord ce rôle à "
            "quelqu’un d’autre."
        )
