"""One step of the request: its questions, saved as they are typed, and the papers it asks."""

from uuid import UUID, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from explor.accounts.http import PersonRequest
from explor.offline.actions import save_form
from explor.offline.operations import Malformed
from explor.offline.queries import open_sheet
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.models import Mission
from missions.request.annexing import add_annex, kinds_open_to, remove_annex
from missions.request.card import CARD, may_write_card
from missions.request.corrections import asked_fields
from missions.request.fields import KEYS
from missions.request.forms import RequestForm
from missions.request.models import Annex, AnnexKind
from missions.request.queries import answers, request_of
from missions.request.reading import around, rows_of
from missions.request.steps import keep_only, step_context
from missions.request.words import STEPS


@require_http_methods(["GET", "HEAD", "POST"])
def request_step(request: PersonRequest, reference: str, step: str) -> HttpResponse:
    mission = writable(request, reference)
    if step not in STEPS:
        raise Http404("Cette étape n’existe pas.")
    if mission is None:
        return redirect("mission_request", reference)
    if request.method == "POST":
        return _save(request, mission, step)
    asked = request_of(mission)
    found = answers(mission, asked, steps=(step,))
    form = RequestForm(found=found, steps=(step,))
    corrections = asked_fields(mission)
    if mission.state == lifecycle.State.REVIEW:
        keep_only(form, set(corrections))
    card = step != "association" or may_write_card(request.user, mission)
    if not card:
        keep_only(form, KEYS - CARD)
    sheet = open_sheet("request", mission, form)
    context = step_context(mission, asked, step, form, found, corrections)
    context["card"] = [] if card else rows_of("association", found)
    context |= {"sheet": sheet, "kinds": kinds_open_to(request.user, mission)}
    return render(request, "missions/request/request_step.html", context)


def writable(request: PersonRequest, reference: str) -> Mission | None:
    """The mission whose request this person may write; nothing when they may only read it.

    Raises `Http404` for another's, `PermissionDenied` to a reader who sends something.
    """
    rows = Mission.objects.visible_to(request.user).select_related(
        "programme", "territory", "project__holder", "project__local_partner"
    )
    mission = rows.defer("search").filter(reference=reference).first()
    if mission is None:
        raise Http404("Aucune mission de cette référence.")
    if request.user.has_perm("missions.edit_request", mission):
        return mission
    if request.method == "POST":
        raise PermissionDenied
    return None


def _save(request: PersonRequest, mission: Mission, step: str) -> HttpResponse:
    """Texts first, then each paper by itself: nothing refused stops the rest."""
    try:
        outcome = save_form("request", mission, request.POST, actor=request.user)
    except Malformed:
        return HttpResponseBadRequest("Cette page a expiré. Rechargez-la\u00a0: rien n’est perdu.")
    joined = _join(request, mission)
    removed = _remove(request, mission)
    if outcome.refused:
        messages.error(request, "Une réponse est à corriger. Elle est gardée, le reste est fait.")
    settled = outcome.settled and joined and not removed
    going = request.POST.get("go", "stay") if settled else "stay"
    if settled and going != "stay":
        messages.success(request, "C’est enregistré.")
    return _go(mission, step, going)


def _go(mission: Mission, step: str, going: str) -> HttpResponse:
    after = around(step)[1]
    if going == "next" and after:
        return redirect("request_step", mission.reference, after)
    if going in ("next", "summary"):
        return redirect("mission_request", mission.reference)
    return redirect("request_step", mission.reference, step)


def _join(request: PersonRequest, mission: Mission) -> bool:
    """Whether every paper sent was taken; each refused one is named with the reason."""
    taken = True
    for kind in AnnexKind:
        for place, upload in enumerate(request.FILES.getlist(f"annex_{kind}")):
            name = upload.name or "document"
            try:
                token = uuid5(UUID(request.POST.get("token", "")), f"{kind}:{place}:{name}")
                add_annex(mission, kind, upload, name=name, actor=request.user, token=token)
                messages.success(request, f"{kind.label}\u00a0: pièce jointe.")
            except (Refusal, ValueError) as refused:
                taken = False
                reason = refused.reason if isinstance(refused, Refusal) else "rechargez la page."
                messages.error(request, f"{kind.label}\u00a0: {reason}")
    return taken


def _remove(request: PersonRequest, mission: Mission) -> bool:
    """Whether a paper was asked to go."""
    wanted = request.POST.get("remove", "")
    if not wanted:
        return False
    try:
        row = Annex.objects.filter(mission=mission, uuid=UUID(wanted)).first()
        if row is not None:
            remove_annex(row, actor=request.user)
            messages.success(request, f"{row.get_kind_display()}\u00a0: pièce retirée.")
    except Refusal as refused:
        messages.error(request, refused.reason)
    except ValueError:
        return True
    return True
