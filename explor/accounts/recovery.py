"""A lost phone and lost codes: an administrator opens the way to a new second factor."""

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.urls import reverse

from explor import clock
from explor.accounts.actions import person_stream
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal

FORGET_SECOND_FACTOR = Verb("accounts.forget_second_factor", MANAGERS)


@transaction.atomic
def forget_second_factor(person: User, *, actor: User | None, reason: str) -> User:
    """Every application, passkey and spare code of the person goes, and so do their sessions: a
    lost phone may be signed in. At the next sign-in they choose a new one. They are told by mail.

    Raises `PermissionDenied`, or `Refusal` without a reason, for oneself, or when there is nothing
    to forget."""
    require(actor, "accounts.manage_people")
    person = lock_row(User.objects.all(), person.pk)
    if actor is not None and person.pk == actor.pk:
        raise Refusal(
            "Vous ne pouvez pas retirer votre propre deuxième vérification ici : demandez à une "
            "autre personne de l’administration."
        )
    if not reason.strip():
        raise Refusal("Dites pourquoi, et comment vous avez reconnu la personne.")
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise Refusal("Cette personne n’a pas de deuxième vérification.")
    _end_sessions(person)
    text = f"Deuxième vérification de {person} retirée, sessions fermées."
    record(person_stream(person), FORGET_SECOND_FACTOR, text, actor=actor, reason=reason.strip())
    announce(
        Event.ACCOUNT,
        recipients=[person],
        subject="Votre deuxième vérification a été retirée",
        text=f"{actor or 'Explor'} l’a retirée à votre demande, et vos sessions sont fermées. À "
        "votre prochaine connexion, choisissez-en une nouvelle. Vous n’avez rien demandé ? "
        "Prévenez tout de suite l’administration.",
        url=reverse("mfa_index"),
        key=f"second_factor:{person.uuid}:{clock.now():%Y%m%d%H%M%S%f}",
        actor=actor,
    )
    return person


def _end_sessions(person: User) -> None:
    """A session names its person inside only: each open one is read."""
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator(500):
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
