"""When the database or the broker is away: a page says so and keeps what was typed."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from explor.logs import told_path
from explor.ui.typed import typed_text

OUTAGES = (OperationalError, InterfaceError, BrokerError, RedisConnectionError, RedisTimeoutError)
RETRY_AFTER = 30

logger = logging.getLogger("explor.outage")

GetResponse = Callable[[HttpRequest], HttpResponse]


def is_outage(error: BaseException | None) -> bool:
    """Whether a part of the machinery did not answer, however deep the error was wrapped."""
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


class _OutagePage:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
        return outage_response(request, error) if is_outage(error) else None


def outage_page(get_response: GetResponse) -> _OutagePage:
    """Middleware. What fails outside the view (saving the session) reaches `server_error`."""
    return _OutagePage(get_response)
