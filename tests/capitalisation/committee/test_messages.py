from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from capitalisation.committee.agenda import sittings
from capitalisation.committee.figures import Period
from capitalisation.committee.messages import message_figures, working_days_before
from capitalisation.committee.session_models import CommitteeSession, SessionState
from explor import clock
from explor.notifications.agenda import AgendaEvent
from missions.review.agenda import opinions
from missions.review.opinion_models import Opinion
from missions.threads.models import ThreadKind
from tests.factories import World
from tests.missions.threads.test_threads import say

THURSDAY = date(2026, 3, 26)


def unanswered(world: World) -> list[str]:
    [figure] = message_figures(world.programme, Period.of(date(2026, 3, 1)))
    return [row["reference"] for row in figure.rows]


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2026, 3, 31), date(2026, 3, 24)), (date(2026, 3, 30), date(2026, 3, 23))],
)
def test_working_days_leave_week_ends_out(day: date, before: date) -> None:
    assert working_days_before(day, 5) == before


def test_last_word_of_the_association_waits_after_five_working_days(world: World) -> None:
    old, recent, answered = (world.mission("preparation") for _ in range(3))
    for mission, day in ((old, 20), (recent, 25), (answered, 10)):
        with clock.at(date(2026, 3, day)):
            say(mission, world.osim)
    with clock.at(date(2026, 3, 12)):
        say(answered, world.coordinator)
        say(old, world.coordinator, kind=ThreadKind.TEAM)
    with clock.at(THURSDAY + timedelta(days=5)):
        assert unanswered(world) == [old.reference]
    with clock.at(date(2026, 4, 20)):
        say(old, world.coordinator)
        # a month that is over is seen as it was
        assert unanswered(world) == [old.reference]


def test_sittings_are_in_the_diary_of_who_reads_them(world: World) -> None:
    at = timezone.make_aware(datetime(2026, 4, 2, 14))
    session = CommitteeSession.objects.create(
        token=uuid4(), programme=world.programme, year=2026, number=3, starts_at=at, place="Lille"
    )
    span = (at.date() - timedelta(days=9), at.date() + timedelta(days=9))
    [event] = sittings(world.committee, *span)
    assert event == AgendaEvent(
        f"seance:{session.uuid}",
        "Comité de pilotage · Séance 3 de 2026",
        at,
        at + timedelta(hours=2),
        "Lille",
        session.get_absolute_url(),
    )
    assert list(sittings(world.osim, *span)) == []
    assert list(sittings(world.stranger, *span)) == []
    session.state = SessionState.CANCELLED
    session.save()
    assert list(sittings(world.committee, *span)) == []


def test_opinion_is_in_the_diary_of_who_is_asked(world: World) -> None:
    today = clock.today()
    Opinion.objects.create(
        mission=world.mission("review"),
        person=world.other_coordinator,
        asked_by=world.coordinator,
        asked_at=clock.now(),
        due_on=today,
    )
    span = (today, today + timedelta(days=9))
    assert [event.starts for event in opinions(world.other_coordinator, *span)] == [today]
    assert list(opinions(world.coordinator, *span)) == []
