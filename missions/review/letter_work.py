"""Letters that wait for somebody: on the home page of who may approve or send them."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Concat, NullIf
from django.urls import reverse

from explor.accounts.models import Role, User
from missions.dossier.models import Mission
from missions.dossier.work_lines import Lines, register_lines, told
from missions.review.letter_models import DecisionLetter, LetterState

_HOLDER = Coalesce(
    NullIf("mission__project__holder__acronym", Value("")), "mission__project__holder__name"
)


def letters(user: User) -> Lines:
    """A draft that another wrote waits for this person's approval; an approved letter, to be
    sent. One's own draft waits for somebody else."""
    if not user.standing.holds(Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR):
        return None
    own = Q(state=LetterState.DRAFT, drafted_by=user)
    seen = Mission.objects.visible_to(user).filter(decided_at__isnull=False)
    rows = DecisionLetter.objects.filter(
        ~own,
        state__in=[LetterState.DRAFT, LetterState.APPROVED],
        mission__in=seen.order_by().values("pk"),
    )
    return told(
        rows,
        since="drafted_at",
        kicker=Concat("mission__reference", Value(" · "), _HOLDER),
        title=F("mission__title"),
        key=F("mission__reference"),
        says=Case(
            When(
                state=LetterState.APPROVED,
                then=Value("Envoyez la lettre de décision, elle est approuvée."),
            ),
            default=Value("Relisez et approuvez la lettre de décision."),
        ),
    )


register_lines("letters", letters, lambda key: reverse("mission_letter", args=[key]))
