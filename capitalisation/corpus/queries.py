"""Reading the corpus: only texts whose consent holds, only to those who may read them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from capitalisation.corpus.models import (
    Audience,
    Moment,
    Pseudonym,
    Text,
    TextKind,
    TextVersion,
    VersionKind,
)
from capitalisation.corpus.wording import name_key
from explor.accounts.models import Role, User
from explor.search.queries import french_query
from missions.dossier.models import (
    ConflictOfInterest,
    Mission,
    MissionType,
    Programme,
    ProgrammePartner,
)


def programme_for(user: User) -> Programme | None:
    """The first programme one of whose partners the person belongs to."""
    organisations = frozenset[int]().union(*user.standing.by_role.values())
    rows = Programme.objects.filter(partner_rows__organisation__in=organisations)
    return rows.order_by("starts_on", "pk").first()


def texts_for(user: User, programme: Programme | None = None) -> QuerySet[Text]:
    """The texts a researcher may read whole: their programmes, no withdrawn consent, no mission
    in which they have declared a tie."""
    partners = ProgrammePartner.objects.filter(
        organisation__in=user.standing.organisations(Role.RESEARCHER)
    )
    tied = ConflictOfInterest.objects.filter(user=user).values("mission")
    rows = Text.objects.filter(programme__in=partners.values("programme"))
    if programme is not None:
        rows = rows.filter(programme=programme)
    return rows.filter(withdrawn_at__isnull=True).exclude(
        Q(mission__isnull=False) & Q(mission__in=tied)
    )


def for_lists(texts: QuerySet[Text]) -> QuerySet[Text]:
    """What a line of the list shows, `passages` included, without a query per line."""
    excerpts = TextVersion._meta.get_field("excerpts").related_model
    counted = (
        excerpts._default_manager.filter(
            version__text=OuterRef("pk"), version__current=True, codings__isnull=False
        )
        .order_by()
        .values("version__text")
        .annotate(n=Count("pk", distinct=True))
        .values("n")
    )
    return (
        with_doubts(texts)
        .annotate(passages=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .select_related("mission__project__holder")
        .defer("mission__search")
    )


def with_doubts(texts: QuerySet[Text]) -> QuerySet[Text]:
    """`doubtful`: how many of its passages are to be looked at again."""
    counted = (
        _doubtful()
        .filter(version__text=OuterRef("pk"))
        .order_by()
        .values("version__text")
        .annotate(n=Count("pk", distinct=True))
        .values("n")
    )
    return texts.annotate(doubtful=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def doubts_in(texts: QuerySet[Text]) -> int:
    """How many passages of these texts are to be looked at again."""
    rows = _doubtful().filter(version__text__in=texts.order_by().values("pk"))
    return int(rows.distinct().count())


def _doubtful() -> Any:
    excerpts: Any = TextVersion._meta.get_field("excerpts").related_model
    return excerpts._default_manager.filter(excerpts.DOUBTFUL)


def matching_words(texts: QuerySet[Text], words: str) -> QuerySet[Text]:
    """Texts whose pseudonymised wording, title or mission answers `words`."""
    wording = TextVersion.objects.filter(
        text=OuterRef("pk"),
        kind=VersionKind.PSEUDONYMISED,
        current=True,
        search=french_query(words),
    )
    return texts.filter(
        Q(Exists(wording))
        | Q(title__icontains=words)
        | Q(mission__reference__icontains=words)
        | Q(mission__title__icontains=words)
    )


def latest_version(text: Text, kind: str) -> TextVersion | None:
    return text.versions.defer("search").filter(kind=kind, current=True).first()


def reading_version(text: Text) -> TextVersion:
    """The wording people read and code: the pseudonymised one in force.

    Raises `TextVersion.DoesNotExist` for a text that has none, which `add_text` never leaves.
    """
    found = latest_version(text, VersionKind.PSEUDONYMISED)
    if found is None:
        raise TextVersion.DoesNotExist
    return found


@dataclass(frozen=True)
class Gap:
    """One cell of the coverage: how many interviews of a type, moment and audience."""

    type: str
    moment: str
    audience: str
    count: int


@dataclass(frozen=True)
class CoverageRow:
    label: str
    cells: list[Gap]


@dataclass(frozen=True)
class Coverage:
    """Interviews by mission type × (moment, audience); `missing` says where there is none."""

    columns: list[str]
    rows: list[CoverageRow]

    @property
    def missing(self) -> list[str]:
        return [
            f"{row.label} : {column.lower()}"
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if not cell.count
        ]


def coverage(programme: Programme | None) -> Coverage:
    """Which kinds of mission, moments and audiences have been heard, in one query.

    Counts only: it opens no text. A mission of two types counts under each.
    """
    rows = (
        Text.objects.filter(programme=programme, kind=TextKind.INTERVIEW, withdrawn_at__isnull=True)
        .order_by()
        .values_list("mission__components__type", "moment", "audience")
        .annotate(n=Count("pk", distinct=True))
    )
    found = {(kind, moment, audience): n for kind, moment, audience, n in rows}
    heads = [(moment, audience) for moment in Moment for audience in Audience]
    return Coverage(
        columns=[f"{moment.label} · {audience.label}" for moment, audience in heads],
        rows=[
            CoverageRow(
                str(kind.label),
                [Gap(kind, m, a, found.get((kind, m, a), 0)) for m, a in heads],
            )
            for kind in MissionType
        ],
    )


def counts_by_kind(texts: QuerySet[Text]) -> dict[str, int]:
    rows = texts.order_by().values_list("kind").annotate(n=Count("pk", distinct=True))
    return dict(rows)


def pseudonym_terms(text: Text) -> list[tuple[str, str]]:
    """`(term, replacement)` of its mission, then of its programme. A text of no mission may name
    people of any: it takes the terms of all. Of two for one term the nearest holds."""
    wide = Q(programme=text.programme_id)
    own = Q(mission=text.mission_id) if text.mission_id else Q(mission__programme=text.programme_id)
    rows = Pseudonym.objects.filter(wide | own).order_by("mission_id", "pk")
    found: dict[str, tuple[str, str]] = {}
    for term, replacement in rows.values_list("term", "replacement"):
        found.setdefault(name_key(term), (term, replacement))
    return list(found.values())


def texts_touched(of: Mission | Programme) -> QuerySet[Text]:
    """The texts in which a term of a mission, or of a programme, is hidden."""
    if isinstance(of, Programme):
        return Text.objects.filter(programme=of)
    return Text.objects.filter(Q(mission=of) | Q(mission=None, programme=of.programme_id))
