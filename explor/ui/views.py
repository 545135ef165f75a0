"""The style page and what is said when something goes wrong."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from explor.again import is_clash
from explor.ui.keeping import may_be_kept
from explor.ui.outage import busy_response, is_outage, outage_response
from explor.ui.samples import samples
from explor.ui.typed import typed_text


@may_be_kept
@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


@require_safe
def account_settings(request: HttpRequest) -> HttpResponse:
    return render(request, "account/settings.html")


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/style_guide.html", samples())


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The text is given back to be copied; it is never sent again from here, because this POST
    may have been forged elsewhere."""
    context = {"typed": typed_text(request), "path": request.path}
    return HttpResponse(render_to_string("errors/csrf.html", context), status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without any query. An outage met outside a view is told as an outage."""
    error = sys.exc_info()[1]
    if error is not None and is_clash(error):
        return busy_response(request, error)
    if error is not None and is_outage(error):
        return outage_response(request, error)
    return HttpResponse(
        render_to_string("500.html", {"typed": typed_text(request), "path": request.path}),
        status=500,
    )
