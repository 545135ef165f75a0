"""A sitting to test with: three members, missions before the committee."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from capitalisation.committee.session_models import AgendaItem, CommitteeSession, QuorumKind
from capitalisation.committee.session_planning import plan_session
from capitalisation.committee.session_sitting import close_roll, note_presence, open_session
from explor import clock
from explor.accounts.models import User
from missions.dossier.models import Mission
from tests.factories import World, make_person


@dataclass
class Held:
    world: World
    session: CommitteeSession
    members: list[User]
    missions: list[Mission]

    @property
    def items(self) -> list[AgendaItem]:
        return list(self.session.items.select_related("mission").order_by("position"))

    def item(self, number: int = 0) -> AgendaItem:
        return self.items[number]

    def rolled(self, number: int = 0) -> AgendaItem:
        return close_roll(self.item(number), actor=self.world.coordinator)


def hold(world: World, *, missions: int = 1, here: int = 2, **fields: Any) -> Held:
    """An open sitting of three members, `here` of them present, two needed."""
    members = [world.committee, *(make_person(world.network, "committee") for _ in range(2))]
    asked = [world.mission("committee") for _ in range(missions)]
    session = plan(world, **fields)
    session = open_session(session, actor=world.coordinator)
    presence = {person.pk: "present" for person in members[:here]}
    session = note_presence(session, presence, actor=world.coordinator)
    return Held(world, session, members, asked)


def plan(world: World, **fields: Any) -> CommitteeSession:
    words: dict[str, Any] = {
        "starts_at": clock.now(),
        "token": uuid4(),
        "secretary": world.coordinator,
        "quorum_kind": QuorumKind.SHARE,
        "quorum_value": 50,
        "actor": world.coordinator,
    }
    return plan_session(world.programme, **{**words, **fields})
