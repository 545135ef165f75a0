"""What people do on the pages of a mission, click by click."""

import re
from datetime import date, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Person

TODAY = date.today()  # the site runs on the machine's clock
TITLE = "Réparer les pompes de Sinendé"
NEED = "Trois pompes sur cinq sont arrêtées ; l’eau du maraîchage vient de la rivière."

#: Every answer a request needs, step by step, by the name of its field.
STEPS: dict[str, dict[str, str | bool]] = {
    "association": {
        "rna": "W123456789",
        "department": "Nord",
        "declared_on": "2012-05-14",
        "address": "12 rue des Tisserands",
        "legal_representative": "Présidence de l’association",
        "contact_name": "Secrétariat",
        "contact_phone": "01 99 00 00 10",
        "migrant_led_board": True,
    },
    "projet": {
        "project_title": "De l’eau pour les maraîchères de Sinendé",
        "country": "BJ",
        "place": "Sinendé",
        "sector": "14030",
        "project_stage": "under_way",
        "need": NEED,
        "voiced_by": "Le groupement des maraîchères",
    },
    "partenaire": {
        "local_partner": "Groupement Exemple de Sinendé",
        "partner_contact": "Secrétariat du groupement, joignable par téléphone",
        "partner_role": "Accueille, traduit, rassemble les pièces",
    },
    "mission": {
        "problem": "Personne ne sait diagnostiquer la panne ni former à l’entretien.",
        "success": "Quatre pompes tournent six mois plus tard, sans nous.",
        "where": "field",
        "c1_type": "training",
        "c1_title": "Entretenir les pompes",
        "c1_objective_1": "Remettre en marche trois pompes",
        "c1_objective_2": "Former quatre personnes à l’entretien",
        "d1_title": "Un carnet d’entretien illustré",
        "d1_format": "Carnet imprimé",
        "d1_audience": "Le groupement",
        "d1_due_on": (TODAY + timedelta(days=60)).isoformat(),
    },
    "expertise": {
        "skills": "Mécanique de pompes, formation d’adultes",
        "languages": "fr",
        "window_from": TODAY.isoformat(),
        "window_to": (TODAY + timedelta(days=60)).isoformat(),
        "days_on_spot": "8",
    },
    "budget": {
        "expense_travel_amount": "1 100",
        "expense_travel_how": "Un billet aller-retour, devis d’agence",
        "expense_stay_amount": "400,00",
        "expense_stay_how": "Huit nuits à 50 €",
        "income_programme_amount": "1 200",
        "income_programme_how": "Programme",
        "income_own_funds_amount": "300",
        "income_own_funds_how": "Cotisations",
    },
    "securite": {
        "security_zone": "green",
        "absent_activity": "Le premier rapport s’écrit en ce moment",
        "absent_accounts": "Association née cette année",
        "sworn": True,
        "privacy_read": True,
    },
}
ANSWERS = {name: value for answers in STEPS.values() for name, value in answers.items()}
PAPERS = ("statutes", "declaration", "board")
PDF = b"%PDF-1.4\n%%EOF"


def fill(page: Page, answers: dict[str, str | bool]) -> None:
    """Put each answer in the field of that name, whatever its kind."""
    for name, value in answers.items():
        field = page.locator(f"#id_{name}")
        if name == "languages":
            field = page.locator(f"input[name={name}][value={value}]")
            value = True
        put(field, value)


def join(page: Page, kind: str, name: str = "piece.pdf", data: bytes = PDF) -> None:
    """Choose the file of a paper, and wait until the page says what became of it."""
    sent = {"name": name, "mimeType": "application/pdf", "buffer": data}
    page.locator(f"#id_annex_{kind}").set_input_files([sent])  # type: ignore[list-item]
    expect(page.locator(f"[data-paper={kind}] [role=status]")).to_contain_text(name)


def put(field: Locator, value: str | bool) -> None:
    """Open the part of the form that holds it, then answer."""
    folded = field.locator("xpath=ancestor::details[not(@open)]/summary")
    while not field.is_visible() and folded.count():
        folded.first.click()
    if isinstance(value, bool):
        field.set_checked(value)
    elif field.evaluate("element => element.tagName") == "SELECT":
        options = field.evaluate("element => [...element.options].map(option => option.value)")
        field.select_option(value if value in options else options[1])
    else:
        field.fill(value)


def look(person: Person, name: str) -> None:
    """A picture at both widths; on a phone nothing may be wider than the screen."""
    page = person.page
    was = page.viewport_size
    for size, word in ((DESK, "1280"), (PHONE, "360")):
        page.set_viewport_size(size)
        person.shot(f"fil-{name}-{word}")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"], f"{page.url} : {wide} px à 360 px"
    if was:
        page.set_viewport_size(was)


def press(page: Page, label: str) -> None:
    """A button of the page by its words, the one in sight when a phone has two."""
    buttons = page.get_by_role("button", name=label, exact=True)
    buttons.locator("visible=true").first.click()


def said(page: Page, words: str) -> None:
    expect(page.locator("#messages")).to_contain_text(words)


def step(person: Person, reference: str, label: str, told: str) -> None:
    """A button of the lifecycle, on the mission's own page."""
    page = person.open(f"/missions/{reference}/")
    press(page, label)
    said(page, told)


def reasoned(page: Page, scope: Locator, label: str, reason: str) -> None:
    """An action that asks why: opened, explained, confirmed."""
    scope.locator("summary", has_text=label).click()
    scope.locator("textarea[name=reason]:visible").fill(reason)
    scope.get_by_role("button", name=f"Confirmer : {label}").locator("visible=true").click()


def settle(person: Person, reference: str, kind: str) -> None:
    page = person.open(f"/missions/{reference}/preparation/")
    page.locator(f"#jalon-{kind}").get_by_role("button", name="C’est fait").click()
    expect(page.locator(f"#jalon-{kind}")).to_contain_text("Fait")


def waive(person: Person, reference: str, kind: str, because: str) -> None:
    page = person.open(f"/missions/{reference}/preparation/")
    reasoned(page, page.locator(f"#jalon-{kind}"), "Dispenser", because)
    expect(page.locator(f"#jalon-{kind}")).to_contain_text(because)


def day(offset: int = 0) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


def reference_in(address: str) -> str:
    found = re.search(r"[A-Z]+-\d{4}-\d+", address)
    assert found, address
    return found[0]
