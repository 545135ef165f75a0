"""What people type about money in these tests."""

from datetime import date
from decimal import Decimal
from typing import Any

YEAR = 2026
#: Those who may not write the money of a mission, though some read it.
NO_ONE = ("volunteer", "other_coordinator", "researcher", "committee", "stranger")

TICKET: dict[str, Any] = {
    "heading": "travel",
    "label": "Billet Lille–Cotonou",
    "state": "spent",
    "dated": date(2026, 3, 2),
    "amount": Decimal("612.40"),
    "currency": "EUR",
    "rate": None,
}
BILL: dict[str, Any] = TICKET | {
    "heading": "local",
    "label": "Location d’une pompe",
    "amount": Decimal(98394),
    "currency": "XOF",
}
ASKED: dict[str, Any] = {
    "funder_name": "Fondation d’essai",
    "nature": "cash",
    "state": "asked",
    "asked": Decimal(600),
    "secured": Decimal(0),
    "asked_on": date(2026, 1, 10),
}
