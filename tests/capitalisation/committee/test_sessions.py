from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.committee.session_deciding import decide_item, defer_item
from capitalisation.committee.session_models import (
    AgendaItem,
    CommitteeSession,
    ItemResult,
    SessionState,
    SessionVote,
)
from capitalisation.committee.session_planning import (
    add_to_agenda,
    cancel_session,
    change_session,
    convene,
    move_item,
    take_off_agenda,
)
from capitalisation.committee.session_queries import Sitting, agenda_for, roll_of
from capitalisation.committee.session_sitting import (
    cast_vote,
    close_roll,
    close_session,
    count_votes,
    note_presence,
    open_session,
    stand_aside,
)
from explor.journal.queries import history
from explor.notifications.models import Notice
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import Mission
from missions.review.decision_models import Decision
from tests.capitalisation.committee.sitting import Held, hold, plan
from tests.factories import World, make_person, make_world
from tests.missions.request.test_actions import in_threads
from tests.missions.review.test_decisions import envelope


def decide(held: Held, number: int = 0, **changes: Any) -> AgendaItem:
    words: dict[str, Any] = {"outcome": "accepted", "reason": "Besoin clair"}
    actor = changes.pop("actor", held.world.committee)
    return decide_item(held.item(number), actor=actor, **{**words, **changes})


def test_planned_sitting_calls_members_and_takes_what_waits(world: World) -> None:
    mission, token = world.mission("committee"), uuid4()
    world.mission("review")
    session = plan(world, token=token)
    assert [item.mission for item in session.items.all()] == [mission]
    assert [row.user for row in session.attendances.all()] == [world.committee]
    assert (session.number, plan(world, token=token).pk) == (1, session.pk)
    assert plan(world).items.count() == 0


@pytest.mark.parametrize("role", ["osim", "researcher", "committee", "stranger"])
def test_planning_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        plan(world, actor=world.person(role))


def test_agenda_is_ordered_by_hand(world: World) -> None:
    first, second = world.mission("committee"), world.mission("committee")
    session = plan(world)
    move_item(session.items.get(mission=second), up=True, actor=world.coordinator)
    assert [item.mission for item in session.items.order_by("position")] == [second, first]
    take_off_agenda(session.items.get(mission=first), actor=world.coordinator)
    add_to_agenda(session, first, actor=world.administrator)
    assert [item.mission for item in session.items.order_by("position")] == [second, first]
    for refused in (second, world.mission("review")):
        with pytest.raises(Refusal):
            add_to_agenda(session, refused, actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        add_to_agenda(session, first, actor=world.committee)


def test_change_refuses_a_stale_version(world: World) -> None:
    session = plan(world)
    change_session(session, version=1, place="Lille", actor=world.coordinator)
    with pytest.raises(Stale):
        change_session(session, version=1, place="Nantes", actor=world.administrator)


def test_convocation_hides_what_a_person_stood_aside_from(world: World) -> None:
    mission = world.mission("committee", title="Atelier de couture")
    other = make_person(world.network, "committee")
    mission.conflicts.create(user=other, nature="Bureau", declared_at=mission.created_at)
    convene(plan(world), actor=world.coordinator)
    shown = {n.recipient_id: "Atelier de couture" in n.text for n in Notice.objects.all()}
    assert shown == {world.committee.pk: True, other.pk: False}


def test_cancelled_sitting_gives_its_missions_back(world: World) -> None:
    world.mission("committee")
    cancel_session(plan(world), reason="Grève", actor=world.coordinator)
    assert plan(world).items.count() == 1


def test_presence_is_said_by_oneself_or_by_the_secretary(world: World) -> None:
    held = hold(world, here=0)
    second = held.members[1]
    note_presence(held.session, {second.pk: "remote"}, actor=second)
    with pytest.raises(PermissionDenied):
        note_presence(held.session, {world.committee.pk: "present"}, actor=second)
    note_presence(held.session, {world.committee.pk: "present"}, actor=world.coordinator)
    sitting = Sitting(held.session, roll_of(held.session))
    assert (sitting.here, sitting.needed, sitting.is_quorate) == (2, 2, True)


def test_decision_in_a_sitting_carries_its_votes(world: World) -> None:
    envelope(world)
    held = hold(world, missions=2)
    item = held.rolled()
    for person, choice in zip(held.members, ("for", "for"), strict=False):
        cast_vote(item, choice, actor=person)
    decided = decide(held, amount=Decimal(700), conditions="Un visa")
    assert decided.result == ItemResult.DECIDED
    assert decided.decision is not None
    assert (decided.decision.votes_for, decided.decision.votes_against) == (2, 0)
    assert (decided.quorum_met, decided.mission.decisions.count()) == (True, 1)
    held.session.refresh_from_db()
    assert held.session.current == held.item(1)
    assert Mission.objects.get(pk=decided.mission_id).state == "matching"
    assert history(held.session.stream).filter(verb="session.item").count() == 1


def test_decision_waits_for_the_roll_and_the_quorum(world: World) -> None:
    held = hold(world, here=1)
    with pytest.raises(Refusal, match="tour des conflits"):
        decide(held)
    held.rolled()
    with pytest.raises(Refusal, match="1 sur 2"):
        decide(held)
    decided = decide(held, delegation="Délégation du 3 mars")
    assert decided.decision is not None
    assert (decided.quorum_met, decided.decision.delegation) == (False, "Délégation du 3 mars")


def test_decision_follows_the_vote(world: World) -> None:
    held = hold(world)
    count_votes(held.rolled(), favourable=0, against=2, abstained=0, actor=world.coordinator)
    with pytest.raises(Refusal, match="vote est contraire"):
        decide(held)
    assert decide(held, outcome="declined").mission.decisions.get().votes_against == 2


def test_tie_declared_in_the_sitting_closes_the_mission(world: World) -> None:
    held = hold(world)
    member, item = held.members[1], held.rolled()
    cast_vote(item, "for", actor=member)
    stand_aside(item, nature="Ancienne salariée", actor=member)
    assert not SessionVote.objects.filter(user=member).exists()
    assert not Mission.objects.visible_to(member).exists()
    assert [row.is_out for row in agenda_for(held.session, member)] == [True]  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        cast_vote(item, "for", actor=member)
    with pytest.raises(PermissionDenied):
        decide(held, actor=member)
    with pytest.raises(Refusal, match="quorum"):
        decide(held)


def test_vote_is_of_those_who_are_there(world: World) -> None:
    held = hold(world)
    with pytest.raises(Refusal, match="tour des conflits"):
        cast_vote(held.item(), "for", actor=world.committee)
    item = held.rolled()
    with pytest.raises(Refusal, match="présente"):
        cast_vote(item, "for", actor=held.members[2])
    with pytest.raises(PermissionDenied):
        cast_vote(item, "for", person=held.members[1], actor=world.committee)
    vote = cast_vote(item, "for", person=held.members[1], actor=world.coordinator)
    assert cast_vote(item, "against", actor=held.members[1]).pk == vote.pk
    with pytest.raises(Refusal, match="nominatifs"):
        count_votes(item, favourable=1, against=0, abstained=0, actor=world.coordinator)


def test_absent_member_does_not_decide(world: World) -> None:
    held = hold(world)
    held.rolled()
    with pytest.raises(Refusal, match="présent"):
        decide(held, actor=held.members[2])


@pytest.mark.parametrize("role", ["osim", "coordinator", "researcher", "stranger"])
def test_deciding_in_a_sitting_is_refused_to_others(world: World, role: str) -> None:
    held = hold(world)
    held.rolled()
    with pytest.raises(PermissionDenied):
        decide(held, actor=world.person(role))
    assert Decision.objects.count() == 0


def test_administration_records_in_the_sitting_without_moving(world: World) -> None:
    held = hold(world)
    held.rolled()
    item = decide(held, actor=world.administrator)
    assert item.decision is not None
    assert Mission.objects.get(pk=item.mission_id).state == "committee"


def test_mission_is_sent_back_or_put_off(world: World) -> None:
    held = hold(world, missions=2)
    held.rolled()
    assert decide(held, outcome="returned").result == ItemResult.RETURNED
    assert Mission.objects.get(pk=held.missions[0].pk).state == "review"
    with pytest.raises(Refusal, match="raison"):
        defer_item(held.item(1), reason=" ", actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        defer_item(held.item(1), reason="Pas le temps", actor=held.members[1])
    defer_item(held.item(1), reason="Pas le temps", actor=world.coordinator)
    assert Mission.objects.get(pk=held.missions[1].pk).state == "committee"
    assert plan(world).items.get().mission == held.missions[1]


def test_sitting_is_closed_once_every_mission_has_an_issue(world: World) -> None:
    held = hold(world, missions=2)
    held.rolled()
    decide(held)
    with pytest.raises(Refusal, match="point 2"):
        close_session(held.session, actor=world.coordinator)
    Mission.objects.filter(pk=held.missions[1].pk).update(state="review")
    minutes = close_session(held.session, actor=world.coordinator)
    assert minutes.number.endswith("-PV01")
    assert held.item(1).result == ItemResult.ELSEWHERE
    with pytest.raises(Refusal, match="close"):
        open_session(held.session, actor=world.coordinator)


def test_committee_does_not_open_or_close_unless_it_leads(world: World) -> None:
    session = plan(world, chair=world.committee)
    second = make_person(world.network, "committee")
    with pytest.raises(PermissionDenied):
        open_session(session, actor=second)
    assert open_session(session, actor=world.committee).state == SessionState.OPEN


@pytest.mark.django_db(transaction=True)
def test_two_people_deciding_at_once_in_a_sitting_make_one_decision() -> None:
    """Real connections: the second finds the mission settled; the same token is the same act."""
    world = make_world()
    held = hold(world, missions=2)
    held.rolled()
    people = iter(held.members[:2])
    answers = in_threads(lambda: decide(held, actor=next(people)).result)
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert Decision.objects.count() == 1
    close_roll(held.item(1), actor=world.coordinator)
    token = uuid4()
    answers = in_threads(lambda: decide(held, 1, token=token).result)
    assert answers == [ItemResult.DECIDED, ItemResult.DECIDED]
    assert Decision.objects.count() == 2
    assert CommitteeSession.objects.get().version > 1
