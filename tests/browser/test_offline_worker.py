"""The pages taken along, a browser that dies, and what the service worker never does."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect

from tests.browser.conftest import PHONE
from tests.browser.crowd import Crowd
from tests.browser.devices import API, Dossier, Tab, new_dossier
from tests.browser.site import Site

KEPT = (
    "async () => { const found = {}; for (const name of await caches.keys()) found[name] ="
    " (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);"
    " return found }"
)

#: The disc answered: nothing is left that only the journal holds.
NOTED = "() => !Object.keys(localStorage).some((name) => name.startsWith('explor-typed'))"


@pytest.fixture
def dossier(site: Site, crowd: Crowd) -> Dossier:
    return new_dossier(site, crowd)


@contextmanager
def phone(chromium: Browser, crowd: Crowd, role: str = "osim") -> Iterator[BrowserContext]:
    """A phone whose service worker may work."""
    crowd.session(role)
    context = chromium.new_context(
        viewport=PHONE, locale="fr-FR", storage_state=crowd.contexts[role].storage_state()
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def ready(context: BrowserContext, dossier: Dossier) -> Tab:
    tab = Tab.open(context, dossier)
    expect(tab.page.get_by_text("Prêt hors ligne")).to_be_visible(timeout=30_000)
    return tab


def pages_kept(tab: Tab) -> list[str]:
    found: dict[str, list[str]] = tab.page.evaluate(KEPT)
    return sorted(path for name, paths in found.items() if "pages" in name for path in paths)


def test_page_taken_along_opens_without_network_and_sends_later(
    chromium: Browser, crowd: Crowd, dossier: Dossier
) -> None:
    with phone(chromium, crowd) as context:
        tab = ready(context, dossier)
        tab.type("Avant le départ. ")
        dossier.reaches("Avant le départ.")
        context.set_offline(True)
        tab.page.reload()
        # drawn before that sentence was written: the device knows it was
        tab.holds("Avant le départ. ")
        tab.type("Dans le bus.")
        tab.says("offline")
        tab.close()
        tab = Tab.open(context, dossier)
        tab.holds("Avant le départ. Dans le bus.")
        context.set_offline(False)
        dossier.reaches("Avant le départ. Dans le bus.")
        assert dossier.waiting == []


def test_worker_keeps_pages_asked_for_and_nothing_else(
    chromium: Browser, crowd: Crowd, dossier: Dossier, site: Site
) -> None:
    with phone(chromium, crowd) as context:
        tab = ready(context, dossier)
        along = tab.page.locator("form[data-offline]").get_attribute("data-offline-along") or ""
        for path in ("/accueil/", "/missions/", f"/missions/{dossier.reference}/"):
            tab.page.goto(f"{site.url}{path}")
        kept = pages_kept(tab)
        assert kept == sorted({dossier.path, *along.split()})
        everything = [path for paths in tab.page.evaluate(KEPT).values() for path in paths]
        assert [path for path in everything if path.startswith("/api/")] == []
        context.set_offline(True)
        refused = None
        try:
            tab.page.goto(f"{site.url}/accueil/")
        except Exception as error:
            refused = error
        assert "ERR_INTERNET_DISCONNECTED" in str(refused) or "ERR_FAILED" in str(refused)


def test_worker_never_keeps_the_way_to_the_sign_in_page(
    chromium: Browser, crowd: Crowd, dossier: Dossier
) -> None:
    with phone(chromium, crowd) as context:
        tab = ready(context, dossier)
        kept = tab.page.content()
        context.clear_cookies(name="sessionid")
        tab.page.reload()
        assert "/compte/login/" in tab.page.url
        context.set_offline(True)
        tab = Tab.open(context, dossier)
        expect(tab.page.locator("#id_need")).to_be_visible()
        assert "csrfmiddlewaretoken" in kept


def test_other_person_on_the_phone_finds_no_page_of_the_first(
    chromium: Browser, crowd: Crowd, dossier: Dossier, site: Site
) -> None:
    with phone(chromium, crowd) as context:
        tab = ready(context, dossier)
        assert dossier.path in pages_kept(tab)
        crowd.session("coordinator")
        context.add_cookies([dict(one) for one in crowd.contexts["coordinator"].cookies()])
        tab.page.goto(f"{site.url}/accueil/")
        expect(tab.page.locator("h1")).to_be_visible()
        site.wait_until(lambda: tab.page.wait_for_timeout(100) or pages_kept(tab) == [], 10)


def test_browser_killed_while_typing_keeps_what_the_disc_had_answered(
    chromium: Browser, crowd: Crowd, dossier: Dossier, tmp_path: Path
) -> None:
    crowd.session("osim")
    options = {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
        "viewport": PHONE,
        "service_workers": "block",
    }
    launch = chromium.browser_type.launch_persistent_context
    context = launch(tmp_path / "profile", **options)
    context.add_cookies([dict(one) for one in crowd.contexts["osim"].cookies()])
    context.route(API, lambda route: route.abort())
    tab = Tab.open(context, dossier)
    tab.type("Juste avant la panne de batterie", wait=True)
    tab.page.wait_for_function(NOTED)
    os.kill(browser_process(tmp_path / "profile"), signal.SIGKILL)
    with suppress(Error):  # it may be known already that nobody is there to close
        context.close()
    context = launch(tmp_path / "profile", **options)
    context.add_cookies([dict(one) for one in crowd.contexts["osim"].cookies()])
    Tab.open(context, dossier).holds("Juste avant la panne de batterie")
    dossier.reaches("Juste avant la panne de batterie")
    context.close()


def browser_process(profile: Path) -> int:
    """The process of that browser, not one of its children."""
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        mine = f"--user-data-dir={profile}".encode() in command
        if folder.name.isdigit() and mine and not any(b"--type=" in word for word in command):
            return int(folder.name)
    raise AssertionError(f"aucun navigateur sur {profile}")
