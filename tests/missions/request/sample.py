"""A request that lacks nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

from explor.clock import today
from missions.funding.actions import NewLine
from missions.funding.models import Heading, Side
from missions.request.models import AnnexKind
from missions.request.queries import Promise, Volet


def full_answers() -> dict[str, Any]:
    year = today().year
    return {
        "rna": "W595000001",
        "city": "Lille",
        "department": "Nord",
        "declared_on": date(2014, 5, 6),
        "address": "1 place de l’Essai, 59000 Lille",
        "legal_representative": "Awa Exemple",
        "contact_name": "Awa Exemple",
        "contact_phone": "06 00 00 00 00",
        "migrant_led_board": True,
        "project_title": "Un atelier de conserves",
        "country": "BJ",
        "place": "Kpomassé",
        "sector": "31120",
        "sdgs": [2, 8],
        "need": "Les tomates se perdent à la récolte.",
        "voiced_by": "La coopérative des maraîchères",
        "project_stage": "under_way",
        "local_partner": "Coopérative Exemple",
        "partner_contact": "Bintou Exemple, 00 229 00 00 00 00",
        "partner_role": "Elle reçoit la mission",
        "title": "Conserver les tomates",
        "problem": "La recette ne se garde pas plus d’un mois.",
        "deliverables": [
            Promise("Carnet de recettes", "Affiches", "L’atelier", date(year + 1, 4, 15))
        ],
        "success": "Les conserves se gardent six mois.",
        "where": "field",
        "components": [Volet("", "training", ["Former l’équipe"])],
        "skills": "transformation alimentaire, hygiène",
        "languages": ["fr", "fon"],
        "window_from": date(year + 1, 2, 1),
        "window_to": date(year + 1, 4, 30),
        "days_on_spot": 8,
        "budget": [
            NewLine(Side.EXPENSE, Heading.TRAVEL, Decimal("900.50"), "un aller-retour"),
            NewLine(Side.EXPENSE, Heading.STAY, Decimal("400"), "8 jours à 50 €"),
            NewLine(Side.INCOME, Heading.PROGRAMME, Decimal("1000")),
            NewLine(Side.INCOME, Heading.OWN_FUNDS, Decimal("300.50"), secured=True),
            NewLine(Side.VALORISED, Heading.VOLUNTEER_TIME, Decimal("600"), "40 h à 15 €"),
        ],
        "security_zone": "yellow",
        "absences": {kind.value: "Association trop récente" for kind in AnnexKind.needed()},
        "sworn": True,
        "privacy_read": True,
    }
