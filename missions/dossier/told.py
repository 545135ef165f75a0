"""A mission as people outside the team may know it: nothing of a decision before its letter.

The one place that says what is kept from them. Pages get their mission from `find_mission`, which
passes it through here; lists and feeds, made in SQL, use `hushed()`.
"""

from django.db.models import prefetch_related_objects

from explor.accounts.models import User
from missions import lifecycle
from missions.dossier.mission import Mission
from missions.dossier.standing import STAFF, roles_on
from missions.dossier.turns import KEPT

S = lifecycle.State
_BEFORE = frozenset({S.DRAFT, S.SUBMITTED, S.REVIEW})


def as_told(mission: Mission, user: User) -> Mission:
    """The same object, for reading only, without what `user` may not know yet."""
    if not mission.keeps_decision or roles_on(user, mission) & STAFF:
        return mission
    if mission.is_hushed:
        mission.suspended_until = None
    mission.state = S.COMMITTEE.value
    mission.decided_at = None
    prefetch_related_objects([mission], "milestones")
    for row in mission.milestones.all():
        if row.kind in KEPT:
            row.done_on, row.done_by, row.note = None, None, ""
            row.outcome = ""
    mission.__dict__["lived"] = _lived(mission)
    return mission


def _lived(mission: Mission) -> list[dict[str, str]]:
    """The changes of state up to the first time before the committee of this round: what comes
    after is its decision, or its second thoughts."""
    changes: list[dict[str, str]] = getattr(mission, "lived", [])
    begun = [n for n, row in enumerate(changes) if row["state"] in _BEFORE]
    after = begun[-1] + 1 if begun else 0
    return changes[: after + 1]
