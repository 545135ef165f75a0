"""The columns of the list of missions as a spreadsheet.

A later stage adds its own with `add_column`, from the `ready()` of the app: the annotation is
read in the query of the list, and `shown_to` says for whom the column exists at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat

from explor import clock
from explor.accounts.models import Role, User
from explor.documents.spreadsheet import Heading
from missions import lifecycle
from missions.dossier.components import types_in
from missions.dossier.models import Engagement, EngagementState, Milestone, Mission, MissionType
from missions.dossier.reach import PROGRAMMES
from missions.dossier.turns import expected, whose_turn

TEAM = (Role.COORDINATOR, Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR)
_TYPES = dict(MissionType.choices)


@dataclass(frozen=True)
class Column:
    """`read` gives the cell of a mission; `annotation` is what its query must bring, under the
    name `cell_<key>`."""

    key: str
    heading: Heading
    read: Callable[[Mission, User], object]
    annotation: Callable[[User], Any] | None = None
    shown_to: Callable[[User], bool] = lambda user: True


def is_team(user: User) -> bool:
    return user.standing.holds(*TEAM)


def reads_amounts(user: User) -> Q | None:
    """Condition on the missions whose amounts the person may read (`missions.view_budget`);
    `None` when there is none at all."""
    standing = user.standing
    seen: Q | None = None
    if programmes := standing.reach(
        PROGRAMMES, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR
    ):
        seen = Q(programme__in=programmes)
    if member := standing.organisations(Role.MEMBER):
        ours = Q(project__holder__in=member)
        seen = seen | ours if seen else ours
    return seen


def _cell(key: str) -> Callable[[Mission, User], object]:
    return lambda mission, user: getattr(mission, f"cell_{key}")


def _types(mission: Mission, user: User) -> str:
    return ", ".join(types_in(mission.components.all(), _TYPES))


def _state(mission: Mission, user: User) -> str:
    told = mission.state_told(outside=mission.is_outside(user))
    return lifecycle.label(told, for_osim=not is_team(user))


def _suspended(mission: Mission, user: User) -> object:
    known = mission.state_told(outside=mission.is_outside(user)) == mission.state
    return mission.suspended_until if known and mission.is_on_hold(clock.today()) else None


def _next_due(user: User) -> Subquery:
    rows = expected(Milestone.objects.open(), user)
    rows = rows.filter(mission=OuterRef("pk"), due_on__isnull=False)
    return Subquery(rows.order_by("due_on").values("due_on")[:1])


def _volunteers(user: User) -> Subquery:
    rows = (
        Engagement.objects.filter(mission=OuterRef("pk"), state=EngagementState.CONFIRMED)
        .order_by()
        .values("mission")
        .annotate(
            named=StringAgg(
                Concat("volunteer__user__first_name", Value(" "), "volunteer__user__last_name"),
                delimiter=", ",
            )
        )
    )
    return Subquery(rows.values("named"))


_COLUMNS: list[Column] = [
    Column("reference", Heading("Référence", 14), lambda m, u: m.reference),
    Column("title", Heading("Titre", 44), lambda m, u: m.title),
    Column("holder", Heading("Association", 30), lambda m, u: str(m.project.holder)),
    Column(
        "partner",
        Heading("Partenaire sur place", 30),
        lambda m, u: str(m.project.local_partner or ""),
    ),
    Column("country", Heading("Pays", 16), lambda m, u: str(m.country.name)),
    Column("place", Heading("Lieu", 20), lambda m, u: m.place or m.region),
    Column("territory", Heading("Territoire", 20), lambda m, u: str(m.territory)),
    Column("types", Heading("Typologie", 30), _types),
    Column("state", Heading("État", 26), _state),
    Column("turn", Heading("Au tour de", 22), lambda m, u: whose_turn(m), shown_to=is_team),
    Column("submitted", Heading("Déposée le", 12), lambda m, u: m.submitted_at),
    Column("departs", Heading("Départ", 12), lambda m, u: m.departs_on),
    Column("returns", Heading("Retour", 12), lambda m, u: m.returns_on),
    Column("days", Heading("Durée (jours)", 10), lambda m, u: m.duration_days),
    Column("suspended", Heading("Suspendue jusqu’au", 14), _suspended),
    Column("next_due", Heading("Prochain jalon", 14), _cell("next_due"), _next_due),
    Column("volunteers", Heading("Volontaires", 28), _cell("volunteers"), _volunteers),
]


def add_column(column: Column) -> None:
    """A column of a later stage, after the others; `key` names it once."""
    _COLUMNS[:] = [row for row in _COLUMNS if row.key != column.key] + [column]


def columns_for(user: User) -> list[Column]:
    return [column for column in _COLUMNS if column.shown_to(user)]
