"""What people are told of a booklet, and what its journal keeps."""

from django.db.models import QuerySet

from capitalisation.publications.models import Booklet
from explor import clock
from explor.accounts.models import Role, User
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.notifications.actions import announce
from explor.notifications.events import Event


def trace(booklet: Booklet, verb: Verb, words: str, actor: User | None, reason: str = "") -> None:
    text = f"Livret « {booklet.title} » {words}."
    stream = f"booklet:{booklet.uuid}"
    record(stream, verb, text, actor=actor, reason=reason)


def tell_proposed(booklet: Booklet, actor: User | None) -> None:
    announce(
        Event.APPROVAL_ASKED,
        recipients=_team(booklet, Role.RESEARCHER, Role.ADMINISTRATOR, Role.COORDINATOR),
        subject=f"À relire avant parution : « {booklet.title} »",
        text=f"Le livret « {booklet.title} » attend une seconde lecture avant de paraître.",
        url=booklet.get_absolute_url(),
        key=f"booklet:{booklet.uuid}:{booklet.version}",
        actor=actor,
    )


def tell_out(booklet: Booklet, actor: User | None) -> None:
    announce(
        Event.PUBLISHED,
        recipients=[booklet.proposed_by] if booklet.proposed_by else [],
        subject=f"« {booklet.title} » est paru",
        text=f"Le livret « {booklet.title} » a été relu et est maintenant public.",
        url=booklet.get_absolute_url(),
        key=f"booklet:{booklet.uuid}:out",
        actor=actor,
    )


def tell_returned(booklet: Booklet, because: str, actor: User | None) -> None:
    """While it is still known who proposed it."""
    announce(
        Event.REREAD,
        recipients=[booklet.proposed_by] if booklet.proposed_by else [],
        subject=f"À reprendre : « {booklet.title} »",
        text=f"Le livret est de nouveau en préparation. Ce qui est à reprendre : {because}",
        url=booklet.get_absolute_url(),
        key=f"booklet:{booklet.uuid}:back:{booklet.version}",
        actor=actor,
    )


def tell_out_and_unfit(booklet: Booklet, because: str, actor: User | None) -> None:
    """A booklet that anyone reads prints words that may no longer be: who can take it back knows
    at once, whoever withdrew."""
    announce(
        Event.CONSENT_WITHDRAWN,
        recipients=_team(booklet, Role.RESEARCHER, Role.COORDINATOR),
        subject=f"À reprendre : « {booklet.title} »",
        text=f"{because} Le livret « {booklet.title} », paru, l’imprime : remettez-le en "
        "préparation et fabriquez-le de nouveau.",
        url=booklet.get_absolute_url(),
        key=f"booklet:{booklet.uuid}:unfit:{clock.now().isoformat()}",
        actor=actor,
    )


def _team(booklet: Booklet, *roles: Role) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__role__in=roles,
        memberships__organisation__programme_rows__programme=booklet.programme_id,
    ).distinct()
