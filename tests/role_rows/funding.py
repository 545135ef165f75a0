"""The money: who reads it, who writes what."""

from collections.abc import Callable
from typing import Any

from tests import ground_funding
from tests.ground import Ground
from tests.role_rows.kinds import get, kept, post

READERS = ("osim", "coordinator", "other_coordinator", "committee", "administrator")
WRITERS = ("osim", "coordinator", "administrator")
PAYERS = ("coordinator", "administrator")


def at(tail: str, make: Callable[[Ground], Any] | None = None) -> Callable[[Ground], str]:
    def path(ground: Ground) -> str:
        reference = ground_funding.held(ground).mission.reference
        token = make(ground).token if make else ""
        return f"/missions/{reference}/financement/{tail.format(token)}"

    return path


def envelope(ground: Ground) -> str:
    return ground_funding.open_one(ground.world).get_absolute_url()


ROWS = [
    kept(get("mission_funding", at(""), *READERS), "Comité d’essai", *READERS),
    get("expense_statement", at("etat-de-frais.pdf"), *READERS),
    get("expense_new", at("depenses/nouvelle/"), *WRITERS),
    get("expense", at("depenses/{}/", ground_funding.expense), *WRITERS),
    post(
        "expense_remove",
        at("depenses/{}/retirer/", ground_funding.expense),
        *WRITERS,
        reason="Notée deux fois.",
    ),
    get("cofunding_new", at("cofinancements/nouveau/"), *WRITERS),
    get("cofunding", at("cofinancements/{}/", ground_funding.cofunding), *WRITERS),
    post(
        "cofunding_remove",
        at("cofinancements/{}/retirer/", ground_funding.cofunding),
        *WRITERS,
        reason="Noté deux fois.",
    ),
    get("instalment_new", at("versements/nouveau/"), *PAYERS),
    get("instalment", at("versements/{}/", ground_funding.instalment), *PAYERS),
    get("instalment_pay", at("versements/{}/fait/", ground_funding.instalment), *PAYERS),
    post(
        "instalment_cancel",
        at("versements/{}/annuler/", ground_funding.instalment),
        *PAYERS,
        reason="Remplacé.",
    ),
    get(
        "envelope_list",
        "/reglages/enveloppes/",
        "coordinator",
        "other_coordinator",
        "committee",
        "administrator",
        "stranger",
    ),
    get("envelope_new", "/reglages/enveloppes/nouvelle/", "administrator"),
    get(
        "envelope",
        envelope,
        "coordinator",
        "other_coordinator",
        "committee",
        "administrator",
    ),
    post(
        "envelope",
        envelope,
        "administrator",
        amount="6000",
        reason="Subvention en hausse.",
        version="1",
    ),
]
