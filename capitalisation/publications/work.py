"""Booklets that wait for somebody: a second reading, or words to take back."""

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat
from django.urls import reverse

from capitalisation.publications.models import Booklet, BookletState
from capitalisation.publications.printed_queries import out_and_unfit
from explor.accounts.models import Role, User
from missions.dossier.reach import PROGRAMMES
from missions.dossier.work_lines import Lines, register_lines, told

WRITERS = (Role.RESEARCHER, Role.COORDINATOR)


def booklets_to_read(user: User) -> Lines:
    """A proposal waits for whoever may approve it, never for the one who made it."""
    approving = user.standing.reach(PROGRAMMES, *WRITERS, Role.ADMINISTRATOR)
    if not approving:
        return None
    others = Q(proposed_by=None) | ~Q(proposed_by=user)
    proposed = Q(programme__in=approving, state=BookletState.PROPOSED) & others
    unfit = Q(
        programme__in=user.standing.reach(PROGRAMMES, *WRITERS),
        pk__in=out_and_unfit().order_by().values("pk"),
    )
    return told(
        Booklet.objects.filter(proposed | unfit),
        since="created_at",
        kicker=Concat(Value("Livret · "), "programme__name"),
        title=F("title"),
        key=F("slug"),
        says=Case(
            When(
                state=BookletState.PROPOSED,
                then=Value("Relisez son PDF, puis approuvez le livret ou renvoyez-le."),
            ),
            default=Value(
                "Il est paru et imprime des paroles qui ne peuvent plus l’être : remettez-le en "
                "préparation."
            ),
        ),
    )


register_lines("booklets", booklets_to_read, lambda key: reverse("booklet", args=[key]))
