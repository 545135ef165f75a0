"""The page that suspends a mission and takes it up again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from explor import clock
from explor.accounts.http import PersonRequest
from explor.intake.typed import reason_in
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.forms import SuspensionForm
from missions.dossier.models import Mission
from missions.dossier.page import find_mission, page_context
from missions.dossier.queries import acts_on
from missions.dossier.suspension import VERB, resume, suspend

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def mission_suspension(request: PersonRequest, reference: str) -> HttpResponse:
    found = _find(request, reference)
    form = SuspensionForm(request.POST or None, initial={"until": found.suspended_until})
    if request.method == "POST" and form.is_valid():
        until = form.cleaned_data["until"]
        try:
            suspend(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"La mission est suspendue jusqu’au {until:%d/%m/%Y}.")
            return redirect("mission_suspension", reference=reference)
    context = page_context(found, request.user, "mission") | {
        "tab_label": "Suspension",
        "form": form,
        "on_hold": found.is_on_hold(clock.today()),
        "may_start": found.state in lifecycle.ACCEPTED,
        "entries": list(acts_on(found, request.user).filter(verb=VERB)[:SHOWN]),
    }
    return render(request, "missions/dossier/mission_suspension.html", context)


@require_POST
def mission_resume(request: PersonRequest, reference: str) -> HttpResponse:
    found = _find(request, reference)
    try:
        resume(found, because=reason_in(request), actor=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "La mission reprend.")
    return redirect("mission_suspension", reference=reference)


def _find(request: PersonRequest, reference: str) -> Mission:
    """The page does not exist for who may not suspend."""
    found = find_mission(request.user, reference)
    if not request.user.has_perm("missions.suspend", found):
        raise Http404
    return found
