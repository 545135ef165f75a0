"""What our scripts add to a page, under our own content security policy; no site is needed."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

DIST = Path(settings.STATICFILES_DIRS[0])
HERE = "http://explor.example"

FORM = """<!doctype html><html lang="fr"><head><title>Essai</title>
<script type="module" src="/static/js/app.js"></script></head>
<body data-person="{person}"><main id="contenu"><div id="messages"></div>
<form method="post" action="/essai/" data-guard data-draft="essai">
<input type="hidden" name="version" value="{version}">
<label>Texte <textarea name="text" maxlength="50" data-count>{text}</textarea></label>
<label><input type="checkbox" name="sworn" value="yes"> Oui</label>
<input type="password" name="password" aria-label="secret">
<button>Envoyer</button></form></main></body></html>"""


def serve(route: Route) -> None:
    """Built files from their folder, pages from Django itself with their headers."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        body = (DIST / path.removeprefix("/static/")).read_bytes()
        route.fulfill(content_type=kind, body=body)
        return
    answer = Client().get(path)
    route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(base_url=HERE, reduced_motion="reduce", locale="fr-FR")
    context.route(f"{HERE}/**", serve)
    yield context.new_page()
    context.close()


@pytest.fixture
def trial(page: Page) -> Page:
    """A small form served at /essai/, as a page of ours would hold it."""
    page.shown = {"person": "awa", "text": "", "version": 7}  # type: ignore[attr-defined]

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            after = page.after  # type: ignore[attr-defined]
            if after is None:
                route.abort()
            else:
                route.fulfill(content_type="text/html; charset=utf-8", body=after)
            return
        body = FORM.format(**page.shown)  # type: ignore[attr-defined]
        route.fulfill(content_type="text/html; charset=utf-8", body=body)

    page.route("**/essai/", answer)
    page.after = FORM.format(person="awa", text="", version=7)  # type: ignore[attr-defined]
    page.goto("/essai/")
    page.wait_for_selector(".counter")
    return page


def test_text_typed_is_found_again_after_a_crash(trial: Page) -> None:
    trial.get_by_label("Texte").fill("Le débit est faible")
    trial.get_by_label("Oui").check()
    trial.get_by_label("secret").fill("motdepasse")
    trial.goto("about:blank")
    trial.goto("/essai/")
    expect(trial.get_by_text("Texte retrouvé")).to_be_visible()
    expect(trial.get_by_label("Texte")).to_have_value("Le débit est faible")
    expect(trial.get_by_label("Oui")).to_be_checked()
    expect(trial.get_by_label("secret")).to_have_value("")
    assert "motdepasse" not in trial.evaluate("JSON.stringify(localStorage)")


def test_the_saved_version_can_be_taken_back(trial: Page) -> None:
    trial.get_by_label("Texte").fill("À jeter")
    trial.reload()
    trial.get_by_role("button", name="Revenir à la version enregistrée").click()
    expect(trial.get_by_label("Texte")).to_have_value("")
    trial.reload()
    trial.wait_for_selector(".counter")
    expect(trial.get_by_text("Texte retrouvé")).to_have_count(0)


def test_another_person_on_the_same_phone_finds_nothing(trial: Page) -> None:
    trial.get_by_label("Texte").fill("À moi")
    trial.shown = {"person": "bouba", "text": "", "version": 7}  # type: ignore[attr-defined]
    trial.reload()
    trial.wait_for_selector(".counter")
    expect(trial.get_by_label("Texte")).to_have_value("")


def test_a_success_forgets_the_copy(trial: Page) -> None:
    trial.get_by_label("Texte").fill("Envoyé")
    trial.get_by_role("button", name="Envoyer").click()
    trial.wait_for_function("document.querySelector('textarea').value === ''")
    trial.wait_for_selector(".counter")
    trial.reload()
    trial.wait_for_selector(".counter")
    expect(trial.get_by_text("Texte retrouvé")).to_have_count(0)


def test_a_success_forgets_the_copy_of_a_page_opened_at_its_form(trial: Page) -> None:
    for text in ("Un message", "Un deuxième"):
        trial.goto("/essai/#ecrire")
        trial.wait_for_selector(".counter")
        trial.get_by_label("Texte").fill(text)
        trial.get_by_role("button", name="Envoyer").click()
        trial.wait_for_function("document.querySelector('textarea').value === ''")
        trial.wait_for_selector(".counter")
        expect(trial.get_by_text("Texte retrouvé")).to_have_count(0)
        assert trial.evaluate("localStorage.length") == 0


def test_copy_of_an_older_version_is_sent_as_such(trial: Page) -> None:
    trial.get_by_label("Texte").fill("Mon texte")
    trial.shown = {"person": "awa", "text": "Leur texte", "version": 8}  # type: ignore[attr-defined]
    trial.goto("about:blank")
    trial.goto("/essai/")
    expect(trial.get_by_text("une autre version a été enregistrée")).to_be_visible()
    expect(trial.locator(".draft-notice")).to_contain_text("Leur texte")
    expect(trial.get_by_label("Texte")).to_have_value("Mon texte")
    expect(trial.locator("[name=version]")).to_have_value("7")
    trial.get_by_label("Texte").press("End")
    trial.get_by_label("Texte").press_sequentially(" encore")
    trial.reload()
    expect(trial.locator("[name=version]")).to_have_value("7")
    trial.get_by_role("button", name="Revenir à la version enregistrée").click()
    expect(trial.get_by_label("Texte")).to_have_value("Leur texte")
    expect(trial.locator("[name=version]")).to_have_value("8")


def test_long_text_of_any_form_is_kept(trial: Page) -> None:
    served = FORM.replace(' data-draft="essai"', "")

    def answer(route: Route) -> None:
        body = served.format(**trial.shown)  # type: ignore[attr-defined]
        route.fulfill(content_type="text/html; charset=utf-8", body=body)

    trial.route("**/essai/", answer)
    trial.goto("/essai/")
    trial.wait_for_selector(".counter")
    trial.get_by_label("Texte").fill("Une raison longue à écrire")
    trial.goto("about:blank")
    trial.goto("/essai/")
    expect(trial.get_by_label("Texte")).to_have_value("Une raison longue à écrire")


def test_an_expired_session_does_not_lose_the_copy(trial: Page) -> None:
    trial.after = (  # type: ignore[attr-defined]
        '<body data-person="awa"><p data-keep-drafts>Connexion</p>'
        '<script type="module" src="/static/js/app.js"></script></body>'
    )
    trial.get_by_label("Texte").fill("Trois heures de travail")
    trial.get_by_role("button", name="Envoyer").click()
    expect(trial.get_by_text("Connexion")).to_be_visible()
    trial.goto("/essai/")
    expect(trial.get_by_label("Texte")).to_have_value("Trois heures de travail")


def test_a_lost_network_does_not_lose_the_copy(trial: Page) -> None:
    trial.after = None  # type: ignore[attr-defined]
    trial.get_by_label("Texte").fill("Écrit dans le train")
    trial.get_by_role("button", name="Envoyer").click()
    trial.wait_for_url("chrome-error://**")
    trial.goto("/essai/")
    expect(trial.get_by_label("Texte")).to_have_value("Écrit dans le train")


def test_a_refused_form_keeps_what_was_sent(trial: Page) -> None:
    refused = FORM.format(person="awa", text="Trop court", version=7)
    trial.after = refused.replace("<textarea", '<textarea aria-invalid="true"')  # type: ignore[attr-defined]
    trial.get_by_label("Texte").fill("Trop court")
    trial.get_by_role("button", name="Envoyer").click()
    expect(trial.locator("[aria-invalid]")).to_have_value("Trop court")
    trial.goto("/essai/")
    expect(trial.get_by_label("Texte")).to_have_value("Trop court")


def test_a_second_click_sends_nothing(trial: Page) -> None:
    trial.evaluate(
        """() => {
          window.sent = 0;
          addEventListener("submit", (e) => {
            if (!e.defaultPrevented) window.sent += 1;
            e.preventDefault();
          });
          const button = document.querySelector("form button");
          for (let i = 0; i < 3; i += 1) button.click();
        }"""
    )
    expect(trial.get_by_role("button", name="Envoyer")).to_have_attribute("aria-disabled", "true")
    assert trial.evaluate("window.sent") == 1


def test_the_counter_counts_what_is_left(trial: Page) -> None:
    trial.get_by_label("Texte").fill("x" * 12)
    expect(trial.locator(".counter")).to_have_text("38 caractères restants")


def test_the_counter_counts_as_the_server_and_cuts_nothing(trial: Page) -> None:
    """A line end is one sign, an emoji too; what is pasted beyond the limit is all there."""
    text = trial.get_by_label("Texte")
    text.fill("ligne\n👩 fin")
    expect(trial.locator(".counter")).to_have_text("39 caractères restants")
    text.fill("x" * 60)
    expect(trial.locator(".counter")).to_have_text("10 caractères de trop")
    expect(text).to_have_value("x" * 60)


def test_the_theme_is_chosen_and_kept(page: Page) -> None:
    page.goto("/accessibilite/")
    page.get_by_label("Sombre").check()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_label("Clair").check()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_the_menu_opens_and_closes_with_the_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/accessibilite/")
    menu = page.locator("details.nav-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()


def test_the_first_tab_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/accessibilite/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
