"""What every page knows, read only if the page asks for it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from explor.accounts.models import Role
from explor.notifications.queries import unread_count
from explor.ui.nav import Entry, entries_for


class Frame:
    """`frame` in templates (allauth keeps `site` for itself).

    A visitor costs no query; a signed-in page costs two at most.
    """

    name = "Explor"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO_MODE)

    @cached_property
    def signed_in(self) -> bool:
        user = getattr(self._request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def administers(self) -> bool:
        """Reads the roles that the menu has read already."""
        return self.signed_in and self._request.user.standing.holds(Role.ADMINISTRATOR)  # type: ignore[union-attr]

    @property
    def person(self) -> str:
        """Who is signed in, for what the device keeps; empty for a visitor."""
        return str(self._request.user.uuid) if self.signed_in else ""  # type: ignore[union-attr]

    @cached_property
    def unread(self) -> int:
        return unread_count(self._request.user) if self.signed_in else 0  # type: ignore[arg-type]

    @cached_property
    def nav(self) -> list[dict[str, Any]]:
        standing = self._request.user.standing if self.signed_in else None  # type: ignore[union-attr]
        drawn = (self._drawn(entry) for entry in entries_for(standing))
        return [entry for entry in drawn if entry["url"]]

    def _drawn(self, entry: Entry) -> dict[str, Any]:
        try:
            url = reverse(entry.route)
        except NoReverseMatch:
            url = ""
        here = bool(url) and self._request.path.startswith(url)
        return {"url": url, "label": entry.label, "icon": entry.icon, "here": here}


def site(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
