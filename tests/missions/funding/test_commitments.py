from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from explor import clock
from explor.journal.models import Entry
from explor.ui.errors import Refusal
from missions.dossier.actions import advance, put_in_state
from missions.dossier.models import Mission
from missions.funding.commitments import commit, release
from missions.funding.instalments import pay_instalment, plan_instalment
from missions.funding.models import Commitment, Envelope, Instalment
from missions.funding.queries import envelope_and_left
from tests.factories import World

YEAR = 2026


@pytest.fixture
def envelope(world: World) -> Envelope:
    return open_one(world, YEAR)


def open_one(world: World, year: int, amount: str = "5000") -> Envelope:
    return Envelope.objects.create(
        programme=world.programme, territory=world.territory, year=year, amount=amount
    )


def taken(envelope: Envelope) -> Decimal:
    envelope.refresh_from_db()
    return envelope.committed


def engage(mission: Mission, amount: str, year: int = YEAR) -> Commitment | None:
    return commit(mission, Decimal(amount), year=year, actor=None)


def pay(mission: Mission, amount: str) -> Instalment:
    instalment = plan_instalment(
        mission, label="Acompte", due_on=clock.today(), amount=Decimal(amount), actor=None
    )
    return pay_instalment(instalment, paid_on=clock.today(), reference="VIR-1", actor=None)


def test_commitment_is_taken_from_the_envelope_of_the_year(
    world: World, envelope: Envelope
) -> None:
    mission = world.mission("committee")
    row = commit(mission, Decimal(1200), year=YEAR, actor=world.committee, decision="comité de mai")
    assert row is not None
    assert (row.drawn, row.decision, taken(envelope)) == (1200, "comité de mai", 1200)
    assert envelope_and_left(mission, YEAR) == (envelope, 5000)
    assert envelope_and_left(world.mission("committee"), YEAR)[1] == 3800
    assert Entry.objects.filter(stream=mission.stream, verb="funding.commit").exists()


def test_decision_that_replaces_another_takes_the_difference_only(
    world: World, envelope: Envelope
) -> None:
    mission = world.mission("committee")
    engage(mission, "3000")
    engage(mission, "5000")
    assert (taken(envelope), mission.commitments.count()) == (5000, 1)


def test_decision_of_another_year_gives_back_the_former_envelope(
    world: World, envelope: Envelope
) -> None:
    following = open_one(world, YEAR + 1)
    mission = world.mission("committee")
    engage(mission, "3000")
    pay(mission, "400")
    engage(mission, "2000", YEAR + 1)
    assert (taken(envelope), taken(following)) == (400, 2000)


def test_nothing_is_committed_over_the_envelope(world: World, envelope: Envelope) -> None:
    engage(world.mission("committee"), "4000")
    with pytest.raises(Refusal) as refused:
        engage(world.mission("committee"), "1000.01")
    assert "il reste 1\u202f000,00\u00a0€" in refused.value.reason
    assert taken(envelope) == 4000


def test_no_envelope_no_commitment(world: World, envelope: Envelope) -> None:
    elsewhere = world.mission("committee", territory=world.other_territory)
    with pytest.raises(Refusal, match="Aucune enveloppe"):
        engage(elsewhere, "1")
    with pytest.raises(Refusal, match="Aucune enveloppe"):
        engage(world.mission("committee"), "1", YEAR - 1)


@pytest.mark.parametrize("role", ["osim", "volunteer", "coordinator", "researcher", "stranger"])
def test_who_does_not_decide_commits_and_releases_nothing(
    world: World, envelope: Envelope, role: str
) -> None:
    mission = world.mission("committee")
    with pytest.raises(PermissionDenied):
        commit(mission, Decimal(1), year=YEAR, actor=world.person(role))
    engage(mission, "10")
    with pytest.raises(PermissionDenied):
        release(mission, actor=world.person(role))
    assert taken(envelope) == 10


def test_decision_without_amount_gives_back(world: World, envelope: Envelope) -> None:
    mission = world.mission("committee")
    engage(mission, "3000")
    assert engage(mission, "0") is None
    assert taken(envelope) == 0
    assert release(mission, actor=None) is None


def test_cancelled_mission_gives_back_all_but_what_was_paid(
    world: World, envelope: Envelope
) -> None:
    mission = world.mission("matching")
    engage(mission, "3000")
    pay(mission, "800")
    later = plan_instalment(
        mission, label="Solde", due_on=clock.today(), amount=Decimal(2200), actor=None
    )
    advance(mission, "cancel", actor=world.coordinator, reason="Route fermée.")
    later.refresh_from_db()
    assert (taken(envelope), later.state) == (800, "cancelled")


def test_mission_put_back_by_hand_takes_its_amount_again(world: World, envelope: Envelope) -> None:
    mission = world.mission("matching")
    engage(mission, "3000")
    put_in_state(mission, "cancelled", actor=world.coordinator, reason="Erreur.")
    assert taken(envelope) == 0
    put_in_state(mission, "matching", actor=world.coordinator, reason="Erreur réparée.")
    assert taken(envelope) == 3000


def test_mission_is_not_put_back_once_the_envelope_went_to_others(
    world: World, envelope: Envelope
) -> None:
    mission = world.mission("matching")
    engage(mission, "3000")
    put_in_state(mission, "cancelled", actor=world.coordinator, reason="Erreur.")
    engage(world.mission("committee"), "2500")
    with pytest.raises(Refusal, match="ne le permet pas"):
        put_in_state(mission, "matching", actor=world.coordinator, reason="Erreur réparée.")
    mission.refresh_from_db()
    assert mission.state == "cancelled"


def test_decision_is_not_lowered_under_what_is_scheduled(world: World, envelope: Envelope) -> None:
    mission = world.mission("matching")
    engage(mission, "3000")
    pay(mission, "800")
    with pytest.raises(Refusal, match="échéancier prévoit déjà 800,00"):
        engage(mission, "799.99")
    engage(mission, "800")
    assert taken(envelope) == 800


@pytest.mark.parametrize(
    ("table", "values", "constraint"),
    [
        (Envelope, {"amount": "999.99"}, "envelope_not_exceeded"),
        (Envelope, {"committed": "5000.01"}, "envelope_not_exceeded"),
        (Commitment, {"drawn": "1"}, "commitment_drawn"),
        (Commitment, {"amount": "5000.01", "drawn": "5000.01"}, "envelope_not_exceeded"),
        (Instalment, {"amount": "1000.01"}, "commitment_not_exceeded"),
        (Instalment, {"state": "paid"}, "instalment_paid_whole"),
    ],
)
def test_database_itself_refuses(
    world: World, envelope: Envelope, table: type, values: dict[str, str], constraint: str
) -> None:
    mission = world.mission("matching")
    engage(mission, "1000")
    plan_instalment(mission, label="Tout", due_on=clock.today(), amount=Decimal(1000), actor=None)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        table.objects.update(**values)  # type: ignore[attr-defined]


def test_total_follows_a_mission_that_is_deleted(world: World, envelope: Envelope) -> None:
    mission = world.mission("committee")
    engage(mission, "3000")
    Commitment.objects.filter(mission=mission).delete()
    assert taken(envelope) == 0
