"""The roll of conflicts of interest: each member of the committee says whether a tie binds them."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from explor import clock
from explor.accounts.models import User
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.acts import check_when
from missions.audiences import TEAM
from missions.dossier.actions import lock
from missions.dossier.milestones import tick
from missions.dossier.models import ConflictOfInterest, Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.lifecycle import Kind
from missions.review.models import Review, RollAnswer
from missions.review.opinion_models import Opinion, OpinionState

DECLARE_CONFLICT = Verb("missions.declare_conflict", TEAM)
NOTE_ROLL = Verb("missions.note_roll", TEAM)


@transaction.atomic
def declare_conflict(
    mission: Mission, *, person: User, nature: str, actor: User | None
) -> ConflictOfInterest:
    """`person` stands aside: every right on the mission goes, the dossier included.

    People declare for themselves. Who followed the dossier follows it no more; an opinion that
    was waited for is declined. Raises `PermissionDenied`, `Refusal`.
    """
    mission = lock(mission)
    if actor is not None and (
        actor != person or not actor.has_perm("missions.declare_conflict", mission)
    ):
        raise PermissionDenied
    if not nature.strip():
        raise Refusal("Dites en quelques mots quel est ce lien.")
    conflict = ConflictOfInterest.objects.create(
        mission=mission, user=person, nature=nature.strip()[:300], declared_at=clock.now()
    )
    record(
        mission.stream,
        DECLARE_CONFLICT,
        f"Conflit d’intérêts déclaré par {person}.",
        actor=actor,
        reason=conflict.nature,
    )
    RollAnswer.objects.filter(mission=mission, person=person).delete()
    Opinion.objects.waiting().filter(mission=mission, person=person).update(
        state=OpinionState.DECLINED, answered_at=clock.now()
    )
    _replace_lead(mission, person)
    _close_roll(mission, actor)
    return conflict


@transaction.atomic
def note_roll(
    mission: Mission, *, people: Iterable[User] | None = None, actor: User | None
) -> list[RollAnswer]:
    """Note that members of the committee said « no tie »; without `people`, all still silent.

    A member may say it for themselves. The roll is done once each has answered. Raises
    `PermissionDenied`, `Refusal` for somebody who does not sit, or declared a tie.
    """
    mission = lock(mission)
    members = {person.pk: person for person in people_on(mission, OwnerRole.COMMITTEE)}
    named = list(members.values() if people is None else people)
    if actor is not None and not _may_note(mission, named, actor, people is None):
        raise PermissionDenied
    check_when("note_roll", mission.state)
    if strangers := [str(person) for person in named if person.pk not in members]:
        raise Refusal(f"Ne siège pas pour cette mission : {', '.join(strangers)}.")
    told = set(RollAnswer.objects.filter(mission=mission).values_list("person", flat=True))
    made = RollAnswer.objects.bulk_create(
        RollAnswer(mission=mission, person=person, answered_at=clock.now(), noted_by=actor)
        for person in named
        if person.pk not in told
    )
    if made:
        words = ", ".join(str(row.person) for row in made)
        record(mission.stream, NOTE_ROLL, f"Aucun lien : {words}.", actor=actor)
    _close_roll(mission, actor, whole=people is None)
    return made


def _may_note(mission: Mission, people: list[User], actor: User, whole: bool) -> bool:
    if actor.has_perm("missions.note_roll", mission):
        return True
    alone = not whole and [person.pk for person in people] == [actor.pk]
    return alone and actor.has_perm("missions.answer_roll", mission)


def _close_roll(mission: Mission, actor: User | None, *, whole: bool = False) -> None:
    """Done when nobody on the committee is silent; it stays done when someone joins later."""
    members = {person.pk for person in people_on(mission, OwnerRole.COMMITTEE)}
    told = set(RollAnswer.objects.filter(mission=mission).values_list("person", flat=True))
    if whole or (members and members <= told):
        review, _ = Review.objects.get_or_create(mission=mission)
        if not review.conflicts_asked:
            review.conflicts_asked = True
            review.save(update_fields=["conflicts_asked"])
        tick(mission, Kind.CONFLICT_ROLL, actor=actor)


def _replace_lead(mission: Mission, person: User) -> None:
    """The dossier waits for a new lead; the coordination is told."""
    if not Review.objects.filter(mission=mission, lead=person).update(lead=None):
        return
    announce(
        Event.REVIEW_LEAD,
        recipients=people_on(mission, OwnerRole.COORDINATOR),
        subject=f"{mission.reference} : plus personne ne suit ce dossier",
        text=f"{person} s’est retiré·e du dossier « {mission.title} ». Qui le reprend ?",
        url=mission.get_absolute_url(),
        key=f"lead:{mission.reference}:conflict:{person.pk}",
        actor=person,
    )
