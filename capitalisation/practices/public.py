"""Good practices as anyone reads them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from capitalisation.practices.queries import missions_of, published, verbatims_of, with_evidence
from explor.search.fields import in_order
from explor.ui.keeping import may_be_kept
from missions.dossier.models import Mission
from missions.dossier.sheets import public_missions
from missions.dossier.shown import as_shown


@may_be_kept
@login_not_required
@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    practices = [
        (practice, len(missions_of(practice)))
        for practice in with_evidence(published().select_related("programme"))
    ]
    return render(request, "capitalisation/practices/practice_list.html", {"practices": practices})


@may_be_kept
@login_not_required
@require_safe
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """With the passages that consent lets everyone read, and the missions it comes from: only
    those with a public sheet are linked or named."""
    found = get_object_or_404(published().select_related("programme"), slug=slug)
    behind = missions_of(with_evidence(published().filter(pk=found.pk)).get())
    context = {
        "practice": found,
        "verbatims": verbatims_of(found),
        "missions": _public(behind),
        "others": published(found.programme).exclude(pk=found.pk),
    }
    return render(request, "capitalisation/practices/practice.html", context)


def _public(missions: list[Mission]) -> list[Mission]:
    """Those on a public sheet; a mission led with another is shown by that one's sheet."""
    keys = [mission.pk for mission in missions]
    rows = public_missions().filter(pk__in=keys).select_related("joint_with").defer("search")
    mains = {row.joint_with_id or row.pk: None for row in rows.order_by(in_order())}
    shown = {
        row.pk: row for row in as_shown(public_missions().filter(pk__in=mains).defer("search"))
    }
    return [shown[key] for key in mains]
