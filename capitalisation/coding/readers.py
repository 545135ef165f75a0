"""The doors to passages: one query for each reader, and none else.

Whatever shows, counts, prints or searches passages starts from one of these, or from
`queries.excerpts_for`; `tests/capitalisation/test_doors.py` reads the code and refuses another.
"""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import READERS, excerpts_for, quotable, standing
from capitalisation.corpus.models import TextVersion
from explor.accounts.models import User
from explor.ui.errors import Refusal
from missions.dossier.models import Programme
from missions.dossier.reach import PROGRAMMES


def everyones() -> QuerySet[Excerpt]:
    """Those that anyone may read: printed, or on a public page."""
    return quotable(Excerpt.objects.all())


def read_by(user: User) -> QuerySet[Excerpt]:
    """What `excerpts_for` gives in all their programmes together."""
    doors = Q(pk__in=[])
    for programme in Programme.objects.filter(pk__in=user.standing.reach(PROGRAMMES, *READERS)):
        doors |= Q(pk__in=excerpts_for(user, programme).order_by().values("pk"))
    return Excerpt.objects.filter(doors)


def standing_in(programme: Programme) -> QuerySet[Excerpt]:
    """For what asks whether anything is left, and shows no word: consent standing, and the words
    still in the text."""
    return standing(Excerpt.objects.filter(version__text__programme=programme))


def doubtful_in(*versions: TextVersion) -> QuerySet[Excerpt]:
    """For what says that words changed, and shows none of them."""
    return Excerpt.objects.filter(Excerpt.DOUBTFUL, version__in=versions).order_by()


def rested_on(
    chosen: Sequence[Excerpt],
    present: Sequence[Excerpt],
    *,
    programme: Programme,
    actor: User | None,
) -> list[Excerpt]:
    """What a page rests on once its writer chose `chosen` instead of `present`.

    A writer chooses among what they read, so that nobody quotes what was not told to them; what
    a colleague chose and they do not read stays, after the rest. Raises `Refusal`.
    """
    everything = standing_in(programme)
    readable = excerpts_for(actor, programme) if actor else everything
    keys = list(dict.fromkeys(row.pk for row in chosen))
    mine = set(readable.filter(pk__in=keys).values_list("pk", flat=True))
    if mine != set(keys):
        raise Refusal("Un des passages n’est pas de ce programme, ou ne vous est pas ouvert.")
    before = [row.pk for row in present if row.pk not in mine]
    hidden = everything.filter(pk__in=before).exclude(pk__in=readable.order_by().values("pk"))
    kept = set(hidden.values_list("pk", flat=True))
    found = {row.pk: row for row in (*chosen, *present)}
    return [found[key] for key in (*keys, *(key for key in before if key in kept))]
