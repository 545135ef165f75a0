from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.journal.queries import history
from missions.dossier.models import Mission
from missions.funding.models import Envelope
from missions.review.decision_actions import record_decision
from missions.review.decision_models import Decision
from tests.factories import World
from tests.missions.review.test_decisions import yes

AsRole = Callable[[str], Client]
TYPED = {
    "token": "8a1f6c1e-1111-4c4c-9a9a-000000000001",
    "outcome": "accepted",
    "reason": "Besoin clair",
    "delegation": "Réunion du 3 mars, sur papier",
}


def decision_page(mission: Mission) -> str:
    return reverse("mission_decision", args=[mission.reference])


def test_committee_decides_from_the_page(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    Envelope.objects.create(
        programme=world.programme,
        territory=world.territory,
        year=clock.today().year,
        amount=Decimal(5000),
    )
    client = as_role("committee")
    assert "il reste 5\u202f000,00\u00a0€" in client.get(decision_page(mission)).text
    posted = {**TYPED, "amount": "1 200,50"}
    assert client.post(decision_page(mission), posted).status_code == 302
    mission.refresh_from_db()
    assert mission.state == "matching"
    assert Decision.objects.get().amount == Decimal("1200.50")
    client.post(decision_page(mission), posted)
    assert Decision.objects.count() == 1


def test_decision_over_the_envelope_keeps_the_words_typed(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    posted = {**TYPED, "reason": "Un motif tapé", "amount": "10"}
    page = as_role("committee").post(decision_page(mission), posted).text
    assert "Aucune enveloppe" in page and "Un motif tapé" in page


@pytest.mark.parametrize("role", ["coordinator", "other_coordinator"])
def test_coordination_does_not_decide(as_role: AsRole, world: World, role: str) -> None:
    mission = world.mission("committee")
    posted = {"outcome": "accepted", "reason": "x"}
    assert as_role(role).post(decision_page(mission), posted).status_code == 403


def test_association_reads_the_decision_once_it_is_effective(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    record_decision(mission, outcome="accepted", reason="Un vrai besoin", actor=world.administrator)
    before = as_role("osim").get(decision_page(mission)).text
    assert "pas encore prononcé" in before and "Un vrai besoin" not in before
    yes(mission, world.committee, reason="Un vrai besoin")
    # nothing differs before the letter
    assert as_role("osim").get(decision_page(mission)).text.count("pas encore prononcé") == (
        before.count("pas encore prononcé")
    )
    Mission.objects.filter(pk=mission.pk).update(decision_told_at=clock.now())
    assert "Un vrai besoin" in as_role("osim").get(decision_page(mission)).text
    assert as_role("other_osim").get(decision_page(mission)).status_code == 404


def test_history_keeps_the_acts_of_the_team_within_the_team(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    record_decision(
        mission, outcome="declined", reason="Motif pas encore dit", actor=world.administrator
    )
    url = reverse("mission_history", args=[mission.reference])
    assert "Motif pas encore dit" in as_role("coordinator").get(url).text
    assert "Motif pas encore dit" not in as_role("osim").get(url).text


def test_forbidden_decision_is_refused_and_written_in_the_history(
    as_role: AsRole, world: World
) -> None:
    mission = world.mission("committee")
    assert as_role("coordinator").post(decision_page(mission), TYPED).status_code == 403
    refused = history(mission.stream).get(verb="missions.refused")
    assert refused.actor == world.coordinator
    step = reverse("mission_step", args=[mission.reference, "accept"])
    assert as_role("coordinator").post(step).status_code == 403
    assert history(mission.stream).filter(verb="missions.refused").count() == 2
    assert Decision.objects.count() == 0


def test_adjournment_asks_for_a_reason_only(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    posted = {**TYPED, "outcome": "returned", "delegation": "", "reason": "Budget à revoir"}
    assert as_role("committee").post(decision_page(mission), posted).status_code == 302
    mission.refresh_from_db()
    assert mission.state == "review"


def test_decision_outside_a_sitting_says_why(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    answer = as_role("committee").post(decision_page(mission), {**TYPED, "delegation": ""})
    assert answer.status_code == 422
    assert "hors séance" in answer.text
    assert Decision.objects.count() == 0
