"""Without a mouse: everything is reached in order, is seen when reached, and Enter sends."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import join, put
from tests.browser.conftest import Person
from tests.browser.crowd import Crowd
from tests.browser.drafts import new_request, write_whole
from tests.browser.site import Site

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow

#: What a keyboard must reach: in sight, enabled, one of each group of radio buttons.
REACHABLE = """() => {
  const groups = new Set();
  window.reachable = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
  )].filter((element) => {
    if (element.disabled || element.tabIndex < 0) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== 'radio') return true;
    const group = `${element.form?.id}:${element.name}`;
    if (groups.has(group)) return false;
    groups.add(group);
    return true;
  });
  document.activeElement.blur();
  return window.reachable.length;
}"""

#: Which of them has the focus (a radio counts for its group), and whether that can be seen.
FOCUSED = """() => {
  const here = document.activeElement;
  const same = (element) => element === here
    || (here.type === 'radio' && element.type === 'radio'
      && element.name === here.name && element.form === here.form);
  const style = getComputedStyle(here);
  const seen = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== 'none';
  return [window.reachable.findIndex(same), seen, here.outerHTML.slice(0, 120)];
}"""


def walk(page: Page) -> list[int]:
    """Press Tab through the whole page: the places met, in order. Focus must be in sight."""
    count = page.evaluate(REACHABLE)
    assert count > 3
    met: list[int] = []
    unseen: dict[int, str] = {}
    for _ in range(4 * count + 20):
        page.keyboard.press("Tab")
        place, seen, words = page.evaluate(FOCUSED)
        if place >= 0 and place not in met:
            met.append(place)
            if not seen:
                unseen[place] = words
        if seen:
            # a date has several stops: the browser itself rings the icon of its calendar
            unseen.pop(place, None)
        if len(met) == count:
            break
    assert unseen == {}
    missed = page.evaluate(
        "met => reachable.filter((e, i) => !met.includes(i)).map(e => e.outerHTML.slice(0, 120))",
        met,
    )
    assert missed == []
    return met


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("anonymous", "/compte/login/"),
        ("coordinator", "/missions/"),
        ("osim", "/missions/nouvelle/"),
        ("coordinator", "/accueil/"),
    ],
)
def test_tab_meets_every_control_in_order(arrive: Arrive, role: str, path: str) -> None:
    page = arrive(role).open(path)
    met = walk(page)
    assert met == sorted(met)


def test_tab_meets_every_control_of_a_request(site: Site, crowd: Crowd, arrive: Arrive) -> None:
    reference = new_request(site, crowd, "Demande au clavier")
    page = arrive("osim").open(f"/missions/{reference}/demande/mission/")
    page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
    walk(page)


@pytest.mark.parametrize(
    ("role", "path"), [("anonymous", "/compte/login/"), ("osim", "/missions/"), ("anonymous", "/")]
)
def test_first_tab_skips_to_the_content(arrive: Arrive, role: str, path: str) -> None:
    page = arrive(role).open(path)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_enter_signs_in_and_says_what_is_wrong(arrive: Arrive) -> None:
    person = arrive()
    page = person.open("/compte/login/")
    page.locator("input[type=email], input[name=login]").first.fill("personne@demo.explor.example")
    secret = page.locator("input[type=password]").first
    secret.fill("un mot de passe inconnu")
    secret.press("Enter")
    expect(page.locator("main [role=alert]").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Traceback")


def test_enter_filters_the_missions(arrive: Arrive) -> None:
    page = arrive("coordinator").open("/missions/")
    search = page.locator("main form[method=get] input[type=search], main form input[name=q]").first
    put(search, "Kpomassé")
    search.press("Enter")
    page.wait_for_url("**/missions/?*Kpomass*")
    expect(page.locator("main")).to_contain_text("Kpomassé")


def test_enter_starts_a_request(site: Site, arrive: Arrive) -> None:
    page = arrive("osim").open("/missions/nouvelle/")
    title = f"Au clavier {uuid4().hex[:6]}"
    page.locator("#id_holder").select_option(label="AHPA")
    page.locator("#id_territory").select_option(label="Hauts-de-France")
    page.locator("#id_country").select_option("SN")
    page.locator("#id_title").fill(title)
    page.locator("#id_title").press("Enter")
    page.wait_for_url("**/demande/")
    assert site.value("SELECT count(*) FROM missions_mission WHERE title = %s", title) == 1


def test_enter_saves_the_answer_and_keeps_the_paper(
    site: Site, crowd: Crowd, arrive: Arrive
) -> None:
    reference = new_request(site, crowd, "Entrée près d’une pièce")
    page = arrive("osim", service_workers="block").open(f"/missions/{reference}/demande/securite/")
    join(page, "statutes")
    expect(page.locator("[data-paper=statutes] [role=status]")).to_have_text("piece.pdf est joint.")
    page.reload()
    papers = page.locator(".paper-joined").all_inner_texts()
    contact = page.locator("#id_emergency_contact")
    contact.fill("Awa, 06 12 34 56 78")
    with page.expect_navigation():
        contact.press("Enter")
    expect(page.locator("#id_emergency_contact")).to_have_value("Awa, 06 12 34 56 78")
    assert page.locator(".paper-joined").all_inner_texts() == papers


def test_double_click_starts_one_request(site: Site, arrive: Arrive) -> None:
    page = arrive("osim").open("/missions/nouvelle/")
    title = f"Deux clics {uuid4().hex[:6]}"
    page.locator("#id_holder").select_option(label="AHPA")
    page.locator("#id_territory").select_option(label="Hauts-de-France")
    page.locator("#id_title").fill(title)
    page.locator("#id_country").select_option("SN")
    page.get_by_role("button", name="Commencer la demande").dblclick()
    page.wait_for_url("**/demande/")
    assert site.value("SELECT count(*) FROM missions_mission WHERE title = %s", title) == 1


def test_same_token_without_script_starts_one_request(site: Site, arrive: Arrive) -> None:
    person = arrive("osim", java_script_enabled=False)
    page = person.open("/missions/nouvelle/")
    title = f"Retour arrière {uuid4().hex[:6]}"
    page.locator("#id_holder").select_option(label="AHPA")
    page.locator("#id_territory").select_option(label="Hauts-de-France")
    page.locator("#id_title").fill(title)
    page.locator("#id_country").select_option("SN")
    token = page.locator("input[name=token]").input_value()
    form = {
        name: page.locator(f"#id_{name}").input_value()
        for name in ("holder", "programme", "territory", "title", "country")
    }
    page.get_by_role("button", name="Commencer la demande").click()
    page.wait_for_url("**/demande/")
    csrf = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    again = person.context.request.post(
        f"{site.url}/missions/nouvelle/",
        form={**form, "token": token, "csrfmiddlewaretoken": csrf},
        max_redirects=0,
    )
    assert again.headers["location"].rstrip("/").endswith("/demande")
    assert site.value("SELECT count(*) FROM missions_mission WHERE title = %s", title) == 1


def test_double_click_submits_once(site: Site, crowd: Crowd, arrive: Arrive) -> None:
    reference = new_request(site, crowd, "Deux clics sur déposer")
    write_whole(crowd, reference)
    page = arrive("osim").open(f"/missions/{reference}/demande/")
    page.get_by_role("button", name="Déposer la demande").locator("visible=true").first.dblclick()
    expect(page.locator("#messages")).to_contain_text("La demande est déposée")
    query = (
        "SELECT count(*) FROM missions_statechange c JOIN missions_mission m"
        " ON m.id = c.mission_id WHERE reference = %s AND transition = 'submit'"
    )
    assert site.value(query, reference) == 1
