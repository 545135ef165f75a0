"""Who follows a request: one person among those who coordinate its territory."""

from django.db import transaction
from django.urls import reverse

from explor.accounts.models import User
from explor.accounts.permits import require
from explor.journal.actions import record
from explor.journal.verbs import Verb
from explor.locking import lock_only
from explor.notifications.actions import announce
from explor.notifications.events import Event
from explor.ui.errors import Refusal
from missions.acts import check_when
from missions.audiences import REVIEW
from missions.dossier.actions import lock
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.review.models import Review

ASSIGN_LEAD = Verb("missions.assign_lead", REVIEW)


@transaction.atomic
def assign_lead(
    mission: Mission, *, person: User | None, actor: User | None, reason: str = ""
) -> Review:
    """Give the dossier to `person`, take it over, or leave it to nobody; both people are told.

    Raises `PermissionDenied`, `Refusal` for somebody who does not coordinate the territory.
    """
    mission = lock(mission)
    require(actor, "missions.review", mission)
    check_when("assign_lead", mission.state)
    team = people_on(mission, OwnerRole.COORDINATOR)
    if person is not None and person not in team:
        raise Refusal(f"{person} ne coordonne pas le territoire de cette mission.")
    review = lock_only(Review.objects.filter(mission=mission))
    review = review or Review.objects.create(mission=mission)
    former = review.lead
    if former == person:
        return review
    review.lead = person
    review.save(update_fields=["lead"])
    told = _told(former, person)
    entry = record(mission.stream, ASSIGN_LEAD, told, actor=actor, reason=reason)
    announce(
        Event.REVIEW_LEAD,
        recipients=[one for one in (former, person) if one is not None],
        subject=f"{mission.reference} : {told}",
        text=f"{told}\n\nMission {mission.reference} : {mission.title}.",
        url=reverse("mission_review", args=[mission.reference]),
        key=f"lead:{entry.pk}",
        actor=actor,
    )
    return review


def _told(former: User | None, person: User | None) -> str:
    if person is None:
        return f"{former} ne suit plus le dossier."
    return f"Dossier suivi par {person}" + (f", à la suite de {former}." if former else ".")
