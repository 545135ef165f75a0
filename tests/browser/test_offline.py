"""Nothing typed is lost: the network, the tab, the session, the disc and other people fail.

Each scenario of `MUST_BE_SEEN` is played twice: with the script as it is, and with the defect it
must be able to see.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.conftest import PHONE, Person
from tests.browser.crowd import Crowd
from tests.browser.devices import (
    DEAF_DISC,
    FULL_DISC,
    LETTER_AT_ANSWER,
    SYNC,
    Dossier,
    Tab,
    answering,
    cut,
    new_dossier,
    planted,
)
from tests.browser.site import Site

Arrive = Callable[..., Person]
Phone = Callable[..., BrowserContext]


@pytest.fixture
def phone(site: Site, crowd: Crowd, chromium: Browser) -> Iterator[Phone]:
    """`phone()`: a phone where the association's member is signed in; `script` replaces ours.

    Its console is not listened to: a phone whose network is cut complains, rightly.
    """
    taken: list[BrowserContext] = []

    def take(role: str = "osim", script: str = "") -> BrowserContext:
        crowd.session(role)
        context = chromium.new_context(
            viewport=PHONE,
            locale="fr-FR",
            service_workers="block",
            storage_state=crowd.contexts[role].storage_state(),
        )
        context.set_default_timeout(15_000)
        taken.append(context)
        if script:
            context.route(
                re.compile(r"/static/js/app\."),
                lambda route: route.fulfill(body=script, content_type="text/javascript"),
            )
        return context

    yield take
    for context in taken:
        context.close()


@pytest.fixture
def dossier(site: Site, crowd: Crowd) -> Dossier:
    return new_dossier(site, crowd)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("planted")


def again(context: BrowserContext, dossier: Dossier) -> Tab:
    """The same page, opened anew on the same phone, once the script has done what it could."""
    tab = Tab.open(context, dossier)
    tab.rests()
    return tab


# --- what must be seen when the script is wrong ----------------------------------------
def killed_before_the_disc_answers(context: BrowserContext, dossier: Dossier, _: Phone) -> None:
    tab = Tab.open(context, dossier, DEAF_DISC)
    tab.type("Écrit juste avant", wait=True)
    tab.close()
    again(context, dossier)
    dossier.settles_on("Écrit juste avant")
    assert dossier.need == "Écrit juste avant"


def captive_portal(context: BrowserContext, dossier: Dossier, _: Phone) -> None:
    def portal(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Bienvenue au café</h1>")

    tab = Tab.open(context, dossier)
    with answering(context, portal):
        tab.type("Écrit au café")
        with tab.page.expect_response(SYNC):
            pass
        tab.page.wait_for_timeout(300)
    tab.close()
    again(context, dossier)
    dossier.settles_on("Écrit au café")
    assert dossier.need == "Écrit au café"


def typed_while_the_answer_travels(context: BrowserContext, dossier: Dossier, _: Phone) -> None:
    tab = Tab.open(context, dossier)

    asked: list[Route] = []

    def slow(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            return route.abort()
        received = route.fetch()
        tab.page.locator("#id_need").press_sequentially(" puis la suite", delay=1)
        tab.written()
        return route.fulfill(response=received)

    with answering(context, slow):
        with tab.page.expect_response(SYNC):
            tab.type("Le début")
        tab.page.wait_for_timeout(500)
        tab.close()
    assert dossier.need == "Le début"
    again(context, dossier)
    dossier.settles_on("Le début puis la suite")
    assert dossier.need == "Le début puis la suite"


def other_device_wrote_meanwhile(context: BrowserContext, dossier: Dossier, phone: Phone) -> None:
    with cut(context):
        tab = Tab.open(context, dossier)
        tab.type("Écrit hors ligne")
        tab.says("offline")
        tab.close()
        other = Tab.open(phone(), dossier)
        other.type("Écrit ailleurs")
        dossier.reaches("Écrit ailleurs")
    again(context, dossier)
    assert (dossier.need, dossier.waiting) == ("Écrit ailleurs", ["Écrit hors ligne"])


def answer_lost_then_other_device(context: BrowserContext, dossier: Dossier, phone: Phone) -> None:
    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    tab = Tab.open(context, dossier)
    with answering(context, lost):
        tab.type("Le mien")
        tab.says("offline")
        tab.close()
    assert dossier.need == "Le mien"
    other = Tab.open(phone(), dossier)
    other.type(", et la suite d’une autre")
    dossier.reaches("Le mien, et la suite d’une autre")
    again(context, dossier)
    assert dossier.waiting == []
    assert dossier.need == "Le mien, et la suite d’une autre"


def letter_while_the_answer_is_noted(
    context: BrowserContext, dossier: Dossier, _: Phone, disc: str = ""
) -> None:
    sent, told = [], []

    def noted(route: Route) -> None:
        answer = route.fetch()
        sent.append(route.request.post_data_json["changes"]["need"]["base"])
        told.append(answer.json()["fields"]["need"]["base"])
        route.fulfill(response=answer)

    with answering(context, noted):
        tab = Tab.open(context, dossier, disc + LETTER_AT_ANSWER)
        tab.type("Le début")
        tab.holds("Le début puis la suite")
        tab.says("server")
    assert (dossier.need, dossier.waiting) == ("Le début puis la suite", [])
    assert told and sent[1:] == told[:-1], "la suite ne part pas de la réponse"


#: defect → the scenario that sees it, and the words of what is lost
MUST_BE_SEEN = {
    "no-journal": (killed_before_the_disc_answers, "'' == 'Écrit juste avant'"),
    "any-200-accepted": (captive_portal, "'' == 'Écrit au café'"),
    "forgotten-on-answer": (
        typed_while_the_answer_travels,
        "'Le début' == 'Le début puis la suite'",
    ),
    "newest-base": (other_device_wrote_meanwhile, "('Écrit hors ligne', [])"),
    "own-answer-forgotten": (
        letter_while_the_answer_is_noted,
        "la suite ne part pas de la réponse",
    ),
    "new-identity-each-time": (answer_lost_then_other_device, "['Le mien'] == []"),
}


@pytest.mark.parametrize("defect", MUST_BE_SEEN)
def test_nothing_typed_is_lost(defect: str, phone: Phone, dossier: Dossier) -> None:
    scenario, _ = MUST_BE_SEEN[defect]
    scenario(phone(), dossier, phone)


@pytest.mark.parametrize("defect", MUST_BE_SEEN)
def test_planted_defect_is_seen(defect: str, phone: Phone, dossier: Dossier, bundles: Path) -> None:
    scenario, lost = MUST_BE_SEEN[defect]
    context = phone(script=planted(defect, bundles))
    with pytest.raises(AssertionError, match=re.escape(lost)):
        scenario(context, dossier, phone)


# --- other faults -----------------------------------------------------------------------
def test_network_cut_then_back_sends_by_itself(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    tab = Tab.open(context, dossier)
    with cut(context):
        tab.type("Dans le tunnel")
        tab.says("offline")
        assert dossier.need == ""
    tab.now()
    dossier.reaches("Dans le tunnel")
    tab.says("server")


def test_person_who_pauses_is_not_set_against_herself(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    tab = Tab.open(context, dossier)
    slow = {"offline": False, "latency": 250, "downloadThroughput": -1, "uploadThroughput": -1}
    context.new_cdp_session(tab.page).send("Network.emulateNetworkConditions", slow)
    field = tab.page.locator("#id_need")
    words = ["Le puits est loin.", " Les femmes y vont à pied,", " deux heures chaque matin."]
    for part in words:
        with tab.page.expect_request(SYNC):  # what follows a pause leaves by itself
            field.press_sequentially(part)
        field.press_sequentially(" Et encore, pendant que la réponse voyage.", delay=30)
    tab.says("server")
    assert (dossier.need, dossier.waiting) == (field.input_value(), [])
    expect(tab.page.locator("#choix")).to_have_count(0)


def test_choice_between_two_texts_is_shown_until_made(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    other_device_wrote_meanwhile(context, dossier, phone)
    page = context.pages[-1]
    box = page.locator("#choix")
    expect(box.get_by_text("Écrit hors ligne")).to_be_visible()
    expect(box.get_by_text("Écrit ailleurs")).to_be_visible()
    page.reload()
    expect(page.locator("#choix").get_by_text("Écrit hors ligne")).to_be_visible()
    with page.expect_navigation():
        page.locator("#id_public_women").press("Enter")
    expect(page.locator("#choix").get_by_text("Écrit hors ligne")).to_be_visible()
    page.locator("#choix li").filter(has_text="Écrit hors ligne").get_by_role("button").click()
    dossier.reaches("Écrit hors ligne")
    expect(page.locator("#choix")).to_have_count(0)
    assert dossier.waiting == []


def test_session_ended_then_sign_in_again_sends(phone: Phone, dossier: Dossier, site: Site) -> None:
    context = phone()
    tab = Tab.open(context, dossier)
    session = [cookie for cookie in context.cookies() if cookie["name"] == "sessionid"]
    context.clear_cookies(name="sessionid")
    tab.type("Après la fin de la session")
    tab.says("signed-out")
    link = tab.page.locator("[data-offline-login]")
    expect(link).to_have_attribute("href", re.compile(r"login/\?next="))
    assert dossier.need == ""
    context.add_cookies([dict(cookie) for cookie in session])
    tab.page.goto(f"{site.url}/accueil/")  # any page sends what waits
    dossier.reaches("Après la fin de la session")


def test_other_person_on_the_phone_sends_nothing(
    phone: Phone, dossier: Dossier, site: Site
) -> None:
    context, other = phone(), phone("coordinator")
    mine = context.cookies()
    tab = Tab.open(context, dossier)
    with cut(context):
        tab.type("À moi seule")
        tab.says("offline")
    context.add_cookies([dict(cookie) for cookie in other.cookies()])
    tab.now()
    tab.says("other-person")
    with tab.page.expect_response("**/accueil/"):
        tab.page.goto(f"{site.url}/accueil/")
    tab.page.wait_for_timeout(500)
    assert dossier.need == ""
    context.add_cookies([dict(cookie) for cookie in mine])
    Tab.open(context, dossier).holds("À moi seule")
    dossier.reaches("À moi seule")


def test_full_device_says_so_and_still_sends(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    tab = Tab.open(context, dossier, FULL_DISC)
    with cut(context):
        tab.type("Plus de place")
        tab.says("offline")
    tab.now()
    dossier.reaches("Plus de place")
    tab.says("server")


def test_letter_on_a_full_device_follows_the_answer(phone: Phone, dossier: Dossier) -> None:
    letter_while_the_answer_is_noted(phone(), dossier, phone, FULL_DISC)


def test_two_tabs_show_the_same_text(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    one, two = Tab.open(context, dossier), Tab.open(context, dossier)
    one.type("D’un onglet")
    two.holds("D’un onglet")
    dossier.reaches("D’un onglet")
    two.type(" à l’autre")
    dossier.reaches("D’un onglet à l’autre")
    one.holds("D’un onglet à l’autre")
    assert dossier.waiting == []


def test_invalid_text_stays_in_its_field_with_the_reason(phone: Phone, dossier: Dossier) -> None:
    context = phone()
    tab = Tab.open(context, dossier)
    field = tab.page.locator("#id_public_women")
    field.evaluate("element => { element.type = 'text' }")
    field.fill("beaucoup")
    tab.says("refused")
    expect(tab.page.locator("#id_public_women_error")).to_be_visible()
    field.fill("12")
    tab.says("server")
    expect(tab.page.locator("#id_public_women_error")).to_have_count(0)


def test_signing_out_waits_for_what_is_typed(arrive: Arrive, dossier: Dossier, site: Site) -> None:
    person = arrive("osim", phone=True, service_workers="block")
    context = person.context
    tab = Tab.open(context, dossier)
    leave = "form[action$='/compte/logout/']"
    with cut(context):
        tab.type("Pas encore parti")
        tab.says("offline")
        tab.page.locator(leave).first.evaluate("form => form.requestSubmit()")
        tab.page.get_by_role("button", name="Rester connecté·e").click()
        expect(tab.page.locator("dialog")).to_have_count(0)
    tab.page.locator(leave).first.evaluate("form => form.requestSubmit()")
    tab.page.wait_for_url(f"{site.url}/")
    assert dossier.need == "Pas encore parti"
    left = tab.page.evaluate(
        "async () => [(await indexedDB.databases()).length, Object.keys(localStorage)"
        ".filter(name => name.startsWith('explor-typed')).length]"
    )
    assert left == [0, 0]
