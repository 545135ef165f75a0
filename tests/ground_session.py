"""A decision with its letter, a sitting in each state: for the matrix of addresses."""

from functools import cache
from uuid import UUID, uuid4

from capitalisation.committee.session_models import CommitteeSession
from capitalisation.committee.session_planning import plan_session
from capitalisation.committee.session_sitting import (
    close_roll,
    close_session,
    note_presence,
    open_session,
)
from explor import clock
from missions.dossier.models import Mission
from missions.review.decision_models import Decision, DecisionOutcome
from missions.review.letter_writing import draft_letter
from tests.ground import Ground


def decided(ground: Ground) -> str:
    """The page of a decision whose letter waits."""
    mission = ground.mission("matching")
    if not Decision.objects.filter(mission=mission).exists():
        Mission.objects.filter(pk=mission.pk).update(decided_at=clock.now())
        decision = Decision.objects.create(
            mission=mission,
            outcome=DecisionOutcome.ACCEPTED,
            reason="Besoin clair",
            decided_at=clock.now(),
        )
        draft_letter(decision, actor=None)
    return f"/missions/{mission.reference}/decision/"


def sitting(ground: Ground, state: str = "planned") -> str:
    """The page of a sitting in `state`, with the mission before the committee on its agenda."""
    return f"/comite/seances/{_sitting(ground, state).uuid}/"


def point(ground: Ground) -> str:
    """The page of the mission in an open sitting, its roll made."""
    session = _sitting(ground, "open")
    item = session.items.get()
    if item.rolled_at is None:
        close_roll(item, actor=None)
    return f"/comite/seances/{session.uuid}/points/{item.pk}/"


def _sitting(ground: Ground, state: str) -> CommitteeSession:
    token = _token(state)
    found = CommitteeSession.objects.filter(token=token).first()
    if found is not None:
        return found
    if state != "closed":
        ground.mission("committee")
    session = plan_session(ground.world.programme, starts_at=clock.now(), token=token, actor=None)
    if state != "planned":
        session = open_session(session, actor=None)
        note_presence(session, {ground.world.committee.pk: "present"}, actor=None)
    if state == "closed":
        close_session(session, actor=None)
    return session


@cache
def _token(state: str) -> UUID:
    return uuid4()
