"""What stands behind a cell of the matrix: its passages for one reader, its count for all."""

from django.db.models import Count, QuerySet

from capitalisation.analysis.matrix import COLUMN, Question, texts
from capitalisation.coding.models import Code, Coding, Excerpt
from capitalisation.corpus.models import VersionKind
from missions.dossier.models import Programme


def cell_excerpts(
    readable: QuerySet[Excerpt],
    programme: Programme,
    question: Question,
    code: Code,
    column: str = "",
) -> QuerySet[Excerpt]:
    """Of the `readable` passages, those behind a cell (or a whole row when `column` is empty)."""
    codings = _cell_codings(programme, question, code, column)
    rows = readable.filter(pk__in=codings.values("excerpt"))
    return rows.order_by("version__text__held_on", "version", "start")


def counted(programme: Programme, question: Question, code: Code, column: str = "") -> int:
    """How many passages the cell counts, whoever may read them."""
    codings = _cell_codings(programme, question, code, column)
    return codings.aggregate(n=Count("excerpt", distinct=True))["n"] or 0


def _cell_codings(
    programme: Programme, question: Question, code: Code, column: str
) -> QuerySet[Coding]:
    looked_at = texts(programme, question).annotate(col=COLUMN[question.by])
    if column:
        looked_at = looked_at.filter(col=column)
    return Coding.objects.filter(
        excerpt__version__text__in=looked_at.values("pk"),
        excerpt__version__kind=VersionKind.PSEUDONYMISED,
        excerpt__version__current=True,
        code__in=branch_ids(code),
    ).order_by()


def branch_ids(code: Code) -> list[int]:
    """The code, what is under it and what was merged into either."""
    rows = Code.objects.filter(codebook=code.codebook_id).values_list(
        "pk", "parent_id", "merged_into_id"
    )
    found, grew = {code.pk}, True
    everything = list(rows)
    while grew:
        more = {pk for pk, parent, merged in everything if parent in found or merged in found}
        grew = not more <= found
        found |= more
    return sorted(found)
