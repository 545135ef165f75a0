"""What happens around members: an association just registered, a request to join, an invitation."""

from datetime import timedelta

from explor import clock
from explor.accounts.models import JoinRequest, Organisation, User
from missions.actors.members import invite
from missions.actors.registration import ask_to_join, register
from missions.actors.setup import register_person
from missions.demo.cast import FAMILY_NAME, Cast
from missions.demo.data import token_of


def live_together(cast: Cast) -> None:
    """Two days ago, in a made-up association; a second time changes nothing."""
    member = cast.people["osim"]
    own = Organisation.objects.filter(memberships__user=member, name__contains="Exemple")
    association = own.earliest("pk")
    with clock.at(clock.now() - timedelta(days=2)):
        newcomer = _newcomer("Kadi", "kadi@demo.explor.example")
        register(
            actor=newcomer,
            token=token_of("organisation", "kadi"),
            name="Association Exemple des Semences",
            city="Amiens",
            department="Somme",
        )
        asking, token = _newcomer("Modibo", "modibo@demo.explor.example"), token_of("join")
        if not JoinRequest.objects.filter(token=token).exists():
            ask_to_join(
                association,
                actor=asking,
                token=token,
                message="Je tiens la comptabilité de l’association depuis janvier.",
            )
        invite(
            association,
            "rokia@demo.explor.example",
            actor=member,
            token=token_of("invitation", "rokia"),
        )


def _newcomer(first_name: str, email: str) -> User:
    return register_person(email, first_name=first_name, last_name=FAMILY_NAME)
