"""What people are told of a good practice, and what its journal keeps."""

from django.db.models import QuerySet

from capitalisation.audiences import PRACTICE
from capitalisation.practices.models import GoodPractice
from explor import clock
from explor.accounts.models import Role, User
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.notifications.actions import announce
from explor.notifications.events import Event

SAVE = Verb("practices.save", PRACTICE)
EVIDENCE = Verb("practices.evidence", PRACTICE)
PROPOSE = Verb("practices.propose", PRACTICE)
APPROVE = Verb("practices.approve", PRACTICE)
KEEP = Verb("practices.keep", PRACTICE)
RETURN = Verb("practices.return", PRACTICE)
WEAKEN = Verb("practices.weaken", PRACTICE)


def trace(
    practice: GoodPractice, verb: Verb, words: str, actor: User | None, reason: str = ""
) -> None:
    text = f"Bonne pratique « {practice.title} » {words}."
    record(f"practice:{practice.pk}", verb, text, actor=actor, reason=reason)


def tell_proposed(practice: GoodPractice, actor: User | None) -> None:
    announce(
        Event.APPROVAL_ASKED,
        recipients=_team(practice, Role.RESEARCHER, Role.COORDINATOR, Role.ADMINISTRATOR),
        subject=f"À relire : « {practice.title} »",
        text=f"Une bonne pratique attend une seconde lecture : « {practice.title} ».",
        url=practice.get_absolute_url(),
        key=f"practice:{practice.pk}:{practice.proposal}",
        actor=actor,
    )


def tell_returned(practice: GoodPractice, because: str, actor: User | None) -> None:
    """While it is still known who proposed it."""
    announce(
        Event.REREAD,
        recipients=[practice.proposed_by] if practice.proposed_by else [],
        subject=f"À reprendre : « {practice.title} »",
        text=f"Votre bonne pratique est remise en chantier. Ce qui est à reprendre : {because}",
        url=practice.get_absolute_url(),
        key=f"practice:{practice.pk}:back:{practice.proposal}",
        actor=actor,
    )


def tell_weakened(practice: GoodPractice, actor: User | None) -> None:
    """A passage went away: those who write are told, whoever took it."""
    announce(
        Event.REREAD,
        recipients=_team(practice, Role.RESEARCHER, Role.COORDINATOR),
        subject=f"À relire : « {practice.title} »",
        text=practice.to_reread,
        url=practice.get_absolute_url(),
        key=f"practice:{practice.pk}:weak:{clock.now().isoformat()}",
        actor=actor,
    )


def _team(practice: GoodPractice, *roles: Role) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__role__in=roles,
        memberships__organisation__programme_rows__programme=practice.programme_id,
    ).distinct()
