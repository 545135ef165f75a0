"""The one door: addresses, queries, cookies and forms are cleaned before anything reads them."""

import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

from explor.intake.text import clean
from explor.intake.typed import TooLong
from explor.ui.typed import typed_text

GetResponse = Callable[[HttpRequest], HttpResponse]

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: A password is compared sign by sign: it is taken as it was typed.
_AS_TYPED = re.compile("password", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class _Intake:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _CONTROL.search(request.path_info):
            raise Http404("Aucune adresse ne contient ce signe.")
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if not _CONTROL.search(value)
        }
        request.GET = cleaned(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """A view without the CSRF check takes a body of its own, which is left unread."""
        if request.content_type not in FORMS or getattr(view, "csrf_exempt", False):
            return
        try:
            request.POST = cleaned(request.POST)  # type: ignore[assignment]
        except UnreadablePostError:
            return  # the CSRF check says so

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooLong):
            return None
        context = {"typed": typed_text(request), "path": request.get_full_path(), "why": error}
        return HttpResponse(
            render_to_string("errors/too_long.html", context, request=request), status=422
        )


def cleaned(given: QueryDict) -> QueryDict:
    """The same fields in the same order; a name that holds a control sign is nobody's."""
    found = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in given.lists():
        if not _CONTROL.search(name):
            found.setlist(
                name, values if _AS_TYPED.search(name) else [clean(one) for one in values]
            )
    found._mutable = False
    return found


def intake(get_response: GetResponse) -> _Intake:
    """Middleware, before the session reads its cookie."""
    return _Intake(get_response)
