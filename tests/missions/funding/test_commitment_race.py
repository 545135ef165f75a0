"""Twenty decisions of the same moment, each on its own connection."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.funding.commitments import commit
from missions.funding.models import Commitment, Envelope
from tests.factories import make_world

DECISIONS = 20
YEAR = 2026


@pytest.mark.django_db(transaction=True)
def test_twenty_decisions_at_once_never_pass_over_the_envelope() -> None:
    world = make_world()
    envelope = Envelope.objects.create(
        programme=world.programme, territory=world.territory, year=YEAR, amount=10_000
    )
    missions = [world.mission("committee") for _ in range(DECISIONS)]
    start = Barrier(DECISIONS)

    def decide(mission: Mission) -> bool:
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            commit(mission, Decimal(1000), year=YEAR, actor=None)
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(DECISIONS) as pool:
        passed = list(pool.map(decide, missions))

    envelope.refresh_from_db()
    assert (sum(passed), envelope.committed, envelope.left) == (10, 10_000, 0)
    assert Commitment.objects.count() == 10
