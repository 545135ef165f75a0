"""Reading codes and passages; what may be quoted, and to whom."""

from dataclasses import dataclass, field

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from capitalisation.coding.models import Code, Coding, CodingStatus, Excerpt
from capitalisation.corpus.models import Circle, QuoteLevel, TextVersion
from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, Programme, ProgrammePartner

READERS = (Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE)


def codes_of(programme: Programme) -> QuerySet[Code]:
    """The live codes of the programme's codebook, with the number of passages of each."""
    withdrawn = Excerpt.objects.filter(version__text__withdrawn_at__isnull=False)
    kept = (
        Coding.objects.filter(code=OuterRef("pk"), status=CodingStatus.KEPT)
        .exclude(excerpt__in=withdrawn.order_by().values("pk"))
        .order_by()
        .values("code")
        .annotate(n=Count("excerpt", distinct=True))
        .values("n")
    )
    passages = Coalesce(Subquery(kept, output_field=IntegerField()), 0)
    return _live_codes(programme).annotate(passages=passages)


def _live_codes(programme: Programme) -> QuerySet[Code]:
    rows = Code.objects.filter(codebook__programme=programme, merged_into__isnull=True)
    return rows.order_by("position", "pk")


@dataclass
class Branch:
    """A code and what is under it."""

    code: Code
    under: list["Branch"] = field(default_factory=list)

    @property
    def passages(self) -> int:
        """Passages of the code and of its branch (one counted once per code)."""
        return getattr(self.code, "passages", 0) + sum(branch.passages for branch in self.under)


def code_tree(programme: Programme, *, counted: bool = True) -> list[Branch]:
    """The codebook as a tree, one query; counting passages reads every coding."""
    codes = codes_of(programme) if counted else _live_codes(programme)
    branches = {code.pk: Branch(code) for code in codes}
    roots: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.code.parent_id or 0)
        (parent.under if parent else roots).append(branch)
    return roots


def excerpts_for(user: User, programme: Programme) -> QuerySet[Excerpt]:
    """Coded passages `user` may read: pseudonymised, consent standing, within the circle that
    each person accepted. Researchers read everything that is not withdrawn. Nobody reads those of
    a mission in which they have declared a tie."""
    partners = ProgrammePartner.objects.filter(programme=programme)
    tied = ConflictOfInterest.objects.filter(user=user).values("mission")
    rows = Excerpt.objects.filter(
        version__text__programme=programme, version__text__withdrawn_at=None
    ).exclude(Q(version__text__mission__isnull=False) & Q(version__text__mission__in=tied))
    standing = user.standing
    if partners.filter(organisation__in=standing.organisations(Role.RESEARCHER)).exists():
        return rows
    readers = {o for role in READERS for o in standing.organisations(role)}
    if not partners.filter(organisation__in=readers).exists():
        return rows.none()
    return rows.exclude(version__text__circle=Circle.TEAM)


def quotable(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Passages that may be printed for everyone: consent given to the public, not withdrawn."""
    return excerpts.filter(
        version__text__withdrawn_at=None,
        version__text__circle=Circle.PUBLIC,
        version__kind="pseudonymised",
    ).exclude(version__text__quote_level=QuoteLevel.NONE)


def with_source(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """What showing a passage needs, without a query each."""
    return excerpts.select_related("version__text__mission__project__holder").defer(
        "version__body", "version__search", "version__text__mission__search"
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """A coding as a page shows it; `coder` is the name of who applied it."""

    pk: int
    label: str
    coder_id: int | None
    coder: str


def passages_of(version: TextVersion) -> QuerySet[Excerpt]:
    """The coded passages of one version in reading order, without what no page shows."""
    rows = Excerpt.objects.filter(version=version).only("version", "start", "end", "quote")
    return rows.order_by("start", "end")


def applied_to(excerpts: QuerySet[Excerpt]) -> dict[int, list[Applied]]:
    """Passage id → its codings, oldest first, in one query. Not as models: a text may have
    thousands, and three objects for each took most of the time of the page."""
    rows = Coding.objects.filter(excerpt__in=excerpts.order_by().values("pk"))
    found: dict[int, list[Applied]] = {}
    for excerpt, pk, label, coder, first, last, email in rows.order_by(
        "coded_at", "pk"
    ).values_list(
        "excerpt",
        "pk",
        "code__label",
        "coder",
        "coder__first_name",
        "coder__last_name",
        "coder__email",
    ):
        name = f"{first or ''} {last or ''}".strip() or email or ""
        found.setdefault(excerpt, []).append(Applied(pk, label, coder, name))
    return found
