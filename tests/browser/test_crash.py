"""Power cuts, killed workers, servers that no longer answer: nothing typed or asked is lost."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import ANSWERS, put
from tests.browser.conftest import Person
from tests.browser.crowd import Crowd
from tests.browser.drafts import new_request, write_whole
from tests.browser.site import Site

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow

WORKERS = "celery -A explor worker"
BARE = re.compile(r"Traceback|OperationalError|psycopg|redis\.exceptions|Server Error \(500\)")


@pytest.fixture(autouse=True)
def sound(site: Site) -> Iterator[None]:
    """The next test finds a site that answers, whatever this one did to it."""
    yield
    site.wait_until(site.healthy, 90)


def job_state(site: Site, job: str) -> str:
    query = "SELECT state FROM documents_exportjob WHERE uuid = %s"
    return str(site.value(query, job))


def make_booklet(site: Site, crowd: Crowd) -> str:
    """Ask for the PDF of a booklet; the identity of its job."""
    slug = site.value(
        "SELECT slug FROM capitalisation_booklet WHERE state <> 'published' ORDER BY id LIMIT 1"
    ) or site.value("SELECT slug FROM capitalisation_booklet ORDER BY id LIMIT 1")
    address = f"/publications/livrets/{slug}/fabriquer/"
    answer = crowd.post("researcher", address, token=str(uuid4()))
    assert answer.status == 302, answer.text()
    return answer.headers["location"].rstrip("/").rpartition("/")[2]


@contextmanager
def frozen(*processes: int) -> Iterator[None]:
    """Stopped, not dead: the supervisor does not bring back what it believes alive."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def french_outage(page: Page) -> None:
    """The page of an outage: French words, no machinery."""
    content = page.content()
    assert not BARE.search(content), content[:2000]
    assert page.locator("html").get_attribute("lang") == "fr"


def test_worker_killed_in_the_middle_makes_one_booklet(
    site: Site, crowd: Crowd, arrive: Arrive
) -> None:
    # other papers are printed meanwhile: those of the same name are counted
    files = dict(site.rows("SELECT name, count(*) FROM documents_storedfile GROUP BY name"))
    job = make_booklet(site, crowd)
    site.wait_until(lambda: job_state(site, job) in {"running", "done"}, 60)
    assert job_state(site, job) == "running"
    killed = site.children(WORKERS)
    assert killed
    for process in killed:
        os.kill(process, signal.SIGKILL)
    page = arrive("researcher").open(f"/documents/travaux/{job}/")
    expect(page.get_by_role("link", name=re.compile("Télécharger"))).to_be_visible(timeout=150_000)
    assert not set(killed) & set(site.children(WORKERS))
    attempts, result = site.rows(
        "SELECT attempts, result_id FROM documents_exportjob WHERE uuid = %s", job
    )[0]
    assert attempts == 2
    assert result is not None
    name = site.value("SELECT name FROM documents_storedfile WHERE id = %s", result)
    made = site.value("SELECT count(*) FROM documents_storedfile WHERE name = %s", name)
    assert made == files.get(name, 0) + 1


def test_power_cut_loses_neither_request_nor_draft(
    site: Site, crowd: Crowd, arrive: Arrive
) -> None:
    asked = new_request(site, crowd, "Demande déposée juste avant la panne")
    begun = new_request(site, crowd, "Demande à moitié écrite")
    osim = arrive("osim", phone=True)
    write_whole(crowd, asked)
    answer = crowd.post("osim", f"/missions/{asked}/demande/deposer/")
    assert answer.status == 302, answer.text()
    query = "SELECT state FROM missions_mission WHERE reference = %s"
    assert site.value(query, asked) == "submitted"
    page = osim.open(f"/missions/{begun}/demande/projet/")
    put(page.locator("#id_need"), "")
    page.locator("#id_need").press_sequentially("Écrit quand le courant a sauté")
    site.kill()
    osim.complaints.clear()
    site.start()
    osim.complaints.clear()
    page = osim.open(f"/missions/{begun}/demande/projet/")
    expect(page.locator("#id_need")).to_have_value("Écrit quand le courant a sauté")
    osim.shot("panne-texte-retrouve-360")
    # while the site was starting, the page tried to send by itself and was told to wait
    osim.complaints.clear()
    page = osim.open(f"/missions/{asked}/demande/mission/")
    assert site.value(query, asked) == "submitted"
    expect(page.locator("#id_problem")).to_have_value(str(ANSWERS["problem"]))


def test_broker_away_loses_no_work(site: Site, crowd: Crowd, arrive: Arrive) -> None:
    reference = new_request(site, crowd, "Demande pendant la panne de Valkey")
    osim = arrive("osim", phone=True)
    researcher = arrive("researcher")
    valkey = int((site.var / "valkey/valkey.pid").read_text())
    with frozen(valkey):
        site.wait_until(lambda: not site.healthy())
        for path in ("/accueil/", "/missions/", f"/missions/{reference}/"):
            answer = osim.page.goto(f"{site.url}{path}")
            assert answer
            assert answer.status in {200, 503}, path
            french_outage(osim.page)
        page = osim.open(f"/missions/{reference}/demande/projet/")
        put(page.locator("#id_need"), "Écrit sans Valkey")
        page.locator("button[name=go].btn:visible").first.click()
        page.wait_for_url("**/demande/partenaire/", timeout=60_000)
        query = (
            "SELECT need FROM missions_request r JOIN missions_mission m ON m.id = r.mission_id"
            " WHERE reference = %s"
        )
        site.wait_until(lambda: site.value(query, reference) == "Écrit sans Valkey")
        french_outage(page)
        job = make_booklet(site, crowd)
        page = researcher.open(f"/documents/travaux/{job}/")
        french_outage(page)
        assert job_state(site, job) == "queued"
        researcher.shot("panne-valkey-travail-1280")
    osim.complaints.clear()
    expect(page.get_by_role("link", name=re.compile("Télécharger"))).to_be_visible(timeout=180_000)


def test_database_away_gives_the_typed_text_back(site: Site, crowd: Crowd, arrive: Arrive) -> None:
    reference = new_request(site, crowd, "Demande pendant la panne de PostgreSQL")
    # without script: nothing on the device helps, the server gives the text back
    osim = arrive("osim", phone=True, java_script_enabled=False)
    page = osim.open(f"/missions/{reference}/demande/projet/")
    put(page.locator("#id_need"), "Écrit pendant que la base ne répondait plus")
    postmaster = site.postmaster()
    with frozen(postmaster):
        for backend in site.offspring(postmaster):
            os.kill(backend, signal.SIGKILL)
        answer = crowd.get("anonymous", "/healthz")
        assert answer.status == 503
        assert answer.json()["parts"]["database"] == "unreachable"
        page.locator("button[name=go].btn:visible").first.click(timeout=40_000)
        expect(page.locator("textarea[name=need]")).to_have_value(
            "Écrit pendant que la base ne répondait plus", timeout=40_000
        )
        expect(page.locator("h1")).not_to_have_text("")
        french_outage(page)
        osim.shot("panne-base-texte-rendu-360")
        other = arrive("anonymous")
        gone = other.page.goto(f"{site.url}/missions-realisees/", timeout=40_000)
        assert gone
        assert gone.status == 503
        assert gone.headers["retry-after"]
        french_outage(other.page)
        other.complaints.clear()
    site.wait_until(site.healthy, 90)
    osim.complaints.clear()
    press_again = page.get_by_role("button", name=re.compile("Envoyer|Réessayer|nouveau"))
    press_again.first.click()
    page.wait_for_load_state()
    page = osim.open(f"/missions/{reference}/demande/projet/")
    expect(page.locator("#id_need")).to_have_value("Écrit pendant que la base ne répondait plus")
    osim.complaints.clear()
