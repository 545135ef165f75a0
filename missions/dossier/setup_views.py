"""`/reglages/programmes/`: programmes and territories, for the administration."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from explor.accounts.http import PersonRequest
from explor.ui.clashes import clashes
from explor.ui.errors import Refusal, Stale
from missions.dossier import setup_actions
from missions.dossier.models import Programme, Territory
from missions.dossier.setup_forms import ProgrammeForm, TerritoryForm


def _allowed(request: PersonRequest) -> None:
    if not request.user.has_perm("missions.set_up"):
        raise Http404


@require_safe
def programme_list(request: PersonRequest) -> HttpResponse:
    _allowed(request)
    context = {
        "programmes": Programme.objects.prefetch_related("territories"),
        "territories": Territory.objects.prefetch_related("networks"),
    }
    return render(request, "missions/dossier/programme_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_edit(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """A new programme, or one to correct."""
    _allowed(request)
    found = get_object_or_404(Programme, slug=slug) if slug else None
    form = ProgrammeForm(request.POST or None, programme=found)

    def save() -> object:
        data, fixed = form.texts(), form.cleaned_data
        if found is None:
            token = fixed["token"] or uuid4()
            return setup_actions.create_programme(data, actor=request.user, token=token)
        version = fixed["version"] or 0
        return setup_actions.save_programme(found, data, actor=request.user, version=version)

    return _page(request, "programme_edit", form, found, save)


@require_http_methods(["GET", "HEAD", "POST"])
def territory_edit(request: PersonRequest, slug: str | None = None) -> HttpResponse:
    """A new territory, or one to correct."""
    _allowed(request)
    found = get_object_or_404(Territory, slug=slug) if slug else None
    form = TerritoryForm(request.POST or None, territory=found)

    def save() -> object:
        fixed = form.cleaned_data
        data = {"name": fixed["name"], "networks": fixed["networks"], "actor": request.user}
        if found is None:
            return setup_actions.create_territory(**data, token=fixed["token"] or uuid4())
        return setup_actions.save_territory(found, **data, version=fixed["version"] or 0)

    return _page(request, "territory_edit", form, found, save)


def _page(
    request: PersonRequest,
    name: str,
    form: ProgrammeForm | TerritoryForm,
    found: Programme | Territory | None,
    save: Callable[[], object],
) -> HttpResponse:
    """The form, or the list after saving; a refusal or a stale save loses nothing typed."""
    context: dict[str, Any] = {"form": form, "found": found}
    context["version"] = found.version if found else ""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                save()
            except Stale as stale:
                context |= {"clashes": clashes(form), "version": stale.version}
                status = 409
            except Refusal as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, "C’est enregistré.")
                return redirect("programme_list")
    return render(request, f"missions/dossier/{name}.html", context, status=status)
