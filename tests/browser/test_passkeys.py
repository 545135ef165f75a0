"""A passkey, with the authenticator that Chromium pretends to have; and the way out."""

from collections.abc import Callable

from tests.browser.conftest import Person

SIMULATED = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_passkey_is_added_then_opens_alone(arrive: Callable[..., Person]) -> None:
    person = arrive("volunteer", phone=True)
    page, home = person.page, person.site.url
    devtools = person.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": SIMULATED})

    page = person.open("/compte/2fa/webauthn/add/")
    assert person.violations() == []
    page.get_by_label("Entrer avec cette clé seule").check()
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/recovery-codes/")
    assert page.get_by_label("Vos codes").input_value().count("\n") == 9

    person.open("/compte/logout/")
    page.locator("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{home}/")
    person.open("/compte/login/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"{home}/accueil/")
    assert person.complaints == []


def test_way_back_after_signing_out_shows_nothing(arrive: Callable[..., Person]) -> None:
    person = arrive("volunteer")
    page, home = person.page, person.site.url
    person.open("/missions/")
    person.open("/compte/logout/")
    page.locator("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(f"{home}/")
    page.go_back()
    page.go_back()
    page.wait_for_url(f"{home}/compte/login/**")
    assert page.locator("body[data-person]").count() == 0
