"""Reading the corpus: only texts whose consent holds, only to those who may read them."""

from dataclasses import dataclass

from django.db.models import (
    Count,
    Exists,
    F,
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
    Text,
    TextKind,
    TextVersion,
    VersionKind,
)
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
        excerpts._default_manager.filter(version__text=OuterRef("pk"), codings__isnull=False)
        .order_by()
        .values("version__text")
        .annotate(n=Count("pk", distinct=True))
        .values("n")
    )
    return (
        texts.annotate(passages=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .select_related("mission__project__holder")
        .defer("mission__search")
    )


def matching_words(texts: QuerySet[Text], words: str) -> QuerySet[Text]:
    """Texts whose pseudonymised wording, title or mission answers `words`."""
    wording = TextVersion.objects.filter(
        text=OuterRef("pk"), kind=VersionKind.PSEUDONYMISED, search=french_query(words)
    )
    return texts.filter(
        Q(Exists(wording))
        | Q(title__icontains=words)
        | Q(mission__reference__icontains=words)
        | Q(mission__title__icontains=words)
    )


def latest_version(text: Text, kind: str) -> TextVersion | None:
    return text.versions.defer("search").filter(kind=kind).order_by("-no").first()


def reading_version(text: Text) -> TextVersion:
    """The wording people read and code: the latest pseudonymised one.

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


def pseudonym_terms(mission: Mission | None) -> list[tuple[str, str]]:
    """`(term, replacement)` of a mission; none for a text without a mission."""
    if mission is None:
        return []
    return list(mission.pseudonyms.values_list(F("term"), F("replacement")))
