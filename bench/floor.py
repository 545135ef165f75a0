"""The floor of every page: an empty view of our own project, the person signed in."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ADDRESS = "plancher/"
#: A request that carries this header is told how many queries it took.
COUNT = "X-Count-Queries"


def empty(request: HttpRequest) -> HttpResponse:
    """Session and user are read by the middleware, as for every page: two queries."""
    return HttpResponse(f"{request.user.pk}")


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if COUNT not in request.headers:
            return get_response(request)
        seen: list[str] = []

        def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(wrapper):
            response = get_response(request)
        response[COUNT] = str(len(seen))
        return response

    return middleware
