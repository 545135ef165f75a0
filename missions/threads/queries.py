"""Reading conversations: who reads them, what is new, how far each has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject

from explor.accounts.models import Membership, Role, User
from missions import lifecycle
from missions.dossier.models import Mission
from missions.dossier.queries import people_query
from missions.dossier.reach import PROGRAMMES
from missions.dossier.standing import MissionRole
from missions.dossier.turns import NOTHING, roles_held
from missions.threads.audience import AUDIENCE, ROLE_WORDS
from missions.threads.models import Attachment, LastSeen, Message, Thread, ThreadKind

#: Messages on one page, the newest.
SHOWN = 50


@dataclass(frozen=True)
class Reader:
    """Someone who reads the conversation, and how far they have read."""

    person: User
    role: str
    seen_id: int
    seen_at: datetime | None


def readers_of(mission: Mission, kind: ThreadKind) -> list[Reader]:
    """Everyone who reads the conversation now, in one query."""
    seen = LastSeen.objects.filter(
        thread__mission=mission, thread__kind=kind, person=OuterRef("pk")
    )
    here = Q(organisation=mission.project.holder_id, role=Role.MEMBER) | Q(
        organisation__programme_rows__programme=mission.programme_id
    )
    rows: Any = people_query(mission, *AUDIENCE[kind]).annotate(
        seen_id=Coalesce(
            Subquery(seen.values("message")[:1]), Value(0), output_field=BigIntegerField()
        ),
        seen_at=Subquery(seen.values("seen_at")[:1]),
        held=ArraySubquery(
            Membership.objects.filter(here, user=OuterRef("pk")).values("role").distinct()
        ),
    )
    readers = [Reader(row, _role_of(row.held, kind), row.seen_id, row.seen_at) for row in rows]
    order = [ROLE_WORDS[role] for role in AUDIENCE[kind]]
    return sorted(readers, key=lambda reader: (order.index(reader.role), str(reader.person)))


def _role_of(held: Sequence[str], kind: ThreadKind) -> str:
    """A membership says it; who has none of those read here is the volunteer."""
    known = {"member": "osim"}
    names = {known.get(role, role) for role in held}
    for role in AUDIENCE[kind]:
        if role in names:
            return ROLE_WORDS[role]
    return ROLE_WORDS["volunteer"]


def audience_of(mission: Mission, kind: ThreadKind) -> list[User]:
    """The people themselves, as a message is posted."""
    return list(people_query(mission, *AUDIENCE[kind]))


@dataclass(frozen=True)
class Heading:
    """One conversation among the tabs: how many messages, how many I have not seen."""

    thread: Thread | None
    kind: ThreadKind
    unread: int = 0


def headings(
    mission: Mission, kinds: Sequence[ThreadKind], user: User
) -> dict[ThreadKind, Heading]:
    """The conversations of these kinds, in one query."""
    rows: Any = Thread.objects.filter(mission=mission, kind__in=kinds).annotate(
        unread=Coalesce(
            Subquery(_unseen(user, OuterRef("pk")), output_field=IntegerField()), Value(0)
        )
    )
    known = {row.kind: row for row in rows}
    return {
        kind: Heading(known.get(kind), kind, known[kind].unread if kind in known else 0)
        for kind in kinds
    }


def _unseen(user: User, thread: OuterRef) -> QuerySet[Message, Any]:
    """How many messages of others, in `thread`, `user` has not seen: a subquery of one number."""
    last = LastSeen.objects.filter(thread=OuterRef("thread"), person=user).values("message")[:1]
    return (
        Message.objects.filter(thread=thread)
        .exclude(author=user)
        .filter(pk__gt=Coalesce(Subquery(last), Value(0), output_field=BigIntegerField()))
        .order_by()
        .values("thread")
        .annotate(many=Count("pk"))
        .values("many")
    )


def unseen_on_mission(user: User) -> Coalesce:
    """An annotation of missions: messages not seen in the conversations `user` takes part in.

    The same rule as `audience.reads`, said in SQL; the mission is visible to the person already.
    """
    last = LastSeen.objects.filter(thread=OuterRef("thread"), person=user).values("message")[:1]
    many = (
        Message.objects.filter(_taking_part(user), thread__mission=OuterRef("pk"))
        .exclude(author=user)
        .filter(pk__gt=Coalesce(Subquery(last), Value(0), output_field=BigIntegerField()))
        .order_by()
        .values("thread__mission")
        .annotate(many=Count("pk"))
        .values("many")
    )
    return Coalesce(Subquery(many, output_field=IntegerField()), Value(0))


def _taking_part(user: User) -> Q:
    """Messages of the conversations whose audience holds a role of this person: plain ids."""
    mission = "thread__mission__"
    held: dict[str, Q] = dict(roles_held(user, mission))
    if administers := user.standing.reach(PROGRAMMES, Role.ADMINISTRATOR):
        held[MissionRole.ADMINISTRATOR] = Q(**{f"{mission}programme__in": administers})
    mine = NOTHING
    for kind, roles in AUDIENCE.items():
        here = Q(thread__kind=kind)
        if kind == ThreadKind.COMMITTEE:
            here &= Q(**{f"{mission}state__in": list(lifecycle.SEEN_BY_COMMITTEE)})
        for role in roles:
            if role in held:
                mine |= here & held[role]
    return mine


def messages_of(thread: Thread | None, before: int | None = None) -> tuple[list[Message], bool]:
    """The newest messages (older than `before` when given), oldest first, and whether there are
    older ones; in one query. Each has its `files`: what a link to a file shows."""
    if thread is None:
        return [], False
    rows = Message.objects.filter(thread=thread).select_related("author", "corrects")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    files = Attachment.objects.filter(message=OuterRef("pk")).order_by("pk")
    shown = JSONObject(uuid="file__uuid", name="file__name", size="file__size")
    found: list[Any] = list(
        rows.annotate(files=ArraySubquery(files.values(json=shown))).order_by("-pk")[: SHOWN + 1]
    )
    return found[:SHOWN][::-1], len(found) > SHOWN
