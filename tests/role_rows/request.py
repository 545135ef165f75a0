"""The request: its steps, papers, receipt, confirmation."""

from collections.abc import Callable
from dataclasses import replace

from missions.dossier.models import Mission
from missions.request.models import AnnexKind
from tests.ground import Ground
from tests.ground_request import confirmation_path, on_behalf, paper, received, whole
from tests.role_rows.kinds import EVERYONE, get, of, post

TOKEN = "11111111-1111-4111-8111-111111111111"


def at(found: Callable[[Ground], Mission], tail: str = "") -> Callable[[Ground], str]:
    return lambda ground: f"/missions/{found(ground).reference}/demande/{tail}"


def piece(kind: AnnexKind) -> Callable[[Ground], str]:
    def where(ground: Ground) -> str:
        row = paper(ground, kind)
        return f"/missions/{row.mission.reference}/demande/pieces/{row.uuid}/"

    return where


def removable(ground: Ground) -> str:
    row = paper(ground, AnnexKind.OTHER, whole(ground))
    return f"/missions/{row.mission.reference}/demande/pieces/{row.uuid}/retirer/"


ROWS = [
    get("request_step", of("draft", "demande/projet/"), "osim"),
    post("request_step", at(on_behalf, "partenaire/"), "osim", "coordinator", bases="{}"),
    post("request_submit", at(whole, "deposer/"), "osim"),
    post("request_duplicate", of("review", "demande/repartir/"), "osim", token=TOKEN),
    get(
        "request_receipt",
        at(received, "recepisse/"),
        "osim",
        "coordinator",
        "other_coordinator",
        "administrator",
    ),
    get(
        "request_receipt_pdf",
        at(received, "recepisse.pdf"),
        "osim",
        "coordinator",
        "other_coordinator",
        "administrator",
    ),
    get(
        "request_annexes",
        of("review", "demande/pieces/"),
        "osim",
        "coordinator",
        "other_coordinator",
        "administrator",
    ),
    get(
        "annex",
        piece(AnnexKind.STATUTES),
        "osim",
        "coordinator",
        "other_coordinator",
        "administrator",
    ),
    get("annex", piece(AnnexKind.BANK), "osim", "coordinator", "administrator"),
    post("annex_remove", removable, "osim"),
    replace(
        post("confirmation_ask", at(on_behalf, "confirmation/"), "coordinator"),
        data={"name": "Awa Exemple", "email": "awa@example.org", "token": TOKEN},
    ),
    post("confirmation_own", at(on_behalf, "confirmer/"), "osim"),
    get("confirmation", confirmation_path, *EVERYONE),
]
