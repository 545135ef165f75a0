"""« Où en est-on ? »: one plain sentence and the line of stages, for every page of a mission."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from explor import clock
from explor.ui.components import Stage, StageState
from explor.ui.html import day, distance
from missions import lifecycle
from missions.dossier.models import Milestone, Mission, OwnerRole
from missions.dossier.standing import MissionRole

S = lifecycle.State

#: Below this number of past passages, an usual time says nothing.
ENOUGH = 3
#: The most recent passages that the usual time is taken from.
RECENT = 200

#: Short words of the line of stages.
SHORT: dict[str, str] = {
    S.DRAFT: "Brouillon",
    S.SUBMITTED: "Déposée",
    S.REVIEW: "Instruction",
    S.COMMITTEE: "Comité",
    S.MATCHING: "Mise en relation",
    S.SUPPORT: "À distance",
    S.PREPARATION: "Préparation",
    S.FIELD: "Terrain",
    S.REPORT: "Rapport",
    S.CAPITALISATION: "Capita\u00adlisation",
    S.FOLLOW_UP: "Suivi",
    S.CLOSED: "Close",
}

_WHOSE: dict[str, str] = {
    "osim": "à l’association",
    "volunteer": "à la personne volontaire",
    "coordinator": "à la coordination",
    "researcher": "à la capitalisation",
    "committee": "au comité",
}

_PASSAGES = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY stay), count(*) FROM (
  SELECT extract(epoch FROM (
    SELECT min(later.at) FROM missions_statechange later
    WHERE later.mission_id = passage.mission_id
      AND (later.at, later.id) > (passage.at, passage.id)
  ) - passage.at) / 86400 AS stay
  FROM missions_statechange passage
  JOIN missions_mission mission ON mission.id = passage.mission_id
  WHERE passage.target = %s AND mission.programme_id = %s AND mission.id <> %s
  ORDER BY passage.at DESC LIMIT %s
) passages WHERE stay IS NOT NULL
"""


@dataclass(frozen=True)
class UsualTime:
    """Median of `n` past stays in a state, in days."""

    days: int
    n: int


def usual_time(mission: Mission) -> UsualTime | None:
    """How long other missions of the programme stayed in this state; `None` below three."""
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, [mission.state, mission.programme_id, mission.pk, RECENT])
        median, n = cursor.fetchone()
    if n < ENOUGH:
        return None
    return UsualTime(days=max(1, round(median)), n=n)


def forward(state: str) -> lifecycle.Transition | None:
    """The transition that leads to the next stage of the line."""
    if state not in lifecycle.STAGES or state == S.CLOSED:
        return None
    following = lifecycle.STAGES[lifecycle.STAGES.index(S(state)) + 1]
    return next((step for step in lifecycle.leaving(state) if step.target == following), None)


def sentence(
    mission: Mission,
    *,
    since: datetime | None,
    roles: frozenset[MissionRole],
    missing: Sequence[str],
    usual: UsualTime | None,
    corrections: Milestone | None = None,
) -> str:
    """State, since when, whose turn it is, what is missing and the usual time: one sentence.

    `corrections` is the milestone of what a review asks the association: while it is hers, it
    is her turn; its note counts the wait apart.
    """
    for_osim = MissionRole.OSIM in roles
    words = lifecycle.label(mission.state, for_osim=for_osim)
    said = f"{words} {_since(since)}".strip()
    if mission.suspended_until and mission.suspended_until > clock.today():
        return f"{said}, suspendue jusqu’au {day(mission.suspended_until)}."
    if mission.state not in lifecycle.TURN:
        return f"{said} : plus rien n’est attendu."
    role, expected = lifecycle.TURN[mission.state]
    if corrections is not None and not corrections.is_settled:
        role = corrections.owner_role
        if role == OwnerRole.OSIM:
            expected = "répondre aux corrections demandées"
    whose = "à vous" if role in roles else _WHOSE[role]
    said += f" : c’est {whose} {_of(expected)}"
    if missing:
        said += f" (il manque : {_enumerated(missing)})"
    if corrections is not None and corrections.note:
        said += f", {corrections.note}"
    if usual:
        span = "1 jour" if usual.days == 1 else f"{usual.days} jours"
        said += "\N{NO-BREAK SPACE}; d’habitude, "
        said += f"cette étape dure {span} (médiane de {usual.n} missions)"
    return said + "."


def _since(moment: datetime | None) -> str:
    if moment is None:
        return ""
    on = timezone.localdate(moment)
    if on == clock.today():
        return "depuis aujourd’hui"
    return f"depuis le {day(on)} ({distance(on)})"


def _of(verb: str) -> str:
    return f"d’{verb}" if verb[:1].lower() in "aeiouéèêh" else f"de {verb}"


def _enumerated(things: Sequence[str], at_most: int = 4) -> str:
    shown = list(things[:at_most])
    if rest := len(things) - len(shown):
        shown.append("une autre chose" if rest == 1 else f"{rest} autres choses")
    return "\N{NO-BREAK SPACE}; ".join(shown)


def stages_of(
    mission: Mission,
    entered: Mapping[str, datetime],
    milestones: Iterable[Milestone],
) -> list[Stage]:
    """The line of stages with the dates they were entered; what was not lived is left out
    of a dossier that ended early."""
    state = mission.state
    if state not in lifecycle.STAGES:
        return _ended_early(mission, entered)
    today = clock.today()
    step = forward(state)
    late = step is not None and any(
        row.required_for == step.name and row.is_late(today) for row in milestones
    )
    here = lifecycle.STAGES.index(S(state))
    stages = []
    for place, stage in enumerate(lifecycle.STAGES):
        how: StageState = "done" if place < here else "next"
        if place == here:
            how = "late" if late else "done" if stage == S.CLOSED else "current"
        on = _day(entered.get(stage)) if place <= here else None
        stages.append(Stage(SHORT[stage], how, on=on))
    return stages


def _ended_early(mission: Mission, entered: Mapping[str, datetime]) -> list[Stage]:
    lived = [
        Stage(SHORT[state], "done", on=_day(entered[state]))
        for state in lifecycle.STAGES
        if state in entered
    ]
    end = lifecycle.label(mission.state)
    return [*lived, Stage(end, "current", on=_day(entered.get(mission.state)))]


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
