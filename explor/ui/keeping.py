"""What a browser or a proxy may keep of an answer: nothing, unless the page says it is public.

The service worker is no exception: it keeps by itself the pages that somebody takes along.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from explor.logs import SECRET_PATHS

NOTHING = "no-store, private"
KEPT_STATUSES = frozenset({200, 301, 304})

View = TypeVar("View", bound=Callable[..., Any])


def may_be_kept(view: View) -> View:
    """On a public page, the same for every stranger. Drawn for somebody who has a session, or
    with an error, it is not kept."""
    view.may_be_kept = True  # type: ignore[attr-defined]
    return view


class _Keeping:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(settings.STATIC_URL) and response.status_code in KEPT_STATUSES:
            return response
        if _is_public(request, response):
            patch_vary_headers(response, ["Cookie"])
        else:
            response["Cache-Control"] = NOTHING
        if request.path.startswith(_SECRET):
            # its address is not told to the files it asks for; the site's name alone leaves
            response["Referrer-Policy"] = "strict-origin"
        return response


_SECRET = tuple(f"/{path}" for path in SECRET_PATHS)


def _is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    said = {word.strip() for word in response.get("Cache-Control", "").split(",")}
    if response.status_code not in KEPT_STATUSES or "no-store" in said:
        return False
    if "public" in said:
        return True
    match = request.resolver_match
    cookie = settings.SESSION_COOKIE_NAME
    nobody = cookie not in request.COOKIES and cookie not in response.cookies
    return bool(match and nobody and getattr(match.func, "may_be_kept", False))


def keep_nothing(get_response: Callable[[HttpRequest], HttpResponse]) -> _Keeping:
    """Middleware, around every other: errors and redirections are answers too."""
    return _Keeping(get_response)
