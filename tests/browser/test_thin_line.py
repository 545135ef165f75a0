"""The spine: a request becomes a mission, the mission a lesson; each step by who may take it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.acts import (
    NEED,
    TITLE,
    day,
    fill_request,
    look,
    press,
    put,
    reference_in,
    said,
    settle,
    step,
    waive,
)
from tests.browser.conftest import Person
from tests.browser.story import Story

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow

MONTH = f"/comite/{day()[:4]}/{int(day()[5:7])}/"


def requests_of_the_month(person: Person) -> int:
    page = person.open(MONTH)
    stat = page.locator(".stat", has_text="Demandes déposées dans le mois")
    return int("".join(filter(str.isdigit, stat.inner_text().split("Demandes")[0])))


def test_request_is_started_by_its_association(story: Story, arrive: Arrive) -> None:
    story.counted["requests"] = requests_of_the_month(arrive("committee"))
    for role in ("volunteer", "researcher", "committee", "administrator"):
        assert story.crowd.get(role, "/missions/nouvelle/").status == 403, role
    osim = arrive("osim", phone=True)
    page = osim.open("/missions/nouvelle/")
    page.locator("#id_territory").select_option(label="Hauts-de-France")
    page.locator("#id_holder").select_option(label="AHPA")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_country").select_option("BJ")
    look(osim, "01-nouvelle")
    press(page, "Commencer la demande")
    page.wait_for_url("**/demande/")
    story.reference = reference_in(page.url)
    story.done.append("started")


def test_draft_is_kept_as_far_as_it_is_written(story: Story, arrive: Arrive) -> None:
    reference = story.after("started")
    summary = f"/missions/{reference}/demande/"
    address = f"{summary}projet/"
    osim = arrive("osim", phone=True)
    page = osim.open(address)
    put(page.locator("#id_need"), NEED)
    press(page, "Enregistrer et voir le résumé")
    said(page, "C’est enregistré.")
    page.wait_for_url("**/demande/")
    press(page, "Déposer la demande")
    said(page, "Il manque")
    assert story.state == "draft"
    look(osim, "02-brouillon")
    page = osim.open(address)
    expect(page.locator("#id_need")).to_have_value(NEED)
    for path in (summary, address):
        story.crowd.refused_reading(path, "osim")
    story.crowd.refused_writing(reference, address, "osim", need="Autre chose", go="next")
    story.done.append("kept")


def test_request_is_submitted_by_its_association_alone(story: Story, arrive: Arrive) -> None:
    reference = story.after("kept")
    address = f"/missions/{reference}/demande/"
    osim = arrive("osim", phone=True)
    fill_request(osim, reference)
    page = osim.page
    expect(page.locator("#ce-qui-manque")).to_contain_text("Rien ne manque")
    look(osim, "03-demande")
    story.crowd.refused_writing(reference, f"/missions/{reference}/etape/submit/", "osim")
    story.crowd.refused_writing(reference, f"{address}deposer/", "osim")
    press(page, "Déposer la demande")
    said(page, f"La demande est déposée sous le numéro {reference}")
    expect(page.locator("main")).to_contain_text(f"R-{reference}")
    look(osim, "04-recepisse")
    assert story.state == "submitted"
    story.crowd.refused_writing(
        reference, f"{address}projet/", "osim", need="Autre chose", go="next"
    )
    story.crowd.refused_reading(f"{address}recepisse/", "osim", "coordinator", "administrator")
    assert requests_of_the_month(arrive("coordinator")) == story.counted["requests"] + 1
    story.done.append("submitted")


def test_request_is_reviewed_by_its_coordination(story: Story, arrive: Arrive) -> None:
    reference = story.after("submitted")
    at = f"/missions/{reference}/etape"
    story.crowd.refused_writing(reference, f"{at}/start_review/", "coordinator")
    coordinator = arrive("coordinator")
    step(coordinator, reference, "Commencer l’instruction", "La demande est en cours d’étude")
    address = f"/missions/{reference}/instruction/"
    story.crowd.refused_reading(address, "coordinator", "administrator")
    story.crowd.refused_writing(reference, address, "coordinator", eligible="no", version="1")
    page = coordinator.open(f"/missions/{reference}/")
    expect(page.get_by_role("button", name="Présenter au comité", exact=True)).to_have_count(0)
    page = coordinator.open(address)
    page.locator("#id_eligible").select_option("yes")
    grid = page.locator("select:has(option[value='4'])")
    for number in range(grid.count()):
        grid.nth(number).select_option("3")
    page.locator("#id_recommendation").select_option("favourable")
    page.locator("#id_recommendation_why").fill("Un besoin nommé par le groupement lui-même.")
    page.locator("#id_conflicts_asked").check()
    look(coordinator, "05-instruction")
    press(page, "Enregistrer l’instruction")
    said(page, "L’instruction est enregistrée.")
    story.crowd.refused_reading(f"/missions/{reference}/decision/", "coordinator", "administrator")
    story.crowd.refused_writing(reference, f"{at}/send_to_committee/", "coordinator")
    step(coordinator, reference, "Présenter au comité", "présentée au comité")
    assert story.state == "committee"
    story.done.append("reviewed")


def test_mission_is_decided_by_the_committee(story: Story, arrive: Arrive) -> None:
    reference = story.after("reviewed")
    address = f"/missions/{reference}/decision/"
    words = {"outcome": "declined", "reason": "Non", "amount": "0"}
    story.crowd.refused_writing(reference, address, "committee", "administrator", **words)
    story.crowd.refused_writing(reference, f"/missions/{reference}/etape/accept/", "committee")
    committee = arrive("committee")
    page = committee.open(address)
    page.get_by_label("Retenue", exact=True).check()
    page.locator("#id_reason").fill("Un besoin précis, un partenaire solide.")
    page.locator("#id_conditions").fill("Confirmer la présence des quatre stagiaires.")
    page.locator("#id_amount").fill("1 200")
    page.locator("#id_delegation").fill("Réunion du comité de ce jour.")
    look(committee, "06-decision")
    press(page, "Enregistrer la décision")
    said(page, "La décision est prise")
    assert story.state == "matching"
    osim = arrive("osim", phone=True)
    page = osim.open(address)
    expect(page.locator("main")).to_contain_text("La décision est prise, la lettre arrive")
    expect(page.locator("main")).not_to_contain_text("Confirmer la présence")
    coordinator = arrive("coordinator")
    page = coordinator.open(f"{address}lettre/")
    look(coordinator, "07-lettre")
    press(page, "Approuver et envoyer")
    said(page, "La lettre est envoyée à l’association.")
    page = osim.open(address)
    expect(page.locator("main")).to_contain_text("Confirmer la présence des quatre stagiaires.")
    look(osim, "07-decision-lue")
    story.done.append("decided")


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
