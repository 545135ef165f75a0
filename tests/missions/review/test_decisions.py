from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from explor import clock
from explor.accounts.models import User
from explor.notifications.models import Notice
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.funding.models import Envelope
from missions.lifecycle import Kind
from missions.review.decision_actions import Votes, decide, record_decision, send_back
from missions.review.decision_models import Decision
from missions.review.decision_queries import decision_of
from missions.review.letter_actions import approve_letter, send_letter
from missions.review.letter_models import DecisionLetter
from missions.review.letter_queries import letter_in_force
from tests.factories import World, make_person, make_world
from tests.missions.request.test_actions import in_threads


def envelope(world: World, amount: str = "5000") -> Envelope:
    return Envelope.objects.create(
        programme=world.programme,
        territory=world.territory,
        year=clock.today().year,
        amount=Decimal(amount),
    )


def yes(mission: Mission, actor: User | None, amount: str = "0", **changes: Any) -> Mission:
    words: dict[str, Any] = {"outcome": "accepted", "reason": "Besoin clair", "conditions": ""}
    return decide(mission, actor=actor, amount=Decimal(amount), **{**words, **changes})


def test_deciding_moves_the_mission_and_tells_the_team_only(world: World) -> None:
    mission = yes(world.mission("committee"), world.committee)
    assert mission.state == "matching"
    assert mission.decided_at is not None
    assert Notice.objects.filter(recipient=world.coordinator).count() == 1
    assert not Notice.objects.filter(recipient=world.osim).exists()
    row = mission.milestones.get(kind=Kind.DECISION)
    assert (row.note, row.outcome) == ("Retenue", "accepted")


def test_declining_moves_to_declined(world: World) -> None:
    mission = yes(world.mission("committee"), world.committee, outcome="declined")
    assert mission.state == "declined"


@pytest.mark.parametrize("role", ["osim", "coordinator", "researcher", "administrator"])
def test_deciding_is_refused_to_others_and_writes_nothing(world: World, role: str) -> None:
    mission = world.mission("committee")
    with pytest.raises(PermissionDenied):
        yes(mission, world.person(role))
    assert Decision.objects.count() == 0


def test_administration_records_without_moving(world: World) -> None:
    mission = world.mission("committee")
    record_decision(mission, outcome="accepted", reason="Noté en séance", actor=world.administrator)
    mission.refresh_from_db()
    assert mission.state == "committee"
    assert advance(mission, "accept", actor=world.committee).state == "matching"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "motif"),
        ({"outcome": "perhaps"}, "n’existe pas"),
        ({"amount": "-1"}, "négatif"),
        ({"outcome": "declined", "amount": "10"}, "n’engage aucun montant"),
        ({"amount": "10"}, "Aucune enveloppe"),
    ],
)
def test_decision_refuses_nonsense(world: World, changes: dict[str, str], words: str) -> None:
    mission = world.mission("committee")
    with pytest.raises(Refusal, match=words):
        yes(mission, world.committee, **changes)
    mission.refresh_from_db()
    assert mission.state == "committee"


def test_decision_is_refused_before_the_committee(world: World) -> None:
    with pytest.raises(Refusal, match="n’attend pas de décision"):
        yes(world.mission("review"), world.committee)


def test_new_decision_replaces_the_former_which_stays(world: World) -> None:
    mission = world.mission("committee")
    for outcome in ("declined", "accepted"):
        record_decision(mission, outcome=outcome, reason="Vu", actor=world.committee)
    assert Decision.objects.filter(mission=mission).count() == 2
    found = decision_of(mission)
    assert found is not None and found.outcome == "accepted"


def test_commitments_stay_within_the_envelope(world: World) -> None:
    ours = envelope(world, "1500")
    yes(world.mission("committee"), world.committee, "1000")
    with pytest.raises(Refusal, match="il reste 500,00"):
        yes(world.mission("committee"), world.committee, "500.01")
    yes(world.mission("committee"), world.committee, "500")
    ours.refresh_from_db()
    assert (ours.committed, ours.left) == (Decimal(1500), Decimal(0))


def test_cancelled_mission_gives_its_amount_back(world: World) -> None:
    ours = envelope(world)
    mission = yes(world.mission("committee"), world.committee, "1000")
    letter = letter_in_force(mission)
    assert letter is not None
    approve_letter(letter, version=letter.version, actor=world.coordinator)
    send_letter(letter, actor=world.coordinator)
    mission.refresh_from_db()
    advance(mission, "cancel", actor=world.coordinator, reason="Insécurité")
    ours.refresh_from_db()
    assert ours.committed == 0


def test_same_token_decides_once(world: World) -> None:
    mission, token = world.mission("committee"), uuid4()
    first = yes(mission, world.committee, token=token)
    again = yes(mission, world.committee, token=token, reason="Un autre motif")
    assert (first.state, again.state) == ("matching", "matching")
    assert Decision.objects.get().reason == "Besoin clair"


def test_decision_keeps_votes_and_delegation(world: World) -> None:
    mission = world.mission("committee")
    yes(mission, world.committee, votes=Votes(3, 1, 0), delegation="Délégation du 3 mars")
    found = Decision.objects.get()
    assert (found.votes_for, found.votes_against, found.abstentions) == (3, 1, 0)
    assert found.delegation == "Délégation du 3 mars"


def test_decision_looked_at_again_replaces_amount_and_letter(world: World) -> None:
    ours, mission = envelope(world), world.mission("committee")
    yes(mission, world.committee, "1000")
    advance(mission, "reconsider", actor=world.committee, reason="Le budget a baissé")
    assert yes(mission, world.committee, "400", reason="Budget revu").state == "matching"
    ours.refresh_from_db()
    assert ours.committed == Decimal(400)
    assert [row.replaced for row in Decision.objects.order_by("pk")] == [True, False]
    states = DecisionLetter.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "draft"]


def test_dossier_sent_back_sets_its_decision_aside(world: World) -> None:
    ours, mission = envelope(world), world.mission("committee")
    record_decision(
        mission, outcome="accepted", reason="Noté", amount=Decimal(500), actor=world.administrator
    )
    send_back(mission, reason="Le partenaire a changé", actor=world.committee)
    mission.refresh_from_db()
    assert (mission.state, mission.decided_at) == ("review", None)
    assert decision_of(mission) is None
    assert mission.milestones.get(kind=Kind.DECISION).done_on is None
    ours.refresh_from_db()
    assert ours.committed == 0
    with pytest.raises(PermissionDenied):
        send_back(world.mission("committee"), reason="x", actor=world.coordinator)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_make_one_and_respect_the_envelope() -> None:
    """One mission decided twice, then two missions for one envelope: real connections."""
    world = make_world()
    second = make_person(world.network, "committee")
    ours = envelope(world, "1500")
    one = world.mission("committee")
    people = iter([world.committee, second])
    answers = in_threads(lambda: yes(one, next(people), "100").state)
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert Decision.objects.filter(mission=one).count() == 1
    missions = iter([world.mission("committee"), world.mission("committee")])
    answers = in_threads(lambda: yes(next(missions), world.committee, "1000").state)
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    ours.refresh_from_db()
    assert ours.committed == Decimal(1100)
