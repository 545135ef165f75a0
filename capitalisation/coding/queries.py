"""Reading codes and passages; what may be quoted, and to whom."""

from dataclasses import dataclass, field

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from capitalisation.coding.models import Code, Coding, CodingStatus, Excerpt
from capitalisation.corpus.models import Circle, QuoteLevel, TextVersion, VersionKind
from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, Programme, ProgrammePartner

READERS = (Role.RESEARCHER, Role.COORDINATOR, Role.COMMITTEE)


def codes_of(programme: Programme) -> QuerySet[Code]:
    """The live codes of the programme's codebook, with the number of passages of each."""
    read = standing(Excerpt.objects.order_by())
    kept = (
        Coding.objects.filter(code=OuterRef("pk"), excerpt__in=read.values("pk"))
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


def standing(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Passages of the wording that is read today, consent standing. The others, which the team
    alone sees on the page of their text, may hold words that were hidden or changed since."""
    return excerpts.filter(
        version__kind=VersionKind.PSEUDONYMISED,
        version__current=True,
        version__text__withdrawn_at=None,
    )


def settled(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Those that may leave the team: standing, and looked at since their words last changed."""
    return standing(excerpts).exclude(Excerpt.DOUBTFUL)


def excerpts_for(user: User, programme: Programme) -> QuerySet[Excerpt]:
    """Coded passages `user` may read: pseudonymised, consent standing, settled, within the circle
    that each person accepted. Researchers read all that stands. Nobody reads those of a mission
    in which they have declared a tie."""
    partners = ProgrammePartner.objects.filter(programme=programme)
    tied = ConflictOfInterest.objects.filter(user=user).values("mission")
    rows = Excerpt.objects.filter(version__text__programme=programme).exclude(
        Q(version__text__mission__isnull=False) & Q(version__text__mission__in=tied)
    )
    roles = user.standing
    if partners.filter(organisation__in=roles.organisations(Role.RESEARCHER)).exists():
        return standing(rows)
    readers = {o for role in READERS for o in roles.organisations(role)}
    if not partners.filter(organisation__in=readers).exists():
        return rows.none()
    return settled(rows).exclude(version__text__circle=Circle.TEAM)


def quotable(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """Passages that may be printed for everyone: settled, consent given to the public."""
    return (
        settled(excerpts)
        .filter(version__text__circle=Circle.PUBLIC)
        .exclude(version__text__quote_level=QuoteLevel.NONE)
    )


def with_source(excerpts: QuerySet[Excerpt]) -> QuerySet[Excerpt]:
    """What showing a passage needs, without a query each."""
    return excerpts.select_related("version__text__mission__project__holder").defer(
        "version__body", "version__search", "version__text__mission__search"
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """A coding as a page shows it; `coder` is the name of who applied it, `doubtful` when the
    words changed since."""

    pk: int
    label: str
    coder_id: int | None
    coder: str
    doubtful: bool


def passages_of(version: TextVersion) -> QuerySet[Excerpt]:
    """The coded passages of a text in reading order, without what no page shows: those of this
    version, and those that stayed behind on a former one."""
    rows = Excerpt.objects.filter(version__text=version.text_id)
    return rows.only("version", "start", "end", "quote").order_by("start", "end")


def applied_to(excerpts: QuerySet[Excerpt]) -> dict[int, list[Applied]]:
    """Passage id → its codings, oldest first, in one query. Not as models: a text may have
    thousands, and three objects for each took most of the time of the page."""
    rows = Coding.objects.filter(excerpt__in=excerpts.order_by().values("pk"))
    found: dict[int, list[Applied]] = {}
    for excerpt, pk, label, status, coder, first, last, email in rows.order_by(
        "coded_at", "pk"
    ).values_list(
        "excerpt",
        "pk",
        "code__label",
        "status",
        "coder",
        "coder__first_name",
        "coder__last_name",
        "coder__email",
    ):
        name = f"{first or ''} {last or ''}".strip() or email or ""
        found.setdefault(excerpt, []).append(
            Applied(pk, label, coder, name, status == CodingStatus.TO_REVIEW)
        )
    return found
