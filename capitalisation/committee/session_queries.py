"""Reading a sitting: who is there, what is on the agenda, what each person may see of it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from capitalisation.committee.session_models import (
    HERE,
    AgendaItem,
    Attendance,
    CommitteeSession,
    ItemResult,
    SessionState,
    SessionVote,
    VoteChoice,
)
from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, Mission, Programme
from missions.lifecycle import State
from missions.review.decision_actions import Votes
from missions.review.models import RollAnswer


def sessions_for(user: User) -> QuerySet[CommitteeSession]:
    """Newest first, with who leads them."""
    rows = CommitteeSession.objects.visible_to(user)
    return rows.select_related("programme", "chair", "secretary").order_by("-starts_at", "-pk")


def find_session(user: User, uuid: UUID) -> CommitteeSession | None:
    rows = sessions_for(user).select_related("current", "minutes__file")
    return rows.filter(uuid=uuid).first()


def committee_members(programme: Programme) -> list[User]:
    """Who sits for the programme, by name."""
    rows = User.objects.filter(
        is_active=True,
        memberships__role=Role.COMMITTEE,
        memberships__organisation__programme_rows__programme=programme,
    )
    return list(rows.distinct().order_by("last_name", "first_name", "pk"))


def helpers_of(programme: Programme) -> QuerySet[User]:
    """Who may keep the minutes of a sitting: the committee, the coordination, the
    administration."""
    wanted = {
        "memberships__role__in": [Role.COMMITTEE, Role.COORDINATOR, Role.ADMINISTRATOR],
        "memberships__organisation__programme_rows__programme": programme,
    }
    ids = User.objects.filter(**wanted).values("pk")
    return User.objects.filter(is_active=True, pk__in=ids).order_by("last_name", "pk")


def waiting_missions(programme: Programme, user: User | None) -> QuerySet[Mission]:
    """Missions before the committee that no sitting to come looks at, oldest request first."""
    planned = AgendaItem.objects.filter(
        result=ItemResult.WAITING,
        session__state__in=[SessionState.PLANNED, SessionState.OPEN],
        mission=OuterRef("pk"),
    )
    seen = Mission.objects.visible_to(user) if user else Mission.objects.all()
    rows = seen.filter(~Exists(planned), programme=programme, state=State.COMMITTEE)
    return rows.select_related("project__holder").defer("search").order_by("submitted_at", "pk")


def roll_of(session: CommitteeSession, item: AgendaItem | None = None) -> list[Attendance]:
    """The members called, in one query; with `item`, what each has said and voted on it:
    `is_out`, `has_answered`, `vote`."""
    rows = session.attendances.select_related("user")
    if item is None:
        return list(rows)
    tie = ConflictOfInterest.objects.filter(mission=item.mission_id, user=OuterRef("user"))
    answer = RollAnswer.objects.filter(mission=item.mission_id, person=OuterRef("user"))
    vote = SessionVote.objects.filter(item=item, user=OuterRef("user")).values("choice")
    return list(rows.annotate(is_out=Exists(tie), has_answered=Exists(answer), vote=Subquery(vote)))


def agenda_for(session: CommitteeSession, user: User | None) -> list[AgendaItem]:
    """The agenda in order, each line with `is_out` (this person declared a tie: they are shown
    nothing of it), `opens` (they may open the dossier) and `withdrawn` (who stood aside)."""
    rows = session.items.select_related("mission__project__holder", "mission__territory")
    rows = rows.select_related("decision").defer("mission__search").order_by("position", "pk")
    ties = ConflictOfInterest.objects.filter(mission=OuterRef("mission"))
    members = session.attendances.values("user")
    names = (
        ties.filter(user__in=members)
        .order_by()
        .values("mission")
        .annotate(ids=ArrayAgg("user"))
        .values("ids")
    )
    seen = Mission.objects.visible_to(user) if user else Mission.objects.all()
    return list(
        rows.annotate(
            is_out=Exists(ties.filter(user=user) if user else ties.none()),
            opens=Exists(seen.filter(pk=OuterRef("mission"))),
            withdrawn=Subquery(names),
        )
    )


@dataclass
class Sitting:
    """A sitting with its people and its agenda, and what depends on both."""

    session: CommitteeSession
    roll: list[Attendance]
    agenda: list[AgendaItem] = field(default_factory=list)

    @property
    def here(self) -> int:
        return sum(row.is_here for row in self.roll)

    @property
    def needed(self) -> int:
        return self.session.quorum(len(self.roll))

    @property
    def is_quorate(self) -> bool:
        return self.here >= self.needed

    @property
    def voters(self) -> list[Attendance]:
        """There, without a tie: they count for the quorum of the mission, and vote."""
        return [row for row in self.roll if row.is_here and not getattr(row, "is_out", False)]

    @property
    def item_is_quorate(self) -> bool:
        return len(self.voters) >= self.needed

    @property
    def silent(self) -> list[Attendance]:
        """There, and have not said whether they have a tie."""
        return [row for row in self.voters if not getattr(row, "has_answered", False)]

    @property
    def left(self) -> list[AgendaItem]:
        return [item for item in self.agenda if item.is_waiting]

    def row_of(self, user: User) -> Attendance | None:
        return next((row for row in self.roll if row.user_id == user.pk), None)

    def names(self, ids: Any) -> list[str]:
        """The members of these ids, by name."""
        return [str(row.user) for row in self.roll if row.user_id in set(ids or ())]

    def after(self, item: AgendaItem) -> AgendaItem | None:
        """The next mission to look at: after this one, or the first that was left."""
        rest = [row for row in self.left if row.pk != item.pk]
        later = [row for row in rest if row.position > item.position]
        return next(iter(later or rest), None)


def votes_on(item: AgendaItem, roll: list[Attendance]) -> Votes | None:
    """Named votes of those who may vote, or the counts of the secretary; `None` without any."""
    named = Counter(
        vote
        for row in roll
        if row.is_here and not getattr(row, "is_out", False) and (vote := getattr(row, "vote", ""))
    )
    if named:
        return Votes(named[VoteChoice.FOR], named[VoteChoice.AGAINST], named[VoteChoice.ABSTAIN])
    if item.counted_for is None:
        return None
    return Votes(item.counted_for, item.counted_against or 0, item.counted_abstain or 0)


def members_to_tell(session: CommitteeSession) -> list[User]:
    """Those called, and who keeps the minutes."""
    called = Q(pk__in=session.attendances.values("user"))
    return list(User.objects.filter(called | Q(pk=session.secretary_id), is_active=True))


def ties_in(session: CommitteeSession) -> dict[int, set[int]]:
    """Person → the missions of the agenda they stood aside from."""
    rows = ConflictOfInterest.objects.filter(mission__in=session.items.values("mission"))
    found: dict[int, set[int]] = {}
    for person, mission in rows.values_list("user_id", "mission_id"):
        found.setdefault(person, set()).add(mission)
    return found


def presence_counts(sessions: QuerySet[CommitteeSession]) -> QuerySet[CommitteeSession]:
    """`n_items` and `n_here`, for a list of sittings."""
    items = (
        AgendaItem.objects.filter(session=OuterRef("pk"))
        .order_by()
        .values("session")
        .annotate(n=Count("pk"))
        .values("n")
    )
    here = (
        Attendance.objects.filter(session=OuterRef("pk"), presence__in=HERE)
        .order_by()
        .values("session")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return sessions.annotate(n_items=Subquery(items), n_here=Subquery(here))
