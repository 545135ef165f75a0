"""A phone in somebody's hands: its network, its disc and its tabs fail when a test says so."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.crowd import Crowd
from tests.browser.drafts import new_request
from tests.browser.site import ROOT, Site

API = "**/api/**"
SYNC = "**/api/sync/**"
NEED = (
    "SELECT r.need FROM missions_request r JOIN missions_mission m ON m.id = r.mission_id"
    " WHERE m.reference = %s"
)
WAITING = (
    "SELECT v.value[1] FROM offline_revision v JOIN missions_mission m ON m.uuid = v.record"
    " WHERE m.reference = %s AND v.state = 'pending' ORDER BY v.at"
)
#: A disc that never answers: what only IndexedDB would keep is not kept.
DEAF_DISC = "IDBFactory.prototype.open = () => new EventTarget();"
#: A device without room: nothing more can be written, neither here nor there.
FULL_DISC = """
const full = () => { throw new DOMException("plein", "QuotaExceededError"); };
Storage.prototype.setItem = full;
IDBObjectStore.prototype.put = full;
"""

#: A letter typed while the first answer is being written on the device.
LETTER_AT_ANSWER = """
const open = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (names, ...more) {
  const made = open.call(this, names, ...more);
  const need = document.getElementById("id_need");
  if (names.length === 3 && !window.answered) {
    window.answered = true;
    need.value += " puis la suite";
    need.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return made;
};
"""


@dataclass
class Dossier:
    """A request, seen from the database."""

    site: Site
    reference: str

    @property
    def path(self) -> str:
        return f"/missions/{self.reference}/demande/projet/"

    @property
    def need(self) -> str:
        return str(self.site.value(NEED, self.reference) or "")

    @property
    def waiting(self) -> list[str]:
        return [text for (text,) in self.site.rows(WAITING, self.reference)]

    def reaches(self, text: str) -> None:
        """Raises AssertionError when the text has not arrived in ten seconds."""
        self.site.wait_until(lambda: self.need == text, 10)

    def settles_on(self, text: str) -> None:
        """Leave the text three seconds to arrive; says nothing when it does not."""
        with suppress(AssertionError):
            self.site.wait_until(lambda: self.need == text, 3)


def new_dossier(site: Site, crowd: Crowd) -> Dossier:
    return Dossier(site, new_request(site, crowd, "Écrire hors ligne"))


@dataclass
class Tab:
    """The page of the project, open."""

    dossier: Dossier
    page: Page

    @classmethod
    def open(cls, context: BrowserContext, dossier: Dossier, script: str = "") -> "Tab":
        page = context.new_page()
        if script:
            page.add_init_script(script)
        page.goto(f"{dossier.site.url}{dossier.path}", wait_until="load")
        return cls(dossier, page)

    def type(self, text: str, *, wait: bool = False) -> None:
        """Letter by letter, as people do; unless told to `wait`, what is typed leaves at once."""
        field = self.page.locator("#id_need")
        field.click()
        field.press("Control+End")
        field.press_sequentially(text)
        if not wait:
            self.now()

    def says(self, state: str) -> None:
        place = self.page.locator("[data-offline-status]")
        expect(place).to_have_attribute("data-offline-status", state, timeout=10_000)

    def rests(self) -> None:
        """Until the script has sent what it could, or knows that it cannot."""
        place = self.page.locator("[data-offline-status]")
        done = re.compile("server|choice|refused|offline|signed-out|other-person|stuck|full")
        expect(place).to_have_attribute("data-offline-status", done, timeout=10_000)

    def written(self) -> None:
        """Until the disc has all that is typed: the journal then holds nothing more."""
        noted = "Object.keys(localStorage).some(name => name.startsWith('explor-typed:'))"
        self.page.wait_for_function(f"() => !{noted}")

    def holds(self, text: str) -> None:
        expect(self.page.locator("#id_need")).to_have_value(text, timeout=10_000)

    def now(self) -> None:
        """What the browser says when the network comes back."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def close(self) -> None:
        """Killed: nothing is asked before, nothing is tidied."""
        self.page.close(run_before_unload=False)


@contextmanager
def cut(context: BrowserContext, pattern: str = API) -> Iterator[None]:
    """No network for the script's own questions."""
    context.route(pattern, lambda route: route.abort())
    try:
        yield
    finally:
        context.unroute(pattern)


@contextmanager
def answering(context: BrowserContext, answer: Callable[[Route], Any]) -> Iterator[None]:
    context.route(SYNC, answer)
    try:
        yield
    finally:
        context.unroute(SYNC)


def planted(defect: str, folder: Path) -> str:
    """app.js with that defect."""
    made = folder / f"{defect}.js"
    if not made.exists():
        command = ["node", str(ROOT / "tests/browser/defects.mjs"), defect, str(made)]
        subprocess.run(command, check=True, timeout=60)
    return made.read_text("utf-8")
