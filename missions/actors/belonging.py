"""To which organisations a person belongs, asks to belong, or is invited."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from explor import clock
from explor.accounts.models import (
    Invitation,
    JoinRequest,
    JoinState,
    Membership,
    Organisation,
    User,
)
from missions.actors.members import invitation_key


@dataclass(frozen=True)
class Belonging:
    memberships: list[Membership]
    requests: list[JoinRequest]
    #: with the key that opens each
    invitations: list[tuple[Invitation, str]]

    @property
    def is_empty(self) -> bool:
        return not (self.memberships or self.requests or self.invitations)


def of(user: User) -> Belonging:
    """Four queries."""
    memberships = user.memberships.select_related("organisation")
    asked = user.join_requests.filter(state=JoinState.PENDING).select_related("organisation")
    return Belonging(
        memberships=list(memberships.order_by("organisation__name", "role")),
        requests=list(asked),
        invitations=[(row, invitation_key(row)) for row in _invitations(user)],
    )


def _invitations(user: User) -> QuerySet[Invitation]:
    verified = EmailAddress.objects.filter(user=user, verified=True)
    own = Q(address=user.email.lower()) | Q(
        address__in=verified.annotate(address=Lower("email")).values("address")
    )
    return open_invitations().annotate(address=Lower("email")).filter(own)


def open_invitations() -> QuerySet[Invitation]:
    """Those that still wait for their answer, expired or not yet."""
    rows = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    return rows.filter(expires_at__gt=clock.now()).select_related("organisation", "invited_by")


def visible_to(user: User) -> QuerySet[Organisation]:
    """Organisations whose page the person may open; `missions.manage_organisation` opens more."""
    return Organisation.objects.filter(memberships__user=user).distinct()
