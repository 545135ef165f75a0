"""Puts the signed-in person and the address into the row history of every write."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def actor_context(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in _READING:
            return get_response(request)
        actor = request.user.pk if request.user.is_authenticated else None
        with pghistory.context(actor=actor, url=request.path):
            return get_response(request)

    return middleware
