"""Go on with the missions that left: interviews, reports, coding, publications, committee."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from capitalisation.committee.models import CommitteeMonth
from capitalisation.demo import publishing, reading, sessions
from capitalisation.demo.hearing import Testimony, all_testimonies, hear, plan_some
from capitalisation.demo.reporting import begin, report
from explor import clock
from missions.demo import life as steps
from missions.demo.data import read
from missions.demo.life import INTERVIEWS_AFTER, NOT_IN_SAMPLE, Life


@transaction.atomic
def load(lives: Sequence[Life], today: date | None = None) -> None:
    """Everything or nothing; a second time writes nothing.

    `lives` are those of `missions.demo.load.load()`.
    """
    today = today or clock.today()
    by_key = {life.row["key"]: life for life in lives}
    cast = lives[0].cast
    if CommitteeMonth.objects.filter(programme=cast.programme).exists():
        return
    reading.open_tools(cast)
    reading.hide_names(by_key)
    rows, reports = all_testimonies(), read("reports", reading.HERE)
    for life in lives:
        _go(life, rows, reports.get(life.row["key"]))
    plan_some(by_key)
    workshop = reading.hold_the_workshop(cast)
    excerpts = reading.code_everything(cast, workshop)
    publishing.write_focuses(cast, excerpts)
    publishing.write_practices(cast, excerpts)
    publishing.make_booklets(cast, today)
    publishing.freeze_months(cast, today)
    sessions.finish(cast, today)


def _go(life: Life, rows: Sequence[Testimony], written: dict[str, Any] | None) -> None:
    """From the departure to the last follow-up, as far as the days of the data go."""
    if life.day("departs") is None or life.day("cancel") is not None:
        return
    hear(life, rows, "before")
    if not steps.leave(life) or not steps.come_back(life) or written is None:
        return
    if written.get("draft"):
        begin(life, written)
        return
    if not report(life, written):
        return
    hear(life, rows, "after")
    if (day := life.day("sheet")) is None:
        return
    because = life.row.get("waived_because", NOT_IN_SAMPLE)
    steps.waive_interviews(life, INTERVIEWS_AFTER, because, day - timedelta(days=2))
    steps.publish_sheet(life, life.cast.people["researcher"])
    steps.follow_up(life)
