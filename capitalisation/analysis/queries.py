"""Reading focuses, and the passages a person may see behind a figure."""

from django.db.models import QuerySet

from capitalisation.analysis.models import Focus
from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import quotable, with_source
from explor.accounts.models import User
from missions.dossier.models import Programme


def focuses_of(programme: Programme) -> QuerySet[Focus]:
    return Focus.objects.filter(programme=programme).order_by("number")


def evidence_of(focus: Focus) -> QuerySet[Excerpt]:
    """The passages shown with the focus, in their order, consent still standing."""
    rows = Excerpt.objects.filter(focus_rows__focus=focus, version__text__withdrawn_at=None)
    return with_source(rows).order_by("focus_rows__position", "focus_rows__pk")


def printed_evidence(focus: Focus) -> QuerySet[Excerpt]:
    """Those that may be printed for everyone."""
    return quotable(evidence_of(focus))


def may_read_analysis(user: User, programme: Programme | None) -> bool:
    return programme is not None and user.has_perm("capitalisation.read_analysis", programme)
