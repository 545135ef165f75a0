"""Correcting the sheet of an organisation, or one's own profile as a volunteer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from explor.accounts.http import PersonRequest
from explor.accounts.models import Organisation
from explor.ui.clashes import clashes
from explor.ui.errors import Refusal, Stale
from missions.actors.editing import edit_organisation, edit_volunteer
from missions.actors.editing_forms import OrganisationForm, VersionedForm, VolunteerForm
from missions.actors.models import Volunteer


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: PersonRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(Organisation, uuid=uuid)
    if not request.user.has_perm("missions.manage_organisation", found):
        raise Http404
    form = OrganisationForm(request.POST or None, organisation=found)
    context: dict[str, Any] = {"form": form, "organisation": found, "version": found.version}
    if request.method == "POST":

        def save(data: dict[str, Any], version: int) -> None:
            edit_organisation(found, data, actor=request.user, version=version)

        if (status := _saved(form, save, context)) == 200:
            messages.success(request, "La fiche est enregistrée.")
            return redirect("organisation", uuid)
        return render(request, "missions/actors/organisation_edit.html", context, status=status)
    return render(request, "missions/actors/organisation_edit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_profile(request: PersonRequest) -> HttpResponse:
    """One's own; nobody else's is reached here."""
    rows = Volunteer.objects.select_related("user", "home_structure")
    found = get_object_or_404(rows, user=request.user)
    form = VolunteerForm(request.POST or None, volunteer=found)
    context: dict[str, Any] = {"form": form, "volunteer": found, "version": found.version}
    if request.method == "POST":

        def save(data: dict[str, Any], version: int) -> None:
            edit_volunteer(found, data, actor=request.user, version=version)

        if (status := _saved(form, save, context)) == 200:
            messages.success(request, "Votre profil est enregistré.")
            return redirect("volunteer_profile")
        return render(request, "missions/actors/volunteer_profile.html", context, status=status)
    return render(request, "missions/actors/volunteer_profile.html", context)


def _saved(
    form: VersionedForm, save: Callable[[dict[str, Any], int], None], context: dict[str, Any]
) -> int:
    """200 when saved; otherwise the status of the page that shows again what was typed."""
    if not form.is_valid():
        return 422
    try:
        save(form.data_to_save(), form.cleaned_data["version"])
    except Stale as stale:
        # what differs from the saved text is shown; the next save replaces it knowingly
        context |= {"clashes": clashes(form), "version": stale.version}
        return 409
    except Refusal as refusal:
        form.add_error(None, refusal)
        return 422
    return 200
