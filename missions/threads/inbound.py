"""A mail that came in becomes a message of its conversation, or its author is told why not."""

import logging
from collections.abc import Sequence
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from explor.documents.actions import read_upload
from explor.documents.sniffing import clean_name, sniff
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.notifications.incoming import Incoming, read_mail
from explor.ui.errors import Refusal
from missions.threads.actions import MAX_FILES, Draft, post_message
from missions.threads.audience import reads
from missions.threads.models import Channel, Fate, InboundMail, Thread, ThreadKind
from missions.threads.replies import Forged, ReplyKey, read_reply_address

logger = logging.getLogger(__name__)

STREAM = "courrier"
#: Mails are nobody’s page: only who manages people may read of those that were dropped.
DROPPED = {fate: Verb(f"threads.{fate}_mail", MANAGERS) for fate in (Fate.IGNORED, Fate.REFUSED)}
OPEN_PAGE = "Écrivez votre message dans Explor, sur la page de la mission."


class Dropped(Exception):
    """Nobody is answered: a forger would have us write to strangers."""


@transaction.atomic
def receive_mail(raw: bytes) -> InboundMail:
    """Take in one mail. The same Message-ID a second time changes nothing.

    Never raises for what a mail contains: its fate and the reason are in the row.
    """
    incoming = read_mail(raw)
    inbound, created = InboundMail.objects.get_or_create(
        identity=incoming.identity,
        defaults={
            "sender": incoming.sender,
            "fate": Fate.IGNORED,
            "size": len(raw),
            "received_at": clock.now(),
        },
    )
    if not created:
        return inbound
    if incoming.is_automatic:
        return _close(inbound, Fate.IGNORED, "Réponse automatique ou avis de non-remise.")
    try:
        key = _key_of(incoming)
        person = User.objects.filter(pk=key.person_id, is_active=True).first()
        if person is None:
            raise Dropped("La personne n’a plus de compte ouvert.")
    except Dropped as why:
        return _close(inbound, Fate.REFUSED, str(why))
    return _answer(inbound, incoming, key, person)


def _key_of(incoming: Incoming) -> ReplyKey:
    """The first address of ours among the recipients. Raises `Dropped`."""
    for address in incoming.recipients:
        try:
            return read_reply_address(address)
        except Forged:
            continue
    raise Dropped("Aucune adresse de réponse reconnue.")


def _answer(inbound: InboundMail, incoming: Incoming, key: ReplyKey, person: User) -> InboundMail:
    """Post what `person` wrote, or tell them why not."""
    if incoming.sender != person.email.lower():
        # once a day: who guesses must not be able to fill a mailbox
        tell_key = f"expediteur:{key.thread_id}:{clock.today()}"
        _tell(person, _not_from(incoming.sender), tell_key)
        return _close(inbound, Fate.REFUSED, "L’expéditeur n’est pas la personne attendue.")
    try:
        thread = _thread_for(key, person)
        _check_size(inbound)
        files, wrong = _accepted_files(incoming.files)
        text = incoming.text or ("Voir la pièce jointe." if files else "")
        draft = Draft(text, uuid4(), channel=Channel.MAIL, files=files)
        with transaction.atomic():
            message = post_message(thread.mission, ThreadKind(thread.kind), draft, actor=person)
    except Refusal as refusal:
        _tell(person, f"{refusal.reason} {OPEN_PAGE}", f"courrier:{inbound.pk}")
        return _close(inbound, Fate.REFUSED, refusal.reason)
    if wrong:
        _tell(person, _left_out(wrong), f"pieces:{inbound.pk}", subject=LEFT_OUT)
    inbound.message = message
    return _close(inbound, Fate.POSTED, " ".join(wrong))


def _thread_for(key: ReplyKey, person: User) -> Thread:
    """Raises `Refusal` when the address is too old or the person takes no part any more."""
    if key.is_over:
        raise Refusal("Cette adresse de réponse n’est plus valable : elle sert 90 jours.")
    thread = Thread.objects.select_related("mission__project").filter(pk=key.thread_id).first()
    if thread is None or not reads(person, thread.mission, ThreadKind(thread.kind)):
        raise Refusal("Vous ne participez plus à cette conversation.")
    return thread


def _check_size(inbound: InboundMail) -> None:
    if inbound.size > settings.INBOUND_MAX_BYTES:
        limit = filesizeformat(settings.INBOUND_MAX_BYTES)
        raise Refusal(f"Votre e-mail est trop lourd ({limit} au plus, pièces jointes comprises).")


def _accepted_files(
    files: Sequence[tuple[str, bytes]],
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Those we keep, and why not the others: one bad file does not hold the message back."""
    kept: list[tuple[str, bytes]] = []
    wrong: list[str] = []
    for name, data in files:
        clean = clean_name(name)
        try:
            if len(kept) == MAX_FILES:
                raise Refusal(f"{MAX_FILES} fichiers au plus.")
            sniff(read_upload(data), clean)
        except Refusal as refusal:
            wrong.append(f"« {clean} » : {refusal.reason}")
        else:
            kept.append((clean, data))
    return kept, wrong


NOT_POSTED = "Votre réponse par e-mail n’a pas été publiée"
LEFT_OUT = "Des pièces jointes n’ont pas été publiées"


def _not_from(sender: str) -> str:
    return (
        f"Une réponse est arrivée de l’adresse « {sender or 'inconnue'} », qui n’est pas celle de "
        "votre compte Explor : elle n’a pas été publiée. Si c’est vous, répondez depuis l’adresse "
        f"de votre compte. {OPEN_PAGE} Si ce n’est pas vous, ne transférez plus les e-mails "
        "d’Explor : l’adresse de réponse vous est personnelle."
    )


def _left_out(wrong: Sequence[str]) -> str:
    lines = "\n".join(f"- {why}" for why in wrong)
    return f"Votre réponse est publiée, sans ces pièces jointes :\n\n{lines}"


def _tell(person: User, text: str, key: str, subject: str = NOT_POSTED) -> None:
    announce(
        Event.REPLY_REFUSED,
        recipients=[person],
        subject=subject,
        text=text,
        url=reverse("mission_list"),
        key=key,
        button="Ouvrir mes missions",
    )


def _close(inbound: InboundMail, fate: Fate, reason: str) -> InboundMail:
    inbound.fate, inbound.reason = fate, reason[:300]
    inbound.save(update_fields=["fate", "reason", "message"])
    if fate != Fate.POSTED:
        record(
            STREAM,
            DROPPED[fate],
            f"Courriel {fate.label.lower()} : {reason}",
            actor=None,
            data={"identity": inbound.identity, "size": inbound.size},
        )
    return inbound
