"""Letters that wait for somebody: on the home page of who may approve or send them."""

from django.db.models import Q

from explor.accounts.models import Role, User
from missions.dossier.models import Mission
from missions.dossier.work import SHOWN, Errand, register
from missions.review.letter_models import DecisionLetter, LetterState


def letters(user: User) -> list[Errand]:
    """A draft that another wrote waits for this person's approval; an approved letter, to be
    sent. One's own draft waits for somebody else."""
    if not user.standing.holds(Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR):
        return []
    own = Q(state=LetterState.DRAFT, drafted_by=user)
    seen = Mission.objects.visible_to(user).filter(decided_at__isnull=False)
    rows = (
        DecisionLetter.objects.filter(
            ~own,
            state__in=[LetterState.DRAFT, LetterState.APPROVED],
            mission__in=seen.order_by().values("pk"),
        )
        .select_related("mission__project__holder")
        .defer("mission__search")
        .order_by("drafted_at", "pk")
    )
    return [_errand(row) for row in rows[:SHOWN]]


def _errand(row: DecisionLetter) -> Errand:
    mission = row.mission
    says = "Relisez et approuvez la lettre de décision."
    if row.state == LetterState.APPROVED:
        says = "Envoyez la lettre de décision, elle est approuvée."
    kicker = f"{mission.reference} · {mission.project.holder}"
    return Errand(kicker, mission.title, row.get_absolute_url(), says)


register("letters", letters)
