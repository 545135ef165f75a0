"""Reading focuses, and the passages a person may see behind a figure."""

from django.db.models import Q, QuerySet

from capitalisation.analysis.models import Focus
from capitalisation.coding.models import Excerpt
from capitalisation.coding.queries import excerpts_for, with_source
from capitalisation.coding.readers import everyones
from explor.accounts.models import User
from missions.dossier.models import Programme


def focuses_of(programme: Programme) -> QuerySet[Focus]:
    return Focus.objects.filter(programme=programme).order_by("number")


def evidence_of(focus: Focus, user: User) -> QuerySet[Excerpt]:
    """The passages shown with the focus, in their order, as far as `user` may read."""
    return _shown(excerpts_for(user, focus.programme), focus)


def printed_evidence(focus: Focus) -> QuerySet[Excerpt]:
    """Those that may be printed for everyone."""
    return _shown(everyones(), focus)


def choosable_evidence(focus: Focus, user: User) -> QuerySet[Excerpt]:
    """What its writer may choose: passages of its codes and of those right under, and what was
    chosen before."""
    chosen = focus.codes.values("pk")
    of_codes = Q(codings__code__in=chosen) | Q(codings__code__parent__in=chosen)
    rows = excerpts_for(user, focus.programme)
    return with_source(rows.filter(of_codes | Q(focus_rows__focus=focus)).distinct())


def _shown(door: QuerySet[Excerpt], focus: Focus) -> QuerySet[Excerpt]:
    rows = with_source(door.filter(focus_rows__focus=focus))
    return rows.order_by("focus_rows__position", "focus_rows__pk")


def may_read_analysis(user: User, programme: Programme | None) -> bool:
    return programme is not None and user.has_perm("capitalisation.read_analysis", programme)
