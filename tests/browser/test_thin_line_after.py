"""The same mission once it is back: report, interview, coding, sheet, month, booklet, history."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import TITLE, day, look, press, put, said, step, waive
from tests.browser.conftest import Person
from tests.browser.story import Story

Arrive = Callable[..., Person]
pytestmark = pytest.mark.slow

KIND = "Formation et renforcement de compétences"
SAID = "Sans les appels du printemps, nous aurions perdu deux jours à chercher les bonnes pièces."
DONE_INTERVIEWS = """
SELECT count(*) FROM capitalisation_interview i LEFT JOIN capitalisation_consent c
ON c.interview_id = i.id WHERE i.state = 'done' AND c.withdrawn_at IS NULL
"""


def write_report(page: Page) -> None:
    texts = {
        "departed_on": day(),
        "returned_on": day(8),
        "places": "Sinendé, Bembéréké",
        "remote_months": "4",
        "story": "Deux jours de diagnostic, puis cinq d’atelier avec le groupement.",
        "findings": "Les joints manquent, les gestes sont vite appris.",
        "difficulties": "Une piste coupée par la pluie.",
        "next_steps": "Un point à six mois avec le groupement.",
        "women": "3",
        "men": "1",
        "recommendations-0-action": "Constituer un stock de joints",
        "recommendations-0-who": "Le groupement",
        "recommendations-0-due": "Avant la saison sèche",
        "recommendations-1-action": "Tenir le carnet d’entretien",
        "recommendations-1-who": "Les quatre personnes formées",
        "recommendations-1-due": "Chaque mois",
        "recommendations-2-action": "Former deux autres personnes",
        "recommendations-2-who": "L’association",
        "recommendations-2-due": "Dans l’année",
        "deliverables-0-title": "Carnet d’entretien illustré",
        "deliverables-0-for_whom": "Le groupement",
        "deliverables-0-handed_on": day(),
    }
    for name, value in texts.items():
        put(page.locator(f"#id_{name}"), value)
    put(page.locator("#id_no_incident"), True)
    outcomes = page.locator("select[name$='-outcome']")
    for number, outcome in enumerate(["reached", "partly"]):
        put(outcomes.nth(number), outcome)
        put(page.locator("textarea[name$='-why']").nth(number), "Pièces trouvées sur place.")
        done = page.locator("textarea[name$='-achievements']").nth(number)
        put(done, "Trois pompes remises en marche\nUn carnet commencé")
    assert outcomes.count() == 2
    page.locator("#id_deliverables-0-upload").set_input_files(
        {"name": "carnet.txt", "mimeType": "text/plain", "buffer": "Vérifier le joint.".encode()}
    )


def test_report_is_written_by_the_volunteer(story: Story, arrive: Arrive) -> None:
    reference = story.after("returned")
    address = f"/missions/{reference}/rapport/"
    story.counted["interviews"] = story.site.value(DONE_INTERVIEWS)
    story.crowd.refused_writing(reference, address, "volunteer", story="Autre", version="1")
    volunteer = arrive("volunteer", phone=True)
    page = volunteer.open(address)
    write_report(page)
    look(volunteer, "13-rapport")
    press(page, "Enregistrer et déposer")
    said(page, "Rapport déposé : la coordination le relit.")
    look(volunteer, "14-rapport-depose")
    story.done.append("reported")


def test_report_is_accepted_by_the_coordination(story: Story, arrive: Arrive) -> None:
    reference = story.after("reported")
    address = f"/missions/{reference}/rapport/"
    story.crowd.refused_writing(reference, f"{address}accepter/", "coordinator")
    coordinator = arrive("coordinator")
    page = coordinator.open(address)
    look(coordinator, "15-rapport-lu")
    page.locator("summary", has_text="Accepter le rapport").locator("visible=true").first.click()
    press(page, "Confirmer : Accepter le rapport")
    said(page, "Rapport accepté")
    at = f"/missions/{reference}/etape/approve_report/"
    story.crowd.refused_writing(reference, at, "coordinator")
    step(coordinator, reference, "Valider le rapport", "Le rapport est accepté")
    assert story.state == "capitalisation"
    osim = arrive("osim", phone=True)
    page = osim.open(address)
    expect(page.locator("main")).to_contain_text("Trois pompes remises en marche")
    assert re.search(r"carnet.*\.txt", page.locator("main").inner_text())
    look(osim, "16-rapport-osim")
    story.done.append("accepted")


def test_interview_is_held_by_the_researcher(story: Story, arrive: Arrive) -> None:
    reference = story.after("accepted")
    address = f"/missions/{reference}/entretiens/"
    researcher = arrive("researcher")
    page = researcher.open(address)
    guide = page.locator("#id_guide option", has_text=re.compile("retour", re.IGNORECASE))
    guide = guide.filter(has_text=re.compile("volontaire", re.IGNORECASE)).first
    chosen = guide.get_attribute("value") or ""
    words = {
        "guide": chosen,
        "person_label": "Autre",
        "token": "6a1d7ef8-4bc5-4f3c-9d0e-0f6c8f0ad9c1",
    }
    story.crowd.refused_writing(reference, address, "researcher", **words)
    page.locator("#id_guide").select_option(chosen)
    page.locator("#id_person_label").fill("Volontaire, mission pompes")
    page.locator("#id_person_function").fill("Technicienne")
    press(page, "Prévoir l’entretien")
    if "/entretiens/" in page.url and reference in page.url:
        page.get_by_role("link", name=re.compile("Volontaire, mission pompes")).first.click()
    expect(page.locator("h1")).to_contain_text("Volontaire, mission pompes")
    interview = page.url.removeprefix(story.site.url)
    story.crowd.refused_reading(interview, "researcher")
    page.locator("#id_notes").check()
    page.locator("#id_transcription").check()
    page.locator("input[name=quote_level][value=function]").check()
    page.locator("input[name=circle][value=public]").check()
    page.locator("#id_collected_on").fill(day())
    page.locator("#id_proof").fill("Accord oral, noté en début d’entretien")
    look(researcher, "17-accord")
    press(page, "Enregistrer l’accord et commencer")
    said(page, "Accord enregistré.")
    answers = page.locator("textarea[name^=answer-]")
    for number in range(answers.count()):
        answers.nth(number).fill(f"{SAID} C’est ma réponse numéro {number + 1}.")
    page.locator("#id_held_on").fill(day())
    look(researcher, "18-entretien")
    press(page, "Enregistrer et terminer l’entretien")
    said(page, "Entretien terminé : son texte est dans le corpus.")
    page.get_by_role("link", name="Lire et coder le texte").click()
    page.wait_for_url("**/capitalisation/textes/*/")
    story.found["text"] = page.url.removeprefix(story.site.url)
    story.crowd.refused_reading(story.found["text"], "researcher")
    assert story.site.value(DONE_INTERVIEWS) == story.counted["interviews"] + 1
    story.done.append("heard")


def passages(page: Page, code: str) -> int:
    """What the cell of the matrix says of that code and the mission's type."""
    cell = page.locator(f"a[aria-label^='{code}, {KIND}']")
    found = re.search(r"(\d+) passages?", cell.get_attribute("aria-label") or "")
    return int(found[1]) if cell.count() and found else 0


def test_passage_is_coded_with_the_keyboard(story: Story, arrive: Arrive) -> None:
    story.after("heard")
    researcher = arrive("researcher")
    page = researcher.open(story.found["text"])
    codes = page.locator("#codes option")
    code = codes.nth(1).get_attribute("value") or ""
    matrix = "/capitalisation/analyse-croisee/"
    before = passages(researcher.open(matrix), code)
    page = researcher.open(story.found["text"])
    block = page.locator(".coding-text").first
    block.scroll_into_view_if_needed()
    block.click(position={"x": 4, "y": 10})
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("Shift+End")
    box = block.bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12, steps=6)
    page.mouse.up()
    expect(page.locator("#coder")).to_be_visible()
    quote = page.locator("#coder textarea[name=quote]").input_value()
    assert quote
    assert quote in (block.text_content() or "")
    page.keyboard.press("c")
    expect(page.locator("#code-choisi")).to_be_focused()
    page.keyboard.type(code)
    look(researcher, "19-codage")
    page.locator("#code-choisi").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#codage-dit")).to_contain_text(f"Passage codé « {code} »")
    expect(page.locator(".coding-text mark").first).to_be_visible()
    look(researcher, "20-code")
    page = researcher.open(matrix)
    assert passages(page, code) == before + 1
    look(researcher, "21-matrice")
    page.locator(f"a[aria-label^='{code}, {KIND}']").click()
    expect(page.locator("main")).to_contain_text(quote.strip())
    for role in ("osim", "volunteer", "administrator"):
        assert story.crowd.get(role, matrix).status in {403, 404}, role
    story.done.append("coded")


def test_sheet_is_published_by_a_second_person(story: Story, arrive: Arrive) -> None:
    reference = story.after("coded")
    address = f"/missions/{reference}/fiche/"
    public = f"/missions-realisees/{reference}/"
    assert story.crowd.get("anonymous", public).status == 404
    story.crowd.refused_writing(
        reference, address, "researcher", "coordinator", summary="Autre résumé"
    )
    researcher = arrive("researcher")
    page = researcher.open(address)
    page.locator("#id_summary").fill("Trois pompes tournent de nouveau.")
    press(page, "Proposer la fiche")
    said(page, "La fiche est proposée")
    story.crowd.refused_writing(reference, f"{address}approuver/", "coordinator", "administrator")
    coordinator = arrive("coordinator")
    page = coordinator.open(address)
    look(coordinator, "22-fiche")
    page.locator("summary", has_text="Approuver et publier").locator("visible=true").first.click()
    press(page, "Confirmer : Approuver et publier")
    said(page, "La fiche est publiée.")
    anyone = arrive("anonymous", phone=True)
    page = anyone.open(public)
    expect(page.locator("main")).to_contain_text("Trois pompes tournent de nouveau")
    look(anyone, "23-fiche-publique")
    waive(coordinator, reference, "interview_after_osim", "L’association préfère l’atelier.")
    at = f"/missions/{reference}/etape/start_follow_up/"
    story.crowd.refused_writing(reference, at, "coordinator")
    step(coordinator, reference, "Passer au suivi", "le suivi à 6 et 12 mois commence")
    assert story.state == "follow_up"
    story.done.append("published")


def test_month_of_the_committee_counts_the_mission(story: Story, arrive: Arrive) -> None:
    reference = story.after("published")
    month = f"/comite/{day()[:4]}/{int(day()[5:7])}/"
    committee = arrive("committee")
    for code in ("requests", "stock_follow_up"):
        page = committee.open(f"{month}chiffre/{code}/")
        expect(page.locator("main")).to_contain_text(reference)
    committee.open(month)
    look(committee, "24-comite")
    for role in ("osim", "volunteer"):
        assert story.crowd.get(role, month).status in {403, 404}, role


def test_booklet_holds_the_mission(story: Story, arrive: Arrive, tmp_path: Path) -> None:
    story.after("published")
    researcher = arrive("researcher")
    page = researcher.open("/publications/livrets/nouveau/")
    page.locator("#id_title").fill("Regards croisés, édition d’essai")
    press(page, "Commencer")
    said(page, "Livret commencé")
    booklet = page.url.removeprefix(story.site.url)
    look(researcher, "25-livret")
    for role in ("osim", "volunteer", "committee", "administrator"):
        assert story.crowd.post(role, f"{booklet}fabriquer/").status in {403, 404}, role
    press(page, "Fabriquer le PDF")
    page.wait_for_url("**/documents/travaux/*/")
    if page.locator("progress").count():
        look(researcher, "26-progression")
    job = page.url.removeprefix(story.site.url)
    ready = page.get_by_role("link", name=re.compile("Télécharger"))
    expect(ready).to_be_visible(timeout=120_000)
    look(researcher, "27-pret")
    story.crowd.refused_reading(job, "researcher")
    with page.expect_download() as download:
        ready.click()
    path = tmp_path / "livret.pdf"
    download.value.save_as(path)
    told = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    text = " ".join(told.stdout.decode().split())
    assert TITLE in text
    assert re.search(rf"\b{story.counted['interviews'] + 1} entretiens individuels", text)
    assert "Trois pompes remises en marche" in text
    story.done.append("printed")


def test_history_tells_the_mission_in_order(story: Story, arrive: Arrive) -> None:
    reference = story.after("published")
    told: list[str] = []
    coordinator = arrive("coordinator")
    for number in range(1, 6):
        page = coordinator.open(f"/missions/{reference}/historique/?page={number}")
        found = page.locator(".history li strong").all_inner_texts()
        if found and found[-1:] == told[-1:]:
            break
        told += found
    told.reverse()
    chapters = [
        "Demande commencée",
        "La demande est déposée",
        "en cours d’étude",
        "présentée au comité",
        "retenue par le comité",
        "Une personne volontaire accompagne",
        "La préparation du départ commence",
        "Dates prévues",
        "part sur le terrain",
        "le rapport est attendu",
        "Rapport de retour déposé",
        "Rapport de retour accepté",
        "Le rapport est accepté",
        "le suivi à 6 et 12 mois commence",
    ]
    at = -1
    for chapter in chapters:
        later = [place for place, text in enumerate(told) if place > at and chapter in text]
        assert later, f"« {chapter} » manque après « {told[at] if at >= 0 else 'le début'} »"
        at = later[0]
    assert any("Tentative refusée" in text for text in told)
    look(coordinator, "28-historique")
