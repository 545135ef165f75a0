"""What the script asks for; its answers never redirect and are never mistaken for others."""

from typing import Any
from uuid import UUID

from allauth.account.views import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from explor import clock
from explor.accounts.models import User
from explor.offline.actions import Reused, apply_operation
from explor.offline.operations import MAX_BYTES, Malformed, read_json
from explor.offline.queries import open_choices
from explor.offline.records import UnknownKind, kinds, record_type
from explor.ui.keeping import may_be_kept

#: Only an answer that carries it comes from here: captive portals and proxies answer 200 too.
MARK = "X-Explor-Answer"


def answer(status: int = 200, **told: Any) -> JsonResponse:
    response = JsonResponse(told, status=status)
    response[MARK] = "1"
    return response


def signed_out() -> JsonResponse:
    return answer(401, error="Votre session a pris fin.")


@login_not_required
@never_cache
@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Who is here, with a fresh token; a session in use starts its thirty days again."""
    if not isinstance(request.user, User):
        return signed_out()
    request.session.modified = True
    return answer(
        user=str(request.user.uuid),
        csrf=get_token(request),
        schemas={kind: known.schema for kind, known in kinds().items()},
    )


@login_not_required
@never_cache
@require_POST
def sync(request: HttpRequest, kind: str, record: UUID) -> HttpResponse:
    """One sending: 200 with what became of each field, or why nothing was written."""
    if not isinstance(request.user, User):
        return signed_out()
    try:
        return _apply(kind, record, request)
    except RequestDataTooBig:
        return answer(413, error="Cet envoi est trop long pour être reçu en une fois.")
    except (UnknownKind, Http404):
        return answer(404, error="Ce dossier n’existe plus, ou ne vous est plus ouvert.")
    except PermissionDenied:
        return answer(403, error="Ce dossier ne peut plus être modifié.")
    except Reused as reused:
        return answer(409, error=reused.reason)
    except Malformed:
        return answer(422, error="Cet envoi n’a pas pu être lu.")


def _apply(kind: str, uuid: UUID, request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    record = record_type(kind).find(request.user, uuid)
    outcome = apply_operation(kind, record, read_json(_body(request)), actor=request.user)
    choices = open_choices(kind, record)
    return answer(
        fields=outcome.fields,
        at=int(clock.now().timestamp() * 1000),
        choices=render_to_string("offline/_choices.html", {"choices": choices}),
    )


def _body(request: HttpRequest) -> bytes:
    """Raises `Malformed` for a form, which was read as such, `RequestDataTooBig`."""
    try:
        body = request.body
    except RawPostDataException as error:
        raise Malformed("un formulaire") from error
    if len(body) > MAX_BYTES:
        raise RequestDataTooBig
    return body


@may_be_kept
@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it covers the whole site; its own build names it."""
    return render(
        request, "offline/service_worker.js", content_type="text/javascript; charset=utf-8"
    )


@may_be_kept
@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    return render(request, "offline/manifest.json", content_type="application/manifest+json")


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """The page says whether nothing is left to send on the device: then the browser forgets all
    it kept. Without its word nothing typed is wiped."""
    response: HttpResponse = logout(request)
    if request.method == "POST":
        wiped = '"cache", "storage"' if request.POST.get("device") == "empty" else '"cache"'
        response["Clear-Site-Data"] = wiped
    return response
