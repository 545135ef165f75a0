"""Reading good practices: those in public, those of the team, what stands behind each."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import quotable, with_source
from capitalisation.practices.models import (
    GoodPractice,
    PracticeEvidence,
    PracticeState,
    Workshop,
)
from explor.accounts.models import Role, User
from missions.dossier.models import Mission, Programme, ProgrammePartner

READERS = (Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE)


def published(programme: Programme | None = None) -> QuerySet[GoodPractice]:
    """What anyone may read."""
    rows = GoodPractice.objects.filter(state=PracticeState.PUBLISHED).defer("search")
    return rows.filter(programme=programme) if programme else rows


def programmes_read_by(user: User) -> QuerySet[ProgrammePartner]:
    """The programmes whose analysis `user` reads, as a subquery."""
    organisations = {o for role in READERS for o in user.standing.organisations(role)}
    return ProgrammePartner.objects.filter(organisation__in=organisations)


def practices_visible_to(user: User) -> QuerySet[GoodPractice]:
    """Every practice of their programmes, drafts too, with what it rests on counted."""
    standing = Q(evidence__version__text__withdrawn_at=None)
    return (
        GoodPractice.objects.filter(programme__in=programmes_read_by(user).values("programme"))
        .annotate(
            passages=Count("evidence", filter=standing, distinct=True),
            missions=Count("evidence__version__text__mission", filter=standing, distinct=True),
        )
        .select_related("programme", "proposed_by")
        .defer("search")
    )


def workshops_visible_to(user: User) -> QuerySet[Workshop]:
    programmes = programmes_read_by(user).values("programme")
    return Workshop.objects.filter(programme__in=programmes)


def evidence_of(practice: GoodPractice) -> list[Excerpt]:
    """Its passages in order, withdrawn ones left out."""
    rows = with_source(Excerpt.objects.filter(practice_rows__practice=practice))
    return list(rows.filter(version__text__withdrawn_at=None).order_by("practice_rows__position"))


def verbatims_of(practice: GoodPractice) -> list[Excerpt]:
    """Its passages that consent lets everyone read."""
    rows = quotable(Excerpt.objects.filter(practice_rows__practice=practice))
    return list(with_source(rows).order_by("practice_rows__position"))


def missions_behind(practice: GoodPractice) -> QuerySet[Mission]:
    """The missions its standing passages come from."""
    texts = Excerpt.objects.filter(
        practice_rows__practice=practice, version__text__withdrawn_at=None
    ).values("version__text__mission")
    return Mission.objects.filter(pk__in=texts).defer("search").order_by("reference")


def with_evidence(practices: QuerySet[GoodPractice]) -> QuerySet[GoodPractice]:
    """Many practices with their quotable passages and missions, for lists and the booklet."""
    quoted = with_source(quotable(Excerpt.objects.all()))
    rows = (
        PracticeEvidence.objects.filter(excerpt__version__text__withdrawn_at=None)
        .select_related("excerpt__version__text__mission__project__holder")
        .defer(
            "excerpt__version__body",
            "excerpt__version__search",
            "excerpt__version__text__mission__search",
        )
    )
    return practices.prefetch_related(
        Prefetch("evidence", quoted.order_by("practice_rows__position"), to_attr="quoted"),
        Prefetch("evidence_rows", rows, to_attr="standing_rows"),
    )


def missions_of(practice: GoodPractice) -> list[Mission]:
    """Of a practice read `with_evidence`: the missions behind it, without a query."""
    rows: Iterable[PracticeEvidence] = getattr(practice, "standing_rows", ())
    missions = (row.excerpt.version.text.mission for row in rows)
    found = {mission.pk: mission for mission in missions if mission}
    return sorted(found.values(), key=lambda mission: mission.reference)
