"""The answers of a request, from the few facts the data give."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from explor import clock
from explor.accounts.models import User
from missions.demo.cast import Cast
from missions.demo.data import day_of, token_of
from missions.dossier.models import Mission
from missions.funding.actions import NewLine
from missions.funding.models import Heading, Side
from missions.request.actions import save_request
from missions.request.annexing import add_annex
from missions.request.confirming import ask_confirmation
from missions.request.models import AnnexKind, Interpreter, Level, PartnerStatus, Where
from missions.request.queries import Promise, annexes_of

#: Share of the spending that the association finds elsewhere.
OWN_SHARE = Decimal("0.15")


def ask(mission: Mission, row: dict[str, Any], *, cast: Cast, today: date) -> Mission:
    """Write the request the day before it is submitted.

    By its association, or by the coordination that then asks this one to confirm.
    """
    days = row["days"]
    written = day_of(days["submit"], today) if "submit" in days else today
    on_behalf = mission.typed_on_behalf
    actor = cast.coordinator(mission) if on_behalf else cast.osim(row["holder"])
    with clock.at(written - timedelta(days=1)):
        mission = save_request(mission, _answers(row, cast, written), actor=actor, version=None)
        if not row.get("incomplete"):
            _join_papers(mission, row, actor)
        if on_behalf:
            ask_confirmation(
                mission,
                name=row["confirmed_by"],
                email=row["confirmed_at"],
                actor=actor,
                token=token_of("confirmation", row["key"]),
            )
    return mission


def _join_papers(mission: Mission, row: dict[str, Any], actor: User) -> None:
    """The association's papers at its first request; the next ones find them again."""
    joined = {annex.kind for annex in annexes_of(mission)}
    for kind in AnnexKind.needed():
        if kind not in joined and kind not in mission.request.absences:
            name = f"{slugify(kind.label)}.txt"
            text = f"{kind.label}, pièce d’exemple de la démonstration."
            token = token_of("annex", row["key"], kind.value)
            add_annex(mission, kind, text.encode(), name=name, actor=actor, token=token)


def _promises(row: dict[str, Any], written: date) -> list[Promise]:
    """The deliverables that the data name, one by one, ready a month before the window ends."""
    named = row.get("deliverables", "Une fiche pratique, un compte rendu.")
    return [
        Promise(
            title.strip(" .").capitalize(),
            "Document illustré",
            "Le partenaire et l’association",
            written + timedelta(days=300),
        )
        for title in named.split(",")
    ]


def _answers(row: dict[str, Any], cast: Cast, written: date) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "project_title": row.get("project", row["title"]),
        "context": row.get("context", row["need"]),
        "project_stage": row["stage"],
        "sector": row["sector"],
        "sdgs": row["sdgs"],
        "need": row["need"],
        "voiced_by": row.get("voiced_by", "Les personnes concernées, avec le partenaire"),
        "public": "Femmes et hommes de la commune, jeunes compris",
        "public_women": row.get("women", 120),
        "public_men": row.get("men", 80),
        "public_youth": row.get("youth", 60),
        "problem": row["problem"],
        "skills": row["skills"],
        "components": [(c["title"], c["type"], c["objectives"]) for c in row["components"]],
        "days_on_spot": row["days_on_spot"],
        "security_zone": row["zone"],
    }
    if row.get("incomplete"):
        return answers
    return answers | {
        "local_partner": cast.organisations[row["partner"]],
        "partner_contact": "Secrétariat du partenaire, joignable par téléphone",
        "partner_role": "Accueille, traduit, prend les rendez-vous",
        "partner_status": PartnerStatus.ASSOCIATION,
        "partner_since": "Depuis plus de cinq ans",
        "partner_brings": "Un lieu de travail, une personne pour traduire, des contacts.",
        "viability": "Le groupe sur place garde les outils et s’occupe de l’entretien.",
        "level": Level.CONFIRMED,
        "lodging": "Chez le partenaire",
        "interpreter": Interpreter.FOUND,
        "activities": row.get("activities", "Observation, travail avec l’équipe, restitution."),
        "deliverables": _promises(row, written),
        "success": row.get("success", "L’équipe sur place continue sans nous."),
        "where": Where.BOTH,
        "languages": ["fr"],
        "people_count": row.get("people_count", 1),
        "window_from": written + timedelta(days=60),
        "window_to": written + timedelta(days=330),
        "sworn": True,
        "privacy_read": True,
        "budget": budget(Decimal(row["amount"])),
    }


def budget(asked: Decimal) -> list[NewLine]:
    """A budget that balances, from what is asked of the programme."""
    total = (asked / (1 - OWN_SHARE)).quantize(Decimal(10))
    travel = (total * Decimal("0.45")).quantize(Decimal(1))
    stay = (total * Decimal("0.30")).quantize(Decimal(1))
    insurance = Decimal(90)
    local = total - travel - stay - insurance
    return [
        NewLine(Side.EXPENSE, Heading.TRAVEL, travel, "Un billet aller-retour, devis d’agence"),
        NewLine(Side.EXPENSE, Heading.STAY, stay, "Chambre et repas, par jour"),
        NewLine(Side.EXPENSE, Heading.INSURANCE, insurance, "Rapatriement, par personne"),
        NewLine(Side.EXPENSE, Heading.LOCAL, local, "Transport sur place et petit matériel"),
        NewLine(Side.INCOME, Heading.PROGRAMME, asked, "Demandé au programme"),
        NewLine(
            Side.INCOME, Heading.OWN_FUNDS, total - asked, "Cotisations et repas", secured=True
        ),
    ]
