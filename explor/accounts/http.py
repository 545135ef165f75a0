"""The request as our views receive it, for the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from explor.accounts.models import User


class PersonRequest(HttpRequest):
    """Of a page behind sign-in: LoginRequiredMiddleware makes sure that someone is there."""

    user: User
    htmx: HtmxDetails
