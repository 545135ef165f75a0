"""When the database or the broker is away: a page says so and keeps what was typed.

Two people who save at the very same moment are no outage: the request is done again by itself,
and if it cannot be, a page of its own says so.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import get_user
from django.contrib.messages import get_messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from explor.again import TIMES, Committed, is_clash, pause, sqlstates
from explor.logs import told_path
from explor.ui.typed import typed_text

OUTAGES = (OperationalError, InterfaceError, BrokerError, RedisConnectionError, RedisTimeoutError)
RETRY_AFTER = 30
#: Classes of what PostgreSQL says when it is itself away: connection, resources, operator, system.
AWAY = ("08", "53", "57", "58", "F0", "XX")

logger = logging.getLogger("explor.outage")

GetResponse = Callable[[HttpRequest], HttpResponse]


def is_outage(error: BaseException | None) -> bool:
    """Whether a part of the machinery did not answer, however deep the error was wrapped.

    PostgreSQL that answers with a refusal (a limit of ours, a lock) is there: that is no outage.
    """
    if any(not state.startswith(AWAY) for state in sqlstates(error)):
        return False
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, OUTAGES):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def outage_response(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, rendered without any query; a POST's text is in the page, ready to be sent again."""
    logger.error("%s %s: %s", request.method, told_path(request.path), error)
    context = {"typed": typed_text(request), "path": request.get_full_path(), "retry": RETRY_AFTER}
    response = HttpResponse(render_to_string("errors/503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def busy_response(request: HttpRequest, error: BaseException) -> HttpResponse:
    """409: somebody saved the same thing at the same moment, each time it was tried."""
    logger.error("%s %s met another request: %s", request.method, told_path(request.path), error)
    context = {"typed": typed_text(request), "path": request.get_full_path()}
    response = HttpResponse(render_to_string("errors/busy.html", context), status=409)
    response["Cache-Control"] = "no-store"
    return response


def _as_it_came(request: HttpRequest) -> None:
    """What the first attempt left on the request is forgotten; files are read from their start."""
    request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]
    vars(request).pop("_cached_user", None)
    vars(get_messages(request)).get("_queued_messages", []).clear()
    if "_files" in vars(request):
        for file in (one for _, many in request.FILES.lists() for one in many):
            file.seek(0)


class _OutagePage:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        committed = Committed()
        request.committed = committed  # type: ignore[attr-defined]
        with committed.listening():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """The person is loaded here, inside our net, just before the sign-in check would do it."""
        if not getattr(view, "login_required", True):
            return None
        try:
            _ = request.user.is_authenticated
        except OUTAGES as error:
            return outage_response(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_clash(error):
            return self._again(request, error)
        return outage_response(request, error) if is_outage(error) else None

    def _again(self, request: HttpRequest, error: Exception) -> HttpResponse:
        match = request.resolver_match
        committed: Committed | None = getattr(request, "committed", None)
        for attempt in range(1, TIMES):
            if match is None or committed is None or committed.anything:
                break
            pause(attempt)
            _as_it_came(request)
            try:
                response: HttpResponse = match.func(request, *match.args, **match.kwargs)
                return response
            except Exception as met:
                if not is_clash(met):
                    raise
                error = met
        return busy_response(request, error)


def outage_page(get_response: GetResponse) -> _OutagePage:
    """Middleware. What fails outside the view (saving the session) reaches `server_error`."""
    return _OutagePage(get_response)
