"""What anyone may read: home, mission sheets, guidance."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from explor.documents.views import file_response
from explor.ui.keeping import may_be_kept
from missions.dossier.documents import paper_sheet
from missions.dossier.library import library, sheet_list_for
from missions.dossier.models import Mission
from missions.dossier.sheets import Sheet, public_missions
from missions.dossier.shown import shown_sheet


@may_be_kept
@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", {"library": library()})


@may_be_kept
@login_not_required
@require_safe
def sheet_list(request: HttpRequest) -> HttpResponse:
    found = sheet_list_for(request.GET)
    context = {"list": found, "page": found.page}
    return render(request, "missions/public/sheet_list.html", context)


@may_be_kept
@login_not_required
@require_safe
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    mission = _published(reference)
    if mission.joint_with_id:
        return redirect("sheet", reference=_main(mission).reference, permanent=False)
    context = {"sheet": shown_sheet(mission)}
    return render(request, "missions/public/sheet.html", context)


@may_be_kept
@login_not_required
@require_safe
def sheet_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The paper sheet; a reader who has it already receives nothing again."""
    paper = paper_sheet(_sheet(_published(reference)))
    etag = f'"{paper.etag}"'
    response = get_conditional_response(request, etag=etag)
    if response is None or response.status_code != 304:
        name = f"fiche-mission-{reference}.pdf"
        response = file_response(paper.pdf(), name=name, content_type="application/pdf")
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    return response


@may_be_kept
@login_not_required
@require_safe
def propose_mission(request: HttpRequest) -> HttpResponse:
    return render(request, "missions/public/propose_mission.html")


@may_be_kept
@login_not_required
@require_safe
def become_volunteer(request: HttpRequest) -> HttpResponse:
    return render(request, "missions/public/become_volunteer.html")


@may_be_kept
@login_not_required
@require_safe
def resources(request: HttpRequest) -> HttpResponse:
    return render(request, "missions/public/resources.html")


def _published(reference: str) -> Mission:
    """Raises `Http404` for a sheet that a second person has not approved."""
    rows = public_missions().select_related("joint_with").defer("search")
    mission = rows.filter(reference=reference).first()
    if mission is None:
        raise Http404("Aucune fiche publiée de cette référence.")
    return mission


def _main(mission: Mission) -> Mission:
    return mission.joint_with or mission


def _sheet(mission: Mission) -> Sheet:
    return shown_sheet(_main(mission))
