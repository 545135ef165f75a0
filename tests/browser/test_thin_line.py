"""The spine goes on: a decided mission finds its volunteer, leaves and comes back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.acts import (
    TITLE,
    day,
    look,
    press,
    said,
    settle,
    step,
    waive,
)
from tests.browser.conftest import Person
from tests.browser.story import Story

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow


def test_volunteer_is_proposed_accepts_and_is_confirmed(story: Story, arrive: Arrive) -> None:
    reference = story.after("decided")
    address = f"/missions/{reference}/mise-en-relation/"
    story.crowd.refused_reading(address, "coordinator", "administrator")
    volunteer = story.site.value(
        "SELECT v.uuid::text FROM missions_volunteer v JOIN accounts_user u ON u.id = v.user_id"
        " WHERE u.email = 'volontaire@demo.explor.example'"
    )
    words = {"volunteer": volunteer, "why": "Moi"}
    story.crowd.refused_writing(reference, address, "coordinator", **words)
    coordinator = arrive("coordinator")
    page = coordinator.open(address)
    card = page.locator(f"article:has(input[name=volunteer][value='{volunteer}'])")
    look(coordinator, "08-mise-en-relation")
    card.locator("summary", has_text="Proposer la mission").click()
    card.locator("textarea[name=why]").fill("Votre pratique de la formation d’adultes.")
    card.get_by_role("button", name="Envoyer la proposition").click()
    expect(page.locator("[id^=proposition-]")).to_contain_text("Proposition envoyée")
    person = arrive("volunteer", phone=True)
    page = person.open("/propositions/")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url("**/propositions/*/")
    look(person, "09-proposition")
    proposal = page.url.removeprefix(story.site.url)
    story.crowd.refused_writing(reference, proposal, "volunteer", accept="yes")
    page.locator("#id_answer").fill("Avec plaisir, hors vacances scolaires.")
    press(page, "J’accepte")
    expect(page.locator("main")).to_contain_text("Proposition acceptée")
    page = coordinator.open(address)
    expect(page.locator("[id^=proposition-]")).to_contain_text("hors vacances scolaires")
    token = proposal.rstrip("/").rpartition("/")[2]
    story.crowd.refused_writing(reference, f"{address}{token}/confirmer/", "coordinator")
    press(page, "Confirmer cette personne")
    expect(page.locator("#messages")).not_to_be_empty()
    assert story.state == "support"
    story.done.append("matched")


def test_terms_are_validated_by_each_of_the_three(story: Story, arrive: Arrive) -> None:
    reference = story.after("matched")
    here = f"/missions/{reference}/preparation"
    may = {
        "tor_osim": ("osim", "coordinator"),
        "tor_volunteer": ("volunteer", "coordinator"),
        "tor_coordination": ("coordinator",),
    }
    for kind, roles in may.items():
        story.crowd.refused_writing(reference, f"{here}/{kind}/fait/", *roles)
        person = arrive(roles[0], phone=roles[0] != "coordinator")
        settle(person, reference, kind)
        if roles[0] == "osim":
            look(person, "10-termes")
        assert story.milestone(kind)[0] is not None
    at = f"/missions/{reference}/etape/start_preparation/"
    story.crowd.refused_writing(reference, at, "coordinator")
    told = "La préparation du départ commence"
    step(arrive("coordinator"), reference, "Préparer le départ", told)
    assert story.state == "preparation"
    story.done.append("supported")


def test_departure_waits_for_all_that_it_needs(story: Story, arrive: Arrive) -> None:
    reference = story.after("supported")
    here = f"/missions/{reference}/preparation"
    dates = {"departs_on": day(), "returns_on": day(8), "confirmed": "1"}
    story.crowd.refused_writing(reference, f"{here}/dates/", "coordinator", **dates)
    coordinator = arrive("coordinator")
    page = coordinator.open(f"{here}/")
    page.locator("#id_departs_on").fill(day())
    page.locator("#id_returns_on").fill(day(8))
    press(page, "Voir ce qui change")
    page.get_by_role("button", name="Confirmer : du").click()
    said(page, "Les dates sont enregistrées.")
    page = coordinator.open(f"/missions/{reference}/")
    expect(page.get_by_role("button", name="Enregistrer le départ", exact=True)).to_have_count(0)
    settle(arrive("osim", phone=True), reference, "partner_agreement")
    volunteer = arrive("volunteer", phone=True)
    settle(volunteer, reference, "emergency_contact")
    settle(volunteer, reference, "ariane")
    look(volunteer, "11-preparation")
    story.crowd.refused_writing(
        reference, f"{here}/interview_before_osim/dispense/", "coordinator", reason="Non"
    )
    for kind in ("interview_before_volunteer", "interview_before_osim"):
        waive(coordinator, reference, kind, "Mission décidée la veille du départ.")
    for kind in ("agreement", "insurance"):
        settle(coordinator, reference, kind)
    page = coordinator.open(f"/missions/{reference}/")
    expect(page.locator("body")).to_contain_text("zone de sécurité")
    settle(coordinator, reference, "security_zone")
    look(coordinator, "12-prete")
    at = f"/missions/{reference}/etape"
    story.crowd.refused_writing(reference, f"{at}/depart/", "coordinator")
    step(coordinator, reference, "Enregistrer le départ", "La mission part sur le terrain")
    story.crowd.refused_writing(reference, f"{at}/come_back/", "coordinator")
    step(coordinator, reference, "Enregistrer le retour", "le rapport est attendu")
    assert story.state == "report"
    story.done.append("returned")
