"""Puts the signed-in person and the route (never a secret) into the row history of every write."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

from explor.logs import told_path

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def actor_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in _READING:
            return get_response(request)
        actor = request.user.pk if request.user.is_authenticated else None
        with pghistory.context(actor=actor, url=told_path(request.path)):
            return get_response(request)

    return middleware
