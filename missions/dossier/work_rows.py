"""Which missions and milestones « Mon travail » shows a person: one statement, ids only.

Written in SQL because building the same conditions with the ORM took longer than running them.
The rules are those of `standing.roles_on` and `turns`. `held` and `awaited` are materialised: each
table is read once, whatever PostgreSQL believes of it.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from explor.accounts.models import Role, User
from missions import lifecycle
from missions.dossier.reach import PROGRAMMES, TERRITORIES
from missions.dossier.turns import KEPT
from missions.dossier.whereabouts import forward

_SQL = """
WITH known AS MATERIALIZED (
  SELECT m.id, m.state, m.reference, m.departs_on, m.suspended_until,
    m.sheet_state = 'proposed' AND m.sheet_proposed_by_id IS DISTINCT FROM %(user)s AS to_read,
    m.decided_at IS NOT NULL AND m.decision_told_at IS NULL AS hushed,
    p.holder_id = ANY(%(member)s) AS osim,
    m.id IN (
      SELECT e.mission_id FROM missions_engagement e
      JOIN missions_volunteer v ON v.id = e.volunteer_id
      WHERE v.user_id = %(user)s AND e.state = 'confirmed'
    ) AS volunteer,
    m.programme_id = ANY(%(coordinates)s) AND m.territory_id = ANY(%(near)s)
      AND (m.state <> 'draft' OR m.shared_draft OR m.typed_on_behalf) AS coordinator,
    m.programme_id = ANY(%(coordinates)s) AS coordination,
    m.programme_id = ANY(%(researches)s) AND m.state <> 'draft' AS researcher,
    m.programme_id = ANY(%(sits)s) AND m.state = ANY(%(seen)s) AS committee,
    m.programme_id = ANY(%(administers)s) AND m.state <> 'draft' AS administrator
  FROM missions_mission m JOIN missions_project p ON p.id = m.project_id
  WHERE (m.state <> ALL(%(over)s) OR m.sheet_state = 'proposed'
      OR m.decided_at IS NOT NULL AND m.decision_told_at IS NULL)
    AND m.id NOT IN (SELECT mission_id FROM missions_conflictofinterest WHERE user_id = %(user)s)
), told AS (
  -- outside the team, a decision is not known before its letter
  SELECT *, CASE WHEN hushed
      AND NOT (coordination OR researcher OR committee OR administrator)
    THEN 'committee' ELSE state END AS told_state
  FROM known
), held AS MATERIALIZED (
  SELECT id, told_state AS state, reference, departs_on, to_read, osim, volunteer, coordinator,
    researcher, committee, administrator,
    coordination OR researcher OR committee OR administrator AS inside,
    told_state <> ALL(%(over)s) AS under_way,
    told_state <> ALL(%(before)s) AS accepted,
    told_state = state AND COALESCE(suspended_until > %(today)s, false) AS on_hold
  FROM told
), awaited AS MATERIALIZED (
  SELECT k.id, k.mission_id, k.due_on,
    CASE k.owner_role WHEN 'osim' THEN h.osim WHEN 'volunteer' THEN h.volunteer
      WHEN 'coordinator' THEN h.coordinator WHEN 'researcher' THEN h.researcher
      WHEN 'committee' THEN h.committee END AS mine,
    k.required_for = %(onward)s::jsonb ->> h.state AS holding,
    h.osim OR h.volunteer OR h.coordinator OR h.researcher AS involved
  FROM held h JOIN missions_milestone k ON k.mission_id = h.id
  WHERE h.under_way AND NOT h.on_hold
    AND (h.osim OR h.volunteer OR h.coordinator OR h.researcher OR h.committee)
    AND k.done_on IS NULL AND k.waived_because = ''
    AND (h.inside OR k.kind <> ALL(%(kept)s))
    AND (h.accepted OR k.offset_from_departure IS NULL)
    AND (k.due_on <= %(soon)s OR k.required_for = %(onward)s::jsonb ->> h.state)
), mine AS (
  (SELECT id, mission_id FROM awaited WHERE mine AND due_on <= %(soon)s
   ORDER BY due_on, id LIMIT 2 * %(shown)s)
  UNION
  (SELECT id, mission_id FROM awaited WHERE mine AND holding
   ORDER BY mission_id, due_on LIMIT 2 * %(shown)s)
), turns AS (
  SELECT id FROM held
  WHERE under_way AND NOT on_hold
    AND CASE %(turns)s::jsonb ->> state WHEN 'osim' THEN osim WHEN 'volunteer' THEN volunteer
      WHEN 'coordinator' THEN coordinator WHEN 'researcher' THEN researcher
      WHEN 'committee' THEN committee END
  ORDER BY reference LIMIT %(shown)s
), busy AS (
  SELECT mission_id AS id FROM mine UNION SELECT id FROM turns
)
SELECT 'mine', mission_id, id FROM mine
UNION ALL
SELECT 'turn', id, NULL FROM turns
UNION ALL
(SELECT 'sheet', id, NULL FROM held
 WHERE to_read AND (coordinator OR researcher OR administrator)
 ORDER BY reference LIMIT %(shown)s)
UNION ALL
(SELECT 'waiting', id, NULL FROM held
 WHERE under_way AND (osim OR volunteer OR coordinator OR researcher)
   AND id NOT IN (SELECT id FROM busy)
 ORDER BY departs_on, reference DESC LIMIT %(waiting)s + 1)
UNION ALL
(SELECT 'blocked', mission_id, id FROM awaited
 WHERE due_on < %(today)s AND involved AND mission_id NOT IN (SELECT id FROM busy)
 ORDER BY due_on, id LIMIT %(waiting)s)
"""

_LEFT_BY = {state.value: step.name for state in lifecycle.STAGES if (step := forward(state))}
_BEFORE = [
    state.value for state in lifecycle.STAGES[: lifecycle.STAGES.index(lifecycle.State.MATCHING)]
]
_CONSTANTS: dict[str, Any] = {
    "over": [state.value for state in lifecycle.FINAL],
    "before": _BEFORE,
    "kept": KEPT,
    "seen": [state.value for state in lifecycle.SEEN_BY_COMMITTEE],
    "onward": json.dumps(_LEFT_BY),
    "turns": json.dumps({str(state): role for state, (role, _) in lifecycle.TURN.items()}),
}


@dataclass(frozen=True)
class Rows:
    """Ids of missions, and of milestones by group."""

    mine: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    turns: set[int] = field(default_factory=set)
    sheets: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    missions: set[int] = field(default_factory=set)


def work_rows(user: User, *, today: date, soon: date, shown: int, waiting: int) -> Rows:
    """One query. `shown` and `waiting` are how many of each group; one more of what waits tells
    that there are others."""
    standing = user.standing
    ids = {
        "member": standing.organisations(Role.MEMBER),
        "coordinates": standing.reach(PROGRAMMES, Role.COORDINATOR),
        "near": standing.reach(TERRITORIES, Role.COORDINATOR),
        "researches": standing.reach(PROGRAMMES, Role.RESEARCHER),
        "sits": standing.reach(PROGRAMMES, Role.COMMITTEE),
        "administers": standing.reach(PROGRAMMES, Role.ADMINISTRATOR),
    }
    given = {
        **_CONSTANTS,
        **{name: sorted(found) for name, found in ids.items()},
        "user": user.pk,
        "today": today,
        "soon": soon,
        "shown": shown,
        "waiting": waiting,
    }
    found = Rows()
    groups = {"turn": found.turns, "sheet": found.sheets, "waiting": found.waiting}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        for what, mission, milestone in cursor.fetchall():
            found.missions.add(mission)
            if what in groups:
                groups[what].add(mission)
            else:
                (found.mine if what == "mine" else found.blocked).add(milestone)
    return found
