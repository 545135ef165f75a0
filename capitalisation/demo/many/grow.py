"""Fill a programme with missions: everything or nothing, the same for the same seed and day."""

from collections.abc import Callable
from random import Random

from django.db import connection, transaction

from capitalisation.coding.models import Coding
from capitalisation.demo.many.course import SHARES, course
from capitalisation.demo.many.missions import Maker
from capitalisation.demo.many.people import YEARS, gather
from capitalisation.demo.many.rows import Rows
from capitalisation.demo.many.testimony import Witness
from explor import clock
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.lifecycle import State

#: Missions written at a time.
BATCH = 250


@transaction.atomic
def grow(
    slug: str, count: int, *, seed: int, tell: Callable[[int], None] = lambda done: None
) -> dict[str, int]:
    """`count` missions in the programme `slug`, opened if need be; returns what was written.

    No action is called: no mail, no notice, no permission. The association, the volunteer and
    the network of `people.address` hold the first sixteen missions, one in each state.
    Raises `Refusal` when the programme has missions already: they may be somebody's.
    """
    if Mission.objects.filter(programme__slug=slug).exists():
        raise Refusal(f"Le programme « {slug} » a déjà des missions : rien n’a été ajouté.")
    draw, now, today = Random(f"{slug}:{seed}"), clock.now(), clock.today()  # noqa: S311
    rows = Rows(draw, now)
    people = gather(slug, count, rows=rows, draw=draw, today=today)
    maker = Maker(people, rows, draw, today)
    witness = Witness(maker)
    states = list(State)
    for number in range(count):
        first = number < len(states)
        state = states[number] if first else draw.choices(states, _weights(states))[0]
        osim = 0 if first else 1 + number % (len(people.osims) - 1)
        # the first territory and volunteer come round every so many: the first missions too
        place = number * len(people.volunteers) * len(people.territories) if first else number
        made = maker.mission(
            number + 1, course(state, now=now, draw=draw, years=YEARS), osim, place=place
        )
        witness.hear(made)
        if number % BATCH == BATCH - 1:
            rows.flush()
            tell(number + 1)
    rows.flush()
    _analyse()
    written = {str(model._meta.verbose_name_plural): n for model, n in rows.written.items()}
    return {"missions": rows.written[Mission], "codings": rows.written.get(Coding, 0), **written}


def _weights(states: list[State]) -> list[int]:
    return [SHARES[state] for state in states]


def _analyse() -> None:
    """PostgreSQL would plan with the figures of empty tables until its own round."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
