"""Who stood aside from a mission conducts nothing of its point, though they keep the sitting."""

import pytest

from explor import clock
from missions.dossier.models import ConflictOfInterest
from tests.everything import signed_in
from tests.ground import make_ground
from tests.role_rows import ROWS
from tests.role_rows.kinds import Row

ACTS = {f"session_{act}" for act in ("goto", "roll", "vote", "count", "decide", "defer", "aside")}


@pytest.mark.parametrize("row", [row for row in ROWS if row.name in ACTS], ids=lambda row: row.name)
def test_a_tie_closes_every_act_on_the_point(db: None, row: Row) -> None:
    ground = make_ground()
    path, mission = row.path(ground), ground.mission("committee")
    item = mission.agenda_items.get()
    before = (item.session.version, item.votes.count(), item.result)
    for role in sorted(row.roles):
        person = ground.world.person(role)
        ConflictOfInterest.objects.create(
            mission=mission, user=person, nature="Lien", declared_at=clock.now()
        )
        assert signed_in(person).post(path, row.data).status_code == 403, role
    item.refresh_from_db()
    item.session.refresh_from_db()
    assert (item.session.version, item.votes.count(), item.result) == before
