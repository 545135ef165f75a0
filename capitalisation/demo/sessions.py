"""The sittings in which the demonstration's decisions were taken, and the one to come."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from capitalisation.committee.minutes_actions import add_task, approve_minutes, save_minutes
from capitalisation.committee.session_deciding import decide_item
from capitalisation.committee.session_models import CommitteeSession, Presence, VoteChoice
from capitalisation.committee.session_planning import add_to_agenda, convene, plan_session
from capitalisation.committee.session_queries import committee_members
from capitalisation.committee.session_sitting import (
    cast_vote,
    close_roll,
    close_session,
    note_presence,
    open_session,
)
from explor import clock
from explor.accounts.models import User
from missions.demo.cast import Cast
from missions.demo.data import token_of
from missions.demo.life import Life, at_hour
from missions.dossier.models import Mission
from missions.lifecycle import State

#: Days from today to the sitting to come.
NEXT_IN = timedelta(days=9)
REMARKS = (
    "Le comité rappelle que le partenaire sur place est consulté avant tout changement de dates. "
    "Il remercie les associations de la clarté des dossiers."
)


def decide_in_session(life: Life, day: date, words: dict[str, Any]) -> None:
    """Look at the mission in the sitting of that day, held for it when there is none yet."""
    mission = life.fresh()
    with clock.at(at_hour(day, 14)):
        session = _sitting_of(life, day)
    with clock.at(at_hour(day, 15)):
        if not session.items.filter(mission=mission).exists():
            add_to_agenda(session, mission, actor=life.coordinator)
        item = session.items.get(mission=mission)
        close_roll(item, actor=session.secretary)
        chair = life.cast.people["committee"]
        favourable = words["outcome"] == "accepted"
        for person in _there(session):
            choice = VoteChoice.FOR if favourable else VoteChoice.AGAINST
            cast_vote(item, choice, person=person, actor=session.secretary)
        decide_item(item, actor=chair, **words)


def _sitting_of(life: Life, day: date) -> CommitteeSession:
    token = token_of("session", day.isoformat())
    session = CommitteeSession.objects.filter(token=token).first()
    if session is not None:
        return session
    session = plan_session(
        life.cast.programme,
        starts_at=at_hour(day, 14),
        token=token,
        place="Salle de l’Exemple",
        chair=life.cast.people["committee"],
        secretary=life.coordinator,
        actor=life.coordinator,
    )
    session = open_session(session, actor=life.coordinator)
    members = committee_members(life.cast.programme)
    here = {person.pk: str(Presence.PRESENT) for person in members}
    last = members[-1]
    here[last.pk] = str(Presence.EXCUSED if session.number % 2 else Presence.REMOTE)
    here[life.cast.people["committee"].pk] = str(Presence.PRESENT)
    return note_presence(session, here, actor=life.coordinator)


def _there(session: CommitteeSession) -> list[User]:
    return [row.user for row in session.attendances.select_related("user") if row.is_here]


def finish(cast: Cast, today: date) -> None:
    """Close the sittings held, approve their minutes, call the next one."""
    for session in CommitteeSession.objects.filter(state="open").order_by("starts_at"):
        _close(session, cast)
    _plan_next(cast, today)


def _close(session: CommitteeSession, cast: Cast) -> None:
    secretary, day = session.secretary, clock.local_day(session.starts_at)
    assert secretary is not None
    with clock.at(at_hour(day, 16)):
        add_task(
            session,
            text="Écrire aux associations dont la mission a été examinée",
            who=str(secretary),
            due_on=day + timedelta(days=7),
            token=token_of("task", day.isoformat()),
            actor=secretary,
        )
        minutes = close_session(session, actor=secretary)
        minutes = save_minutes(minutes, remarks=REMARKS, version=1, actor=secretary)
    with clock.at(at_hour(day, 18)):
        approve_minutes(minutes, version=minutes.version, actor=cast.people["committee"])


def _plan_next(cast: Cast, today: date) -> None:
    """With what waits for the committee, convened by the coordination."""
    if not Mission.objects.filter(programme=cast.programme, state=State.COMMITTEE).exists():
        return
    day, who = today + NEXT_IN, cast.people["coordinator"]
    with _yesterday(today):
        session = plan_session(
            cast.programme,
            starts_at=at_hour(day, 14),
            token=token_of("session", "next"),
            place="Salle de l’Exemple",
            video_url="https://visio.example/comite",
            chair=cast.people["committee"],
            secretary=who,
            actor=who,
        )
        convene(session, actor=who)


@contextmanager
def _yesterday(today: date) -> Iterator[None]:
    with clock.at(at_hour(today - timedelta(days=1), 10)):
        yield
