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


class _RollingSession:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Behind sign-in only: a public page stands without the database."""
        if not getattr(view, "login_required", True):
            return
        seen, now = request.session.get(SEEN), clock.now().timestamp()
        if seen is not None and now - seen > RENEWED_EVERY.total_seconds():
            request.session[SEEN] = now


def rolling_session(get_response: Callable[[HttpRequest], HttpResponse]) -> _RollingSession:
    """Middleware: a visit postpones the end of the session."""
    return _RollingSession(get_response)
