"""Chromium on the whole site, in two companies that run side by side, each on its own site.

The tests that only look make one; those that tell a story, or break the site, the other. Inside
a company they share the site and run in order.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.crowd import Crowd
from tests.browser.site import ROOT, Site
from tests.browser.story import Story

AXE = ROOT / "static/node_modules/axe-core/axe.min.js"
SHOTS = ROOT / "tests/screenshots"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = str(Path(__file__).parent)
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    running = Site()
    running.start()
    yield running
    running.remove()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # the sync driver keeps a loop in this thread; no test here touches the database by itself
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def crowd(site: Site, chromium: Browser) -> Iterator[Crowd]:
    everyone = Crowd(site, chromium)
    yield everyone
    everyone.close()


@pytest.fixture(scope="session")
def story(site: Site, crowd: Crowd) -> Story:
    """The mission that the tests of the thin line carry from one to the next."""
    return Story(site, crowd)


@dataclass
class Person:
    """Somebody in front of the site: a page, and all the console complained about."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(f"{self.site.url}{path}", wait_until="load")
        assert answer is not None and answer.status == 200, f"{path} : {answer and answer.status}"
        return self.page

    def status(self, path: str) -> int:
        """What the address answers, without following anything."""
        return self.context.request.get(f"{self.site.url}{path}", max_redirects=0).status

    def violations(self, *, colours_only: bool = False) -> list[str]:
        """What axe-core finds on the page as it stands.

        `colours_only` is for the other theme: nothing else than colours changes with it.
        """
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        options: dict[str, Any] = {"resultTypes": ["violations"]}
        if colours_only:
            options["runOnly"] = ["color-contrast"]
        found: list[dict[str, Any]] = self.page.evaluate(
            "async (options) => (await axe.run(document, options)).violations", options
        )
        return [
            f"{rule['id']} : {node['target']} {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"][:3]
        ]

    def shot(self, name: str, *, whole: bool = True) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=whole)


@pytest.fixture
def arrive(site: Site, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """`arrive("coordinator", phone=True)`: that demo person on a phone; `anonymous` stays out."""
    people: list[Person] = []

    def come(role: str = "anonymous", *, phone: bool = False, **options: Any) -> Person:
        context = chromium.new_context(
            viewport=PHONE if phone else DESK, locale="fr-FR", reduced_motion="reduce", **options
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        person = Person(site, context, page)
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and not re.search(r"status of (404|409|422)", message.text)
                and person.complaints.append(f"{page.url} : {message.text}")
            ),
        )
        page.on("pageerror", lambda error: person.complaints.append(f"{page.url} : {error}"))
        people.append(person)
        if role != "anonymous":
            page.goto(f"{site.url}/demo/")
            page.locator(
                f"form:has(input[name=role][value={role}]) button, button[name=role][value={role}]"
            ).first.click()
            page.wait_for_url(f"{site.url}/accueil/")
        return person

    yield come
    complaints = [line for person in people for line in person.complaints]
    for person in people:
        person.context.close()
    assert complaints == []
