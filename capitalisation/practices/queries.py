"""Reading good practices: those in public, those of the team, what stands behind each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import READERS, excerpts_for, with_source
from capitalisation.coding.readers import everyones, read_by, standing_in
from capitalisation.corpus.models import Circle, Text, TextVersion, VersionKind
from capitalisation.corpus.queries import texts_for
from capitalisation.practices.models import (
    GoodPractice,
    PracticeEvidence,
    PracticeState,
    Workshop,
)
from explor.accounts.models import Role, User
from explor.search import words
from explor.search.fields import in_order
from missions.dossier.models import Mission, Programme
from missions.dossier.reach import PROGRAMMES

#: Who opens the team's pages: those who read passages, and the administrator, who may approve.
TEAM = (*READERS, Role.ADMINISTRATOR)


def published(programme: Programme | None = None) -> QuerySet[GoodPractice]:
    """What anyone may read."""
    rows = GoodPractice.objects.filter(state=PracticeState.PUBLISHED).defer("search")
    return rows.filter(programme=programme) if programme else rows


def practices_visible_to(user: User) -> QuerySet[GoodPractice]:
    """Every practice of their programmes, drafts too, with what it rests on counted: as far as
    this person may read."""
    seen = Q(evidence__in=read_by(user).order_by().values("pk"))
    return (
        GoodPractice.objects.filter(programme__in=user.standing.reach(PROGRAMMES, *TEAM))
        .annotate(
            passages=Count("evidence", filter=seen, distinct=True),
            missions=Count("evidence__version__text__mission", filter=seen, distinct=True),
        )
        .select_related("programme", "proposed_by")
        .defer("search")
    )


def workshops_visible_to(user: User) -> QuerySet[Workshop]:
    return Workshop.objects.filter(programme__in=user.standing.reach(PROGRAMMES, *READERS))


def source_of(workshop: Workshop) -> str:
    """The name of its notes in the corpus."""
    return f"workshop:{workshop.pk}"


@dataclass(frozen=True)
class HeldWorkshop:
    """`notes`: as this person may read them, empty when what was said is not for them; `text` is
    their place in the corpus."""

    workshop: Workshop
    text: Text | None
    notes: str


def held_workshops(user: User) -> list[HeldWorkshop]:
    """Their notes pseudonymised, to whom those who were there accepted to be read by."""
    workshops = list(workshops_visible_to(user))
    sources = {source_of(workshop): workshop for workshop in workshops}
    versions = TextVersion.objects.filter(
        text__source__in=sources, kind=VersionKind.PSEUDONYMISED, current=True
    )
    read = {row.text.source: row for row in versions.select_related("text").defer("search")}
    inside = texts_for(user).filter(source__in=sources).values_list("source", flat=True)
    own = set(inside)
    return [
        _held(workshop, read.get(source), source in own) for source, workshop in sources.items()
    ]


def _held(workshop: Workshop, version: TextVersion | None, inside: bool) -> HeldWorkshop:
    if version is None:
        return HeldWorkshop(workshop, None, "")
    open_to = inside or version.text.circle != Circle.TEAM
    shown = open_to and version.text.withdrawn_at is None
    return HeldWorkshop(workshop, version.text, version.body if shown else "")


def passages_behind(practice: GoodPractice, user: User | None = None) -> QuerySet[Excerpt]:
    """Its passages in order, as far as `user` may read; without a user, those of everyone, in the
    words that were read before they were published.

    Who approves without reading the corpus sees what the public will see.
    """
    resting = Q(practice_rows__practice=practice)
    if user is None:
        door = everyones()
        if practice.state == PracticeState.PUBLISHED:
            resting &= Q(practice_rows__read_as=F("quote"))
    elif user.has_perm("capitalisation.read_analysis", practice):
        door = excerpts_for(user, practice.programme)
    else:
        door = everyones()
    return door.filter(resting).order_by("practice_rows__position")


def evidence_of(practice: GoodPractice, user: User) -> list[Excerpt]:
    return list(with_source(passages_behind(practice, user)))


def verbatims_of(practice: GoodPractice) -> list[Excerpt]:
    """Its passages that consent lets everyone read."""
    return list(with_source(passages_behind(practice)))


def missions_behind(practice: GoodPractice, user: User | None = None) -> QuerySet[Mission]:
    """The missions that the passages shown to this reader come from."""
    texts = passages_behind(practice, user).order_by().values("version__text__mission")
    return Mission.objects.filter(pk__in=texts).defer("search").order_by(in_order())


def keeps_some_back(practice: GoodPractice, shown: int) -> bool:
    """Whether it also rests on passages that this reader is not shown."""
    standing = standing_in(practice.programme).filter(practice_rows__practice=practice)
    return standing.count() > shown


def with_evidence(practices: QuerySet[GoodPractice]) -> QuerySet[GoodPractice]:
    """Published practices with their passages for everyone, for public lists and booklets."""
    rows = (
        PracticeEvidence.objects.filter(
            excerpt__in=everyones().order_by().values("pk"), read_as=F("excerpt__quote")
        )
        .select_related("excerpt__version__text__mission__project__holder")
        .defer(
            "excerpt__version__body",
            "excerpt__version__search",
            "excerpt__version__text__mission__search",
        )
        .order_by("position", "pk")
    )
    return practices.prefetch_related(Prefetch("evidence_rows", rows, to_attr="public_rows"))


def passages_of(practice: GoodPractice) -> list[Excerpt]:
    """Of a practice read `with_evidence`, without a query."""
    rows: Iterable[PracticeEvidence] = getattr(practice, "public_rows", ())
    return [row.excerpt for row in rows]


def missions_of(practice: GoodPractice) -> list[Mission]:
    """Of a practice read `with_evidence`: the missions behind it, without a query."""
    missions = (row.version.text.mission for row in passages_of(practice))
    found = {mission.pk: mission for mission in missions if mission}
    return sorted(found.values(), key=lambda mission: words.in_order(mission.reference))
