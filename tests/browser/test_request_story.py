"""A request becomes a decision: three sittings on a phone, two corrections, a letter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import (
    ANSWERS,
    PAPERS,
    STEPS,
    TITLE,
    day,
    fill,
    join,
    look,
    press,
    reference_in,
    said,
    step,
)
from tests.browser.conftest import Person
from tests.browser.story import Story

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow

MONTH = f"/comite/{day()[:4]}/{int(day()[5:7])}/"
#: What the coordination asks, and what the association answers in the field.
ASKED = {
    "voiced_by": ("projet", "Qui l’a dit, et quand ?", "L’assemblée du groupement, en mars"),
    "skills": ("expertise", "Quel niveau attendez-vous ?", "Mécanique de pompes, dix ans au moins"),
}


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


def sitting(osim: Person, reference: str, name: str) -> Page:
    """A step of the request, on the phone."""
    return osim.open(f"/missions/{reference}/demande/{name}/")


def status(page: Page, state: str) -> None:
    expect(page.locator("[data-offline-status]")).to_have_attribute(
        "data-offline-status", state, timeout=15_000
    )


def onward(page: Page, name: str) -> None:
    fill(page, STEPS[name])
    press(page, "Enregistrer et continuer")
    expect(page).not_to_have_url(re.compile(f"/demande/{name}/$"))


def test_first_sitting_loses_its_network(story: Story, arrive: Arrive) -> None:
    reference = story.after("started")
    summary = f"/missions/{reference}/demande/"
    osim = arrive("osim", phone=True)
    page = sitting(osim, reference, "association")
    onward(page, "association")
    osim.context.set_offline(True)
    fill(page, STEPS["projet"])
    status(page, "offline")
    look(osim, "02-hors-ligne")
    page.close(run_before_unload=False)
    osim.context.set_offline(False)
    assert story.request("need") == ""
    osim.complaints.clear()  # a browser without network complains, rightly
    page = osim.page = osim.context.new_page()
    page = sitting(osim, reference, "projet")
    expect(page.locator("#id_need")).to_have_value(str(ANSWERS["need"]))
    status(page, "server")
    assert story.request("need") == ANSWERS["need"]
    for path in (summary, f"{summary}projet/"):
        story.crowd.refused_reading(path, "osim")
    story.crowd.refused_writing(
        reference, f"{summary}projet/", "osim", need="Autre chose", go="next"
    )
    story.done.append("first sitting")


def test_second_sitting_loses_its_tab(story: Story, arrive: Arrive) -> None:
    reference = story.after("first sitting")
    osim = arrive("osim", phone=True)
    page = sitting(osim, reference, "partenaire")
    onward(page, "partenaire")
    page.locator("#id_problem").press_sequentially("Personne ne sait")
    page.close(run_before_unload=False)
    page = osim.page = osim.context.new_page()
    page = sitting(osim, reference, "mission")
    expect(page.locator("#id_problem")).to_have_value("Personne ne sait")
    onward(page, "mission")
    page = osim.open(f"/missions/{reference}/demande/")
    press(page, "Déposer la demande")
    said(page, "Il manque")
    assert story.state == "draft"
    look(osim, "03-resume")
    story.done.append("second sitting")


def test_third_sitting_submits(story: Story, arrive: Arrive) -> None:
    reference = story.after("second sitting")
    address = f"/missions/{reference}/demande/"
    osim = arrive("osim", phone=True)
    page = sitting(osim, reference, "expertise")
    onward(page, "expertise")
    onward(page, "budget")
    fill(page, STEPS["securite"])
    for kind in PAPERS:
        join(page, kind)
    press(page, "Enregistrer et continuer")
    page.wait_for_url("**/demande/")
    expect(page.locator("#ce-qui-manque")).to_contain_text("Rien ne manque")
    look(osim, "04-demande")
    story.crowd.refused_writing(reference, f"/missions/{reference}/etape/submit/", "osim")
    story.crowd.refused_writing(reference, f"{address}deposer/", "osim")
    press(page, "Déposer la demande")
    said(page, f"La demande est déposée sous le numéro {reference}")
    expect(page.locator("main")).to_contain_text(f"R-{reference}")
    look(osim, "05-recepisse")
    assert story.state == "submitted"
    story.crowd.refused_writing(
        reference, f"{address}projet/", "osim", need="Autre chose", go="next"
    )
    story.crowd.refused_reading(f"{address}recepisse/", "osim", "coordinator", "administrator")
    assert requests_of_the_month(arrive("coordinator")) == story.counted["requests"] + 1
    story.done.append("submitted")


def test_two_corrections_are_asked(story: Story, arrive: Arrive) -> None:
    reference = story.after("submitted")
    at = f"/missions/{reference}"
    story.crowd.refused_writing(reference, f"{at}/etape/start_review/", "coordinator")
    coordinator = arrive("coordinator")
    step(coordinator, reference, "Commencer l’instruction", "La demande est en cours d’étude")
    page = coordinator.open(f"{at}/instruction/suivi/")
    expect(page.locator("main")).to_contain_text("suit ce dossier")
    story.crowd.refused_reading(f"{at}/instruction/suivi/", "coordinator", "administrator")
    page = coordinator.open(f"{at}/instruction/corrections/demander/")
    for name, (_, question, _) in ASKED.items():
        field = page.locator(f"#q_{name}")
        if not field.is_visible():
            field.locator("xpath=ancestor::details/summary").click()
        field.fill(question)
    look(coordinator, "06-corrections")
    press(page, "Envoyer à l’association")
    expect(page.locator("main")).to_contain_text("Chez l’association")
    page = coordinator.open(f"{at}/")
    expect(page.get_by_role("button", name="Présenter au comité", exact=True)).to_have_count(0)
    story.done.append("asked")


def test_two_corrections_are_answered(story: Story, arrive: Arrive) -> None:
    reference = story.after("asked")
    at = f"/missions/{reference}"
    osim = arrive("osim", phone=True)
    story.crowd.refused_writing(
        reference, f"{at}/demande/projet/", "osim", voiced_by="Autre chose", go="next"
    )
    for name, (part, question, answer) in ASKED.items():
        page = sitting(osim, reference, part)
        expect(page.locator("main")).to_contain_text(question)
        # the other answers are closed during the review
        expect(page.locator("#id_need, #id_days_on_spot")).to_have_count(0)
        page.locator(f"#id_{name}").fill(answer)
        press(page, "Enregistrer et continuer")
        expect(page).not_to_have_url(re.compile(f"/demande/{part}/$"))
        page = osim.open(f"{at}/demande/corrections/")
        card = page.locator(f"#reponse-{name}")
        expect(card).to_contain_text(answer)
        card.get_by_role("button", name="J’ai corrigé").click()
        expect(page.locator(f"#reponse-{name}")).to_have_count(0)
    look(osim, "07-corrigees")
    coordinator = arrive("coordinator")
    page = coordinator.open(f"{at}/instruction/corrections/")
    expect(page.locator("ins").first).to_be_visible()
    look(coordinator, "07-differences")
    for _ in ASKED:
        press(page, "C’est réglé")
    expect(page.get_by_role("button", name="C’est réglé")).to_have_count(0)
    story.done.append("corrected")


def test_request_is_reviewed_by_its_coordination(story: Story, arrive: Arrive) -> None:
    reference = story.after("corrected")
    at = f"/missions/{reference}/etape"
    address = f"/missions/{reference}/instruction/"
    story.crowd.refused_reading(address, "coordinator", "administrator")
    story.crowd.refused_writing(reference, address, "coordinator", relevance="0", version="1")
    coordinator = arrive("coordinator")
    page = coordinator.open(address)
    for verdict in page.locator("select:has(option[value='yes'])").all():
        verdict.select_option("yes")
    for mark in page.locator("select:has(option[value='4'])").all():
        mark.select_option("3")
    page.locator("#id_recommendation").select_option("favourable")
    page.locator("#id_recommendation_why").fill("Un besoin nommé par le groupement lui-même.")
    look(coordinator, "08-instruction")
    press(page, "Enregistrer l’instruction")
    said(page, "L’instruction est enregistrée.")
    page = coordinator.open(f"{address}suivi/")
    press(page, "Tout le monde a répondu : aucun autre lien")
    look(coordinator, "08-tour")
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
    expect(page.locator("main")).to_contain_text("ne s’est pas encore prononcé")
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


def test_journal_tells_the_whole_story(story: Story, arrive: Arrive) -> None:
    reference = story.after("decided")
    coordinator = arrive("coordinator")
    told = ""
    for number in (1, 2):
        page = coordinator.open(f"/missions/{reference}/historique/?page={number}")
        told += page.locator("ol.history").inner_text()
    wanted = (
        "La demande est déposée",
        "Correction demandée",
        "Correction faite",
        "Correction réglée",
        "Instruction enregistrée",
        "Décision du comité",
        "Lettre de décision",
    )
    assert [word for word in wanted if word not in told] == []
    look(coordinator, "09-historique")
