"""Proposing a mission to a volunteer, their answer, and the confirmation."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_row
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.actors.models import Volunteer
from missions.acts import check_when
from missions.audiences import EVERYONE, PROPOSALS
from missions.dossier.actions import advance, lock
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Engagement, EngagementState, Mission, OwnerRole
from missions.dossier.queries import people_on

PROPOSE_VOLUNTEER = Verb("missions.propose_volunteer", PROPOSALS)
ANSWER_PROPOSAL = Verb("missions.answer_proposal", PROPOSALS)
WITHDRAW_PROPOSAL = Verb("missions.withdraw_proposal", PROPOSALS)
CONFIRM_ENGAGEMENT = Verb("missions.confirm_engagement", EVERYONE)
WITHDRAW_VOLUNTEER = Verb("missions.withdraw_volunteer", EVERYONE, reason=PROPOSALS)


@transaction.atomic
def propose_volunteer(
    mission: Mission, volunteer: Volunteer, *, why: str, actor: User | None
) -> Engagement:
    """Ask a volunteer, once, saying why. Raises `PermissionDenied`, `Refusal`."""
    mission = lock(mission)
    require(actor, "missions.match", mission)
    _check_open(mission)
    if not why.strip():
        raise Refusal("Dites à la personne pourquoi vous pensez à elle.")
    if not volunteer.user.is_active:
        raise Refusal("Cette personne n’a plus de compte actif.")
    if mission.engagements.filter(volunteer=volunteer).exists():
        raise Refusal("Cette personne a déjà été proposée pour cette mission.")
    engagement = Engagement.objects.create(
        mission=mission, volunteer=volunteer, why=why.strip(), proposed_at=clock.now()
    )
    _journal(engagement, PROPOSE_VOLUNTEER, f"Mission proposée à {volunteer}.", actor)
    announce(
        Event.PROPOSAL,
        recipients=[volunteer.user],
        subject=f"Une mission vous est proposée : {mission.title}",
        text=f"{engagement.why}\n\nMission {mission.reference} : {mission.title} ({mission.zone}).",
        url=reverse("proposal", args=[engagement.token]),
        key=f"proposal:{engagement.token}",
        actor=actor,
    )
    return engagement


@transaction.atomic
def answer_proposal(
    engagement: Engagement, *, accept: bool, answer: str = "", actor: User | None
) -> Engagement:
    """The volunteer's yes or no, given once. Raises `PermissionDenied`, `Refusal`."""
    mission = lock(engagement.mission)
    engagement = _locked(engagement)
    mine = actor is None or engagement.volunteer.user_id == actor.pk
    if mine and engagement.state != EngagementState.PROPOSED:
        raise Refusal("Vous avez déjà répondu à cette proposition.")
    require(actor, "missions.answer_proposal", engagement)
    _check_open(mission)
    engagement.state = EngagementState.ACCEPTED if accept else EngagementState.DECLINED
    engagement.answer, engagement.answered_at = answer.strip(), clock.now()
    engagement.save(update_fields=["state", "answer", "answered_at"])
    what = "accepte" if accept else "décline"
    text = f"{engagement.volunteer} {what} la proposition."
    _journal(engagement, ANSWER_PROPOSAL, text, actor, engagement.answer)
    announce(
        Event.PROPOSAL_ANSWER,
        recipients=people_on(mission, OwnerRole.COORDINATOR),
        subject=f"{mission.reference} : {text}",
        text=f"{text}\n\n{engagement.answer}".strip(),
        url=reverse("mission_matching", args=[mission.reference]),
        key=f"proposal-answer:{engagement.token}",
        actor=actor,
    )
    return engagement


@transaction.atomic
def confirm_volunteer(engagement: Engagement, *, actor: User | None) -> Mission:
    """Settle on a volunteer who accepted; the mission moves on when it was waiting for one.

    Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(engagement.mission)
    engagement = _locked(engagement)
    require(actor, "missions.match", mission)
    if _awaits_only_the_step(engagement, mission):
        return advance(mission, "confirm_volunteer", actor=actor)
    if engagement.state != EngagementState.ACCEPTED:
        raise Refusal("Cette personne n’a pas accepté la proposition.")
    _check_open(mission)
    engagement.state = EngagementState.CONFIRMED
    engagement.save(update_fields=["state"])
    tick(mission, lifecycle.Kind.VOLUNTEER, actor=actor)
    text = f"{engagement.volunteer} est confirmé·e sur la mission."
    _journal(engagement, CONFIRM_ENGAGEMENT, text, actor)
    if mission.state == lifecycle.State.MATCHING:
        return advance(mission, "confirm_volunteer", actor=actor)
    announce(
        Event.VOLUNTEER_CONFIRMED,
        recipients=people_on(mission, OwnerRole.OSIM, OwnerRole.VOLUNTEER),
        subject=f"{mission.reference} : {text}",
        text=text,
        url=mission.get_absolute_url(),
        key=f"confirmed:{engagement.token}",
        actor=actor,
    )
    return mission


@transaction.atomic
def withdraw_volunteer(engagement: Engagement, *, because: str, actor: User | None) -> Engagement:
    """The volunteer steps back: looking for one reopens as a milestone, the mission stays put.

    The volunteer or the coordination writes it. Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(engagement.mission)
    engagement = _locked(engagement)
    own = actor is not None and engagement.volunteer.user_id == actor.pk
    if actor is not None and not own and not actor.has_perm("missions.match", mission):
        raise PermissionDenied
    check_when("withdraw_volunteer", mission.state)
    if engagement.state not in {EngagementState.ACCEPTED, EngagementState.CONFIRMED}:
        raise Refusal("Cette personne n’est pas engagée sur la mission.")
    if not because.strip():
        raise Refusal("Donnez la raison du retrait.")
    # the association never knew a volunteer who was not confirmed
    was_confirmed = engagement.state == EngagementState.CONFIRMED
    if was_confirmed:
        untick(mission, lifecycle.Kind.VOLUNTEER, missing=["une nouvelle personne volontaire"])
    engagement.state = EngagementState.WITHDRAWN
    engagement.save(update_fields=["state"])
    told = [OwnerRole.COORDINATOR, *([OwnerRole.OSIM] if was_confirmed else [])]
    text = f"{engagement.volunteer} se retire de la mission."
    verb = WITHDRAW_VOLUNTEER if was_confirmed else WITHDRAW_PROPOSAL
    _journal(engagement, verb, text, actor, because)
    announce(
        Event.PROPOSAL_ANSWER,
        recipients=people_on(mission, *told),
        subject=f"{mission.reference} : {text}",
        text=f"{text}\n\nMotif : {because.strip()}",
        url=mission.get_absolute_url(),
        key=f"withdrawn:{engagement.token}",
        actor=actor,
    )
    return engagement


def _awaits_only_the_step(engagement: Engagement, mission: Mission) -> bool:
    """Somebody put the mission back to the search by hand: its volunteer is there already."""
    there = engagement.state == EngagementState.CONFIRMED
    return there and mission.state == lifecycle.State.MATCHING


def _check_open(mission: Mission) -> None:
    if mission.is_hushed:
        raise Refusal("Envoyez d’abord la lettre de décision.")
    check_when("propose_volunteer", mission.state)
    if mission.engagements.filter(state=EngagementState.CONFIRMED).exists():
        raise Refusal("Cette mission a déjà trouvé sa ou son volontaire.")


def _locked(engagement: Engagement) -> Engagement:
    rows = Engagement.objects.select_related("mission", "volunteer__user")
    return lock_row(rows, engagement.pk)


def _journal(
    engagement: Engagement, verb: Verb, text: str, actor: User | None, reason: str = ""
) -> None:
    record(engagement.mission.stream, verb, text, actor=actor, reason=reason)
