"""How long one stays signed in: thirty days after the last visit, twelve hours for the teams.

The session is written again at most once every ten minutes, so that reading costs no write.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse

from explor import clock
from explor.accounts.models import TEAM, User

TEAM_IDLE = timedelta(hours=12)
RENEWED_EVERY = timedelta(minutes=10)
SEEN = "seen_at"


def open_session(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """At sign-in: a shared office computer forgets a team member sooner than a phone does."""
    if user.standing.holds(*TEAM):
        request.session.set_expiry(int(TEAM_IDLE.total_seconds()))
    request.session[SEEN] = clock.now().timestamp()


def listen() -> None:
    user_logged_in.connect(open_session, dispatch_uid="explor.accounts.sessions")


def rolling_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a visit postpones the end of the session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        seen = request.session.get(SEEN)
        now = clock.now().timestamp()
        if seen is not None and now - seen > RENEWED_EVERY.total_seconds():
            request.session[SEEN] = now
        return get_response(request)

    return middleware
