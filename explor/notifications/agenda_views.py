"""The diary's address: read without signing in, shown and renewed on the settings page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_POST, require_safe

from explor.accounts.http import PersonRequest
from explor.notifications import actions
from explor.notifications.agenda import feed_of
from explor.notifications.queries import person_of_calendar


@login_not_required
@require_safe
def agenda(request: HttpRequest, secret: str) -> HttpResponse:
    """The secret of the address stands for the sign-in; taken away or renewed, it is nowhere."""
    person = person_of_calendar(secret)
    if person is None:
        raise Http404
    content, mark = feed_of(person)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = quote_etag(mark)
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if unchanged is None else unchanged


@require_POST
def agenda_open(request: PersonRequest) -> HttpResponse:
    """A new address; the former one, if any, stops at once."""
    actions.open_calendar(actor=request.user)
    told = "Votre adresse d’agenda est prête. L’ancienne, s’il y en avait une, ne répond plus."
    messages.success(request, told)
    return redirect("inbox_settings")


@require_POST
def agenda_close(request: PersonRequest) -> HttpResponse:
    actions.close_calendar(actor=request.user)
    messages.success(request, "L’adresse d’agenda est supprimée : elle ne répond plus.")
    return redirect("inbox_settings")
