"""Every page, as each role meets it: readable by all, on every width, with a quiet console."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Person
from tests.browser.crawl import pages

ROLES = (
    "anonymous",
    "osim",
    "volunteer",
    "coordinator",
    "researcher",
    "committee",
    "administrator",
)
PUBLIC = [
    "/",
    "/missions-realisees/",
    "/bonnes-pratiques/",
    "/publications/",
    "/ressources/",
    "/proposer-une-mission/",
    "/devenir-volontaire/",
    "/demo/",
    "/compte/login/",
    "/compte/signup/",
    "/compte/password/reset/",
]
SIGNED_IN = [
    "/accueil/",
    "/missions/",
    "/messages/",
    "/reglages/style/",
    "/documents/travaux/",
    "/compte/password/change/",
    "/compte/2fa/",
]

#: What Enter presses, in forms of several buttons where nobody said which (`ui/enter.html`).
ENTER = """() => [...document.forms]
  .filter((form) => form.querySelector(
    "input:not([type=hidden]):not([type=file]):not([type=submit])"))
  .flatMap((form) => {
    const buttons = [...form.elements].filter((one) => one.type === "submit");
    const acts = new Set(buttons.map((one) => `${one.name}=${one.value}>${one.formAction}`));
    const [first] = buttons;
    return acts.size > 1 && !("enter" in first.dataset) ? [first.textContent.trim()] : [];
  })"""

#: Long texts of forms that keep nothing on the device.
UNKEPT = """() => [...document.querySelectorAll("[data-person] form[method=post] textarea")]
  .filter((one) => !one.form.matches("[data-draft], [data-offline], #coder") && !one.hidden)
  .map((one) => one.name)"""

#: Routes looked at already by an earlier role: one careful look at each is enough.
looked_at: set[str] = set()


def troubles(page: Page, path: str, person: Person) -> Iterator[str]:
    """What is wrong with the page now open, in words."""
    if page.locator("h1").count() != 1:
        yield f"{path} : {page.locator('h1').count()} titres h1"
    if page.locator("html").get_attribute("lang") != "fr":
        yield f"{path} : langue absente"
    for button in page.evaluate(ENTER):
        yield f"{path} : Entrée presse « {button} » sans qu’on l’ait choisi"
    for name in page.evaluate(UNKEPT):
        yield f"{path} : « {name} » serait perdu si la session prenait fin"
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for found in person.violations(colours_only=theme == "dark"):
                yield f"{path} ({size['width']} px, {theme}) : {found}"
    page.set_viewport_size({"width": 320, "height": 700})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > 320:
        yield f"{path} : défile de côté à 320 px ({wide} px)"


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_sound(arrive: Callable[..., Person], role: str) -> None:
    person = arrive(role)
    starts = PUBLIC if role == "anonymous" else [*SIGNED_IN, *PUBLIC[:1]]
    found = pages(person.context, person.site.url, starts)
    wrong: list[str] = []
    for route, addresses in found.items():
        if route in looked_at:
            addresses = addresses[:1] if route in {"mission", "accueil"} else []
        looked_at.add(route)
        for number, path in enumerate(addresses):
            page = person.open(path)
            wrong += troubles(page, path, person)
            page.emulate_media(color_scheme="light")
            for size, word in ((DESK, "1280"), (PHONE, "360")):
                page.set_viewport_size(size)
                person.shot(f"{role}-{route}{'-2' if number else ''}-{word}")
    assert wrong == []
    assert len(found) >= 8
