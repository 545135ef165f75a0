"""Something to knock at behind the addresses of people and organisations."""

from uuid import uuid4

from allauth.mfa.models import Authenticator

from explor.accounts.models import Invitation, JoinRequest, Membership, Role
from missions.actors.members import invitation_key, invite
from missions.actors.registration import ask_to_join
from tests.ground import Ground


def near(ground: Ground) -> str:
    """The association, which has a mission in the coordinator's territory."""
    ground.mission("review")
    return str(ground.world.association.uuid)


def invitation(ground: Ground) -> Invitation:
    near(ground)
    world = ground.world
    return Invitation.objects.first() or invite(
        world.association, "une.autre@essai.example", actor=world.osim, token=uuid4()
    )


def key_of(ground: Ground) -> str:
    return invitation_key(invitation(ground))


def join_request(ground: Ground) -> JoinRequest:
    """Asked by the second volunteer, who belongs to no association."""
    near(ground)
    world = ground.world
    return JoinRequest.objects.first() or ask_to_join(
        world.association, actor=world.other_volunteer, token=uuid4()
    )


def member_row(ground: Ground) -> Membership:
    row, _ = Membership.objects.get_or_create(
        user=ground.world.osim, organisation=ground.world.association, role=Role.MEMBER
    )
    return row


role_row = member_row


def passkey(ground: Ground) -> Authenticator:
    row, _ = Authenticator.objects.get_or_create(
        user=ground.world.osim, type=Authenticator.Type.WEBAUTHN, defaults={"data": {"name": "Clé"}}
    )
    return row
