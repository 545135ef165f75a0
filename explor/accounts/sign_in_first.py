"""Pages open to who is signed in; a session that ended loses nothing of what was typed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

READING = ("GET", "HEAD")


class SignInFirst(LoginRequiredMiddleware):
    """Sends to sign-in, and from there back to the page where the form stands.

    A part of a page (htmx) is answered 401: a redirect would be followed in silence, and the
    sign-in page put in the place of what was being written.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(
                "Votre session a pris fin.", status=401, content_type="text/plain; charset=utf-8"
            )
        if request.method in READING:
            return super().handle_no_permission(request, view_func)
        login = self.get_login_url(view_func)
        return redirect_to_login(
            _form_page(request), login, self.get_redirect_field_name(view_func)
        )


def _form_page(request: HttpRequest) -> str:
    """Where the form was drawn, as the browser tells it; my work when it does not."""
    told = request.headers.get("Referer", "")
    secure = request.is_secure()
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=secure):
        return resolve_url("accueil")
    parts = urlsplit(told)
    return parts.path + (f"?{parts.query}" if parts.query else "")
