"""Requests of the association that a test needs already begun or already written."""

import re
from uuid import uuid4

from playwright.sync_api import Page

from tests.browser.acts import ANSWERS, day
from tests.browser.crowd import Crowd
from tests.browser.site import Site


def new_request(site: Site, crowd: Crowd, title: str) -> str:
    """A draft of the association, its reference."""
    territory = site.value("SELECT id FROM missions_territory WHERE slug = 'hauts-de-france'")
    holder = site.value("SELECT id FROM accounts_organisation WHERE acronym = 'AHPA'")
    programme = site.value("SELECT id FROM missions_programme WHERE slug = 'explor'")
    fields = {
        "holder": str(holder),
        "programme": str(programme),
        "territory": str(territory),
        "title": title,
        "country": "BJ",
        "token": str(uuid4()),
    }
    answer = crowd.post("osim", "/missions/nouvelle/", **fields)
    assert answer.status == 302, answer.text()
    found = re.search(r"EX-\d+-\d+", answer.headers["location"])
    assert found
    return found[0]


def whole(page: Page) -> dict[str, str]:
    """Every answer of the request open in the page, as the page itself would send them."""
    sent: dict[str, str] = page.evaluate(
        "() => Object.fromEntries(new FormData(document.getElementById('demande')))"
    )
    for name, value in ANSWERS.items():
        first = page.locator(f"#id_{name}").evaluate(
            "element => element.tagName === 'SELECT' ? element.options[1].value : ''"
        )
        sent[name] = "on" if value is True else first or str(value)
    more = {"need": "L’eau manque.", "languages": "fr", "window_from": day(), "window_to": day(60)}
    sent |= {**more, "country": "BJ"}
    sent.pop("csrfmiddlewaretoken")
    return sent
