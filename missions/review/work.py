"""What a review asks of people, on their home page."""

from django.db.models import Q

from explor import clock
from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest
from missions.dossier.work import SHOWN, Errand, register
from missions.review.opinion_models import Opinion
from missions.review.opinion_queries import OPEN


def opinions(user: User) -> list[Errand]:
    """Opinions this person has still to give, and those they asked for that are late."""
    held = user.standing
    if held.holds(Role.MEMBER) and not held.holds(Role.COMMITTEE, Role.COORDINATOR):
        return []
    late = Q(asked_by=user, due_on__lt=clock.today())
    rows = (
        Opinion.objects.waiting()
        .filter(Q(person=user) | late, mission__state__in=OPEN)
        .exclude(mission__in=ConflictOfInterest.objects.filter(user=user).values("mission"))
        .select_related("mission", "person")
        .defer("mission__search")
        .order_by("due_on", "pk")
    )
    return [_errand(row, user) for row in rows[:SHOWN]]


def _errand(row: Opinion, user: User) -> Errand:
    mission, mine = row.mission, row.person_id == user.pk
    return Errand(
        mission.reference,
        mission.title,
        row.get_absolute_url() if mine else f"{mission.get_absolute_url()}instruction/avis/",
        "Donnez votre avis." if mine else "L’avis demandé est en retard.",
        due_on=row.due_on,
        waits_for="" if mine else row.who,
    )


register("opinions", opinions)
