"""What a public mission page weighs on the network: a first visit, then the next page."""

import os
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

from bench.measures import Looked
from bench.table import Line, number

FIRST, NEXT = 150, 30


def weight_lines(each: Looked) -> Iterator[Line]:
    """Bytes received, headers included, as Chromium counts them."""
    address = f"http://localhost:{each.site.port}{each.told['paths']['sheet']}"
    received = 0

    def add(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    weights = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        page = browser.new_page(viewport={"width": 360, "height": 740})
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", add)
        for _ in range(2):
            received = 0
            page.goto(address, wait_until="networkidle")
            weights.append(received / 1000)
        browser.close()
    for work, weight, target in (
        ("Fiche publique, première visite", weights[0], FIRST),
        ("Fiche publique, visite suivante", weights[1], NEXT),
    ):
        yield Line(work, 1, "", f"{number(weight, 0)} ko", "", f"≤ {target} ko", weight <= target)
