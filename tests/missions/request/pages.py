"""The pages of a request as a browser without script uses them."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from missions.dossier.models import Mission


def address(mission: Mission) -> str:
    return reverse("mission_request", args=[mission.reference])


def step_address(mission: Mission, step: str) -> str:
    return reverse("request_step", args=[mission.reference, step])


class _Form(HTMLParser):
    """The successful controls of the form `demande`."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.sent: dict[str, list[str]] = {}
        self.area = self.select = ""
        self.text: list[str] = []

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in given}
        if tag == "form":
            self.inside = attrs.get("id") == "demande"
        if not self.inside:
            return
        name = attrs.get("name", "")
        if tag == "input" and name and attrs.get("type") not in ("submit", "file"):
            box = attrs.get("type") in ("checkbox", "radio")
            if not box or "checked" in attrs:
                self.sent.setdefault(name, []).append(attrs.get("value", "on" if box else ""))
        elif tag == "textarea":
            self.area, self.text = name, []
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in attrs:
            self.sent.setdefault(self.select, []).append(attrs.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.area:
            self.sent[self.area] = ["".join(self.text).removeprefix("\n")]
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text.append(data)


def form_of(page: str) -> dict[str, list[str]]:
    """What the form `demande` of a page sends untouched."""
    form = _Form()
    form.feed(page)
    return form.sent


def filled(client: Client, mission: Mission, step: str) -> dict[str, Any]:
    """What the browser sends when the step is sent as it is shown."""
    sent: dict[str, Any] = dict(form_of(client.get(step_address(mission, step)).text))
    assert sent.get("token"), "no form to send"
    return sent


def post_step(client: Client, mission: Mission, step: str, **changes: Any) -> HttpResponse:
    """Fill some fields of a step and send it."""
    answer: HttpResponse = client.post(
        step_address(mission, step), filled(client, mission, step) | changes
    )
    return answer
