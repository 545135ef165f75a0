"""Good practices that wait for somebody: a second reading, or passages that went away."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from capitalisation.practices.models import GoodPractice, PracticeState
from explor.accounts.models import Role, User
from missions.dossier.reach import PROGRAMMES
from missions.dossier.work_lines import Lines, register_lines, told

WRITERS = (Role.RESEARCHER, Role.COORDINATOR)


def practices_to_read(user: User) -> Lines:
    """A proposal waits for whoever may approve it, never for the one who made it; one that lost
    passages waits for those who write."""
    approving = user.standing.reach(PROGRAMMES, *WRITERS, Role.ADMINISTRATOR)
    if not approving:
        return None
    others = Q(proposed_by=None) | ~Q(proposed_by=user)
    proposed = Q(programme__in=approving, state=PracticeState.PROPOSED, to_reread="") & others
    weaker = Q(programme__in=user.standing.reach(PROGRAMMES, *WRITERS)) & ~Q(to_reread="")
    return told(
        GoodPractice.objects.filter(proposed | weaker),
        since="proposed_at",
        kicker=Concat(Value("Bonne pratique · "), "programme__name"),
        title=F("title"),
        key=F("slug"),
        says=Case(
            When(
                to_reread="",
                then=Value("Relisez cette bonne pratique, puis approuvez-la ou renvoyez-la."),
            ),
            default=F("to_reread"),
        ),
    )


register_lines("practices", practices_to_read, lambda key: reverse("practice_admin", args=[key]))
