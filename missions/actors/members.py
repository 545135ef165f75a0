"""The people who act for an organisation: invited, leaving, removed."""

from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from explor import clock
from explor.accounts.actions import MEMBERS_ONLY, organisation_stream, record_membership
from explor.accounts.models import Invitation, Membership, Organisation, Role, User
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_row, lock_rows
from explor.notifications.actions import announce, announce_to_address
from explor.notifications.events import Event
from explor.ui.errors import Refusal

INVITE = Verb("missions.invite", MANAGERS)
REVOKE = Verb("missions.revoke", MANAGERS)
ACCEPT_INVITATION = Verb("missions.accept_invitation", MANAGERS)
LEAVE = Verb("missions.leave", MANAGERS)
REMOVE_MEMBER = Verb("missions.remove_member", MANAGERS)

SALT = "explor.invitation"
LASTS = timedelta(days=14)
#: a mail that one asks to be sent again and again becomes a nuisance to who receives it
AT_MOST = 5


def invitation_key(invitation: Invitation) -> str:
    """What the address in the mail carries: the invitation and the time it was sent, signed.

    Sending again makes a new key, and the former stops working."""
    return signing.dumps([str(invitation.uuid), invitation.sent_count], salt=SALT)


def find_invitation(key: str) -> Invitation | None:
    """The invitation of a key we wrote, whatever its state; None for any other text."""
    try:
        uuid, count = signing.loads(key, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.filter(uuid=uuid, sent_count=count).first()


def is_open(invitation: Invitation) -> bool:
    return (
        invitation.accepted_at is None
        and invitation.revoked_at is None
        and invitation.expires_at > clock.now()
    )


def _check(actor: User, organisation: Organisation) -> None:
    if not actor.has_perm("missions.manage_organisation", organisation):
        raise PermissionDenied


def invite(
    organisation: Organisation,
    email: str,
    *,
    actor: User,
    token: UUID,
    role: str = Role.MEMBER,
) -> Invitation:
    """Write to a colleague; same `token`, same invitation.

    Only an administrator invites to a role other than member. Raises `PermissionDenied`,
    `Refusal` for somebody who is a member already or has an open invitation.
    """
    _check(actor, organisation)
    email = email.strip().lower()
    if role != Role.MEMBER and not actor.has_perm("accounts.manage_people"):
        raise PermissionDenied
    if role != Role.MEMBER and organisation.kind in MEMBERS_ONLY:
        raise Refusal(f"« {organisation} » n’a que des membres : ce rôle se donne ailleurs.")
    rows = Invitation.objects.all()
    if known := sent_before(rows, token, actor=actor, organisation=organisation):
        return known
    if organisation.memberships.filter(user__email__iexact=email, role=role).exists():
        raise Refusal("Cette personne est déjà membre.")
    try:
        with transaction.atomic():
            return _invite(organisation, email, actor, token, role)
    except IntegrityError as error:
        if (known := organisation.invitations.filter(token=token).first()) is not None:
            return known
        raise Refusal(
            "Cette personne est déjà invitée : renvoyez-lui le message plus bas."
        ) from error


def _invite(
    organisation: Organisation, email: str, actor: User, token: UUID, role: str
) -> Invitation:
    now = clock.now()
    # an invitation that has expired gives its place to the new one
    organisation.invitations.filter(
        email__iexact=email,
        role=role,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__lte=now,
    ).update(revoked_at=now)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        invited_by=actor,
        sent_at=now,
        expires_at=now + LASTS,
        token=token,
    )
    text = f"{email} invité·e à rejoindre {organisation}."
    record(organisation_stream(organisation), INVITE, text, actor=actor)
    _write_to(invitation, actor)
    return invitation


def _write_to(invitation: Invitation, actor: User) -> None:
    organisation = invitation.organisation
    announce_to_address(
        Event.INVITATION,
        email=invitation.email,
        name="",
        subject=f"{actor} vous invite à rejoindre {organisation} dans Explor",
        text=f"{actor} vous invite à agir avec « {organisation.full_name} » dans Explor, "
        "le site des missions courtes d’expertise.\n\n"
        f"Cette invitation est pour vous seul·e, à l’adresse {invitation.email}. "
        f"Elle vaut jusqu’au {invitation.expires_at:%d/%m/%Y}. "
        "Si vous n’attendiez rien, ignorez ce message.",
        url=reverse("invitation", args=[invitation_key(invitation)]),
        key=f"invitation:{invitation.uuid}:{invitation.sent_count}",
        button="Voir l’invitation",
    )


def _locked(invitation: Invitation) -> Invitation:
    return lock_row(Invitation.objects.select_related("organisation"), invitation.pk)


@transaction.atomic
def send_again(invitation: Invitation, *, actor: User) -> Invitation:
    """A new link for two more weeks; the former one stops working."""
    invitation = _locked(invitation)
    _check(actor, invitation.organisation)
    if invitation.accepted_at or invitation.revoked_at:
        raise Refusal("Cette invitation n’attend plus de réponse.")
    if invitation.sent_count >= AT_MOST:
        raise Refusal("Ce message est parti cinq fois : annulez l’invitation, ou parlez-vous.")
    now = clock.now()
    invitation.sent_at, invitation.expires_at = now, now + LASTS
    invitation.sent_count += 1
    invitation.save(update_fields=["sent_at", "expires_at", "sent_count"])
    text = f"Invitation renvoyée à {invitation.email}."
    record(organisation_stream(invitation.organisation), INVITE, text, actor=actor)
    _write_to(invitation, actor)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, actor: User) -> Invitation:
    invitation = _locked(invitation)
    _check(actor, invitation.organisation)
    if invitation.accepted_at:
        raise Refusal("Cette invitation a été acceptée : retirez plutôt la personne.")
    if invitation.revoked_at is None:
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
        text = f"Invitation de {invitation.email} annulée."
        record(organisation_stream(invitation.organisation), REVOKE, text, actor=actor)
    return invitation


def owns_address(person: User, email: str) -> bool:
    """The address is the one of the account, or another that the person has verified."""
    if person.email.lower() == email.lower():
        return True
    rows = EmailAddress.objects.filter(user=person, email__iexact=email, verified=True)
    return bool(rows.exists())


@transaction.atomic
def accept(invitation: Invitation, *, actor: User) -> Membership:
    """Raises `Refusal` for another address, or when it no longer waits."""
    invitation = _locked(invitation)
    organisation = invitation.organisation
    if not owns_address(actor, invitation.email):
        raise Refusal(
            f"Cette invitation est pour {invitation.email}. Connectez-vous avec cette adresse, "
            "ou ajoutez-la à votre compte."
        )
    if not is_open(invitation):
        raise Refusal("Cette invitation n’est plus valable : demandez qu’on vous la renvoie.")
    invitation.accepted_at = clock.now()
    invitation.save(update_fields=["accepted_at"])
    membership, _ = Membership.objects.get_or_create(
        user=actor, organisation=organisation, role=invitation.role
    )
    text = f"{actor} a rejoint {organisation} ({membership.get_role_display()})."
    record_membership(ACCEPT_INVITATION, text, actor, organisation, actor=actor)
    if invitation.invited_by is not None:
        announce(
            Event.MEMBERSHIP,
            recipients=[invitation.invited_by],
            subject=f"{actor} a rejoint {organisation}",
            text=f"{actor} a accepté votre invitation.",
            url=reverse("organisation", args=[organisation.uuid]),
            key=f"invitation:{invitation.uuid}:accepted",
            actor=actor,
        )
    return membership


@transaction.atomic
def leave(organisation: Organisation, *, actor: User, last: bool = False) -> None:
    """Stop acting for an organisation as a member. The last member says it knowingly (`last`)."""
    membership = Membership.objects.filter(
        user=actor, organisation=organisation, role=Role.MEMBER
    ).first()
    if membership is None:
        raise PermissionDenied
    _not_the_last(organisation, knowingly=last)
    membership.delete()
    text = f"{actor} a quitté {organisation}."
    record_membership(LEAVE, text, actor, organisation, actor=actor)


@transaction.atomic
def remove_member(membership: Membership, *, actor: User, last: bool = False) -> None:
    """A colleague no longer acts for the organisation; team roles are ended elsewhere.

    Raises `PermissionDenied`, or `Refusal` for the last member unless it is said (`last`)."""
    organisation, person = membership.organisation, membership.user
    _check(actor, organisation)
    if membership.role != Role.MEMBER:
        raise Refusal("Ce rôle est retiré par l’administration.")
    _not_the_last(organisation, knowingly=last)
    membership.delete()
    text = f"{person} n’est plus membre de {organisation}."
    record_membership(REMOVE_MEMBER, text, person, organisation, actor=actor)
    announce(
        Event.MEMBERSHIP,
        recipients=[person],
        subject=f"Vous n’agissez plus pour {organisation}",
        text=f"{actor} vous a retiré·e des membres de « {organisation.full_name} ». "
        "Si c’est une erreur, demandez à la rejoindre.",
        url=reverse("my_organisations"),
        key=f"removed:{organisation.uuid}:{clock.now():%Y%m%d%H%M%S}",
        actor=actor,
    )


def _not_the_last(organisation: Organisation, *, knowingly: bool) -> None:
    """The accounts and their roles are held: two members do not leave each thinking that the
    other stays, nor while an account is closed."""
    rows = Membership.objects.filter(
        organisation=organisation, role=Role.MEMBER, user__is_active=True
    )
    lock_rows(User.objects.filter(pk__in=rows.values("user")))
    if len(lock_rows(rows)) <= 1 and not knowingly:
        raise Refusal(
            f"Plus personne n’agirait pour « {organisation} » : seule la coordination pourrait "
            "y inviter de nouveau. Cochez la case si c’est bien ce que vous voulez."
        )
