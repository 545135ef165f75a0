"""The coordination wrote a request for an association, which says whether it is its own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require, step
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce, announce_to_address
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from explor.ui.html import day
from missions.audiences import RECEIPT
from missions.dossier.actions import lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.dossier.standing import MissionRole, roles_on
from missions.lifecycle import Kind, State
from missions.request.actions import refresh_missing
from missions.request.freezing import content_of, digest_of
from missions.request.models import Confirmation, ConfirmationAnswer, Request
from missions.request.queries import profile_of

ASK_CONFIRMATION = Verb("missions.ask_confirmation", RECEIPT)
CONFIRM_REQUEST = Verb("missions.confirm_request", RECEIPT)

LASTS = timedelta(days=14)
AWAITED = "la confirmation de l’association"
_signer = signing.Signer(salt="missions.request.confirmation")


def key_of(row: Confirmation) -> str:
    """What the address of the mail holds: nobody can guess or alter it."""
    return _signer.sign(row.uuid.hex)


def find_confirmation(key: str) -> Confirmation | None:
    """The confirmation of that address, answered and expired ones too."""
    try:
        uuid = UUID(_signer.unsign(key))
    except (signing.BadSignature, ValueError):
        return None
    rows = Confirmation.objects.select_related("mission__project__holder", "mission__programme")
    return rows.filter(uuid=uuid).first()


def why_closed(row: Confirmation) -> str:
    """Why the link no longer serves; nothing while it does."""
    if row.answered_at is not None:
        return f"Vous avez déjà répondu le {day(timezone.localdate(row.answered_at))}. Merci\u00a0!"
    if row.withdrawn_at is not None:
        return "Un lien plus récent vous a été envoyé\u00a0: c’est lui qui sert maintenant."
    if clock.now() >= row.expires_at:
        return "Ce lien n’est plus valable. Demandez-en un autre à votre coordination."
    if row.mission.state != State.DRAFT:
        return "La demande n’est plus un brouillon\u00a0: il n’y a plus rien à confirmer."
    return ""


@transaction.atomic
def ask_confirmation(
    mission: Mission, *, name: str, email: str, actor: User | None, token: UUID
) -> Confirmation:
    """Send the whole request to the association; an earlier link no longer serves.

    The same `token` sends once. Raises `PermissionDenied`, `Refusal` when something other than
    the confirmation is missing, `ValidationError` for an address that is none.
    """
    mission = lock(mission)
    require(actor, "missions.ask_confirmation", mission)
    if known := sent_before(Confirmation.objects.all(), token, actor=actor, mission=mission):
        return known
    if lacking := refresh_missing(mission, actor=actor):
        raise Refusal(f"Avant de la faire confirmer, il manque\u00a0: {', '.join(lacking)}.")
    validate_email(email)
    if not name.strip():
        raise Refusal("Dites à qui vous envoyez la demande.")
    now = clock.now()
    _open(mission).update(withdrawn_at=now)
    row = Confirmation.objects.create(
        mission=mission,
        name=name.strip()[:200],
        email=email,
        token=token,
        sent_by=actor,
        sent_at=now,
        expires_at=now + LASTS,
    )
    text = f"Demande envoyée à {row.name} pour confirmation."
    record(mission.stream, ASK_CONFIRMATION, text, actor=actor)
    _send(row, actor)
    return row


@transaction.atomic
def answer_confirmation(
    row: Confirmation, answer: str, *, words: str = "", digest: str
) -> Confirmation:
    """What the person at the other end of the link says of the request they read (`digest`).

    Raises `Refusal` when the link no longer serves, when the request changed since it was
    read, or when what to correct is not said.
    """
    mission = lock(row.mission)
    row = lock_row(Confirmation.objects.all(), row.pk)
    row.mission = mission
    if reason := why_closed(row):
        raise Refusal(reason)
    if digest != digest_of(content_of(mission)):
        raise Refusal(
            "La demande a changé pendant que vous la lisiez. Relisez-la, puis répondez de nouveau."
        )
    return _answer(row, answer, words, digest, None)


@transaction.atomic
def confirm_as_member(mission: Mission, *, actor: User) -> Confirmation:
    """A member of the association confirms in Explor, without waiting for the mail."""
    mission = lock(mission)
    if MissionRole.OSIM not in roles_on(actor, mission) or not mission.typed_on_behalf:
        raise PermissionDenied
    if mission.state != State.DRAFT:
        raise Refusal("La demande n’est plus un brouillon.")
    if lacking := refresh_missing(mission, actor=actor):
        raise Refusal(f"Avant de la confirmer, il manque\u00a0: {', '.join(lacking)}.")
    now = clock.now()
    _open(mission).update(withdrawn_at=now)
    row = Confirmation(
        mission=mission, name=str(actor), email=actor.email, sent_at=now, expires_at=now + LASTS
    )
    return _answer(row, ConfirmationAnswer.OURS, "", digest_of(content_of(mission)), actor)


@step
def check_confirmed(mission: Mission, *, actor: User | None) -> None:
    """Undo a confirmation that is no longer about what would be submitted.

    When the association itself submits, its act is its confirmation.
    """
    if not mission.typed_on_behalf:
        return
    if actor is not None and MissionRole.OSIM in roles_on(actor, mission):
        tick(mission, Kind.CONFIRMATION, actor=actor)
        return
    last = (
        Confirmation.objects.filter(mission=mission, answered_at__isnull=False)
        .order_by("-answered_at")
        .first()
    )
    ours = last is not None and last.answer == ConfirmationAnswer.OURS
    if not ours or last is None or last.digest != digest_of(content_of(mission)):
        untick(mission, Kind.CONFIRMATION, missing=[AWAITED])


def confirmation_context(
    mission: Mission, user: User, asked: Request, *, lacking: bool
) -> dict[str, Any]:
    """What the summary shows of a confirmation; nothing when the association writes itself."""
    if not mission.typed_on_behalf or mission.state != State.DRAFT:
        return {"confirmation": None}
    last = Confirmation.objects.filter(mission=mission, withdrawn_at__isnull=True).first()
    if last is not None:
        last.mission = mission
    settled = any(row.kind == Kind.CONFIRMATION and row.done_on for row in mission.milestone_list())
    own = MissionRole.OSIM in roles_on(user, mission)
    return {
        "confirmation": {
            "last": last,
            "settled": settled,
            "may_ask": not lacking and user.has_perm("missions.ask_confirmation", mission),
            "may_confirm": own and not lacking and not settled,
            "expired": last is not None and bool(why_closed(last)) and last.answered_at is None,
            "profile": profile_of(asked),
        }
    }


def _open(mission: Mission) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(
        mission=mission, answered_at__isnull=True, withdrawn_at__isnull=True
    )


def _answer(
    row: Confirmation, answer: str, words: str, digest: str, actor: User | None
) -> Confirmation:
    if answer not in ConfirmationAnswer.values:
        raise Refusal("Choisissez une des deux réponses.")
    if answer == ConfirmationAnswer.TO_CORRECT and not words.strip():
        raise Refusal("Dites ce qu’il faut corriger.")
    row.answer, row.words, row.digest = answer, words.strip(), digest
    row.answered_at = clock.now()
    row.save()
    mission = row.mission
    ours = answer == ConfirmationAnswer.OURS
    if ours:
        tick(mission, Kind.CONFIRMATION, actor=actor)
    else:
        untick(mission, Kind.CONFIRMATION, missing=["la correction demandée par l’association"])
    told = "C’est bien notre demande" if ours else "Il faut corriger"
    how = "dans Explor" if actor is not None else f"par le lien envoyé à {row.email}"
    record(
        mission.stream,
        CONFIRM_REQUEST,
        f"{row.name} a répondu {how}\u00a0: «\u00a0{told}\u00a0».",
        actor=actor,
        reason=row.words,
        data={"digest": digest},
    )
    _tell_coordination(row, told, actor)
    return row


def _send(row: Confirmation, actor: User | None) -> None:
    mission = row.mission
    subject = f"{mission.reference}\u00a0: est-ce bien votre demande\u00a0?"
    text = (
        f"La coordination {mission.territory} a écrit pour {mission.project.holder} la demande de "
        f"mission «\u00a0{mission.title}\u00a0». Relisez-la, puis dites si c’est bien la vôtre. "
        f"Aucun mot de passe n’est demandé. Le lien sert une fois, jusqu’au "
        f"{day(timezone.localdate(row.expires_at))}."
    )
    announce_to_address(
        Event.CONFIRMATION_ASKED,
        email=row.email,
        name=row.name,
        subject=subject,
        text=text,
        url=reverse("confirmation", args=[key_of(row)]),
        key=f"confirmation:{row.uuid}",
        button="Lire la demande",
    )
    announce(
        Event.CONFIRMATION_ASKED,
        recipients=[p for p in people_on(mission, OwnerRole.OSIM) if p.email != row.email],
        subject=subject,
        text=text,
        url=reverse("mission_request", args=[mission.reference]),
        key=f"confirmation:{row.uuid}",
        actor=actor,
        button="Lire la demande",
    )


def _tell_coordination(row: Confirmation, told: str, actor: User | None) -> None:
    mission = row.mission
    announce(
        Event.CONFIRMATION_GIVEN,
        recipients=people_on(mission, OwnerRole.COORDINATOR),
        subject=f"{mission.reference}\u00a0: «\u00a0{told}\u00a0»",
        text=f"{row.name} a répondu\u00a0: «\u00a0{told}\u00a0».\n\n{row.words}".strip(),
        url=reverse("mission_request", args=[mission.reference]),
        key=f"confirmation:{row.uuid}:{row.answer}",
        actor=actor,
    )
