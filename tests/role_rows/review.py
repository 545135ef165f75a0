"""Corrections, opinions, the roll and the sheet of a review."""

from collections.abc import Callable

from tests import ground_review as made
from tests.ground import Ground
from tests.role_rows.kinds import EVERYONE, SIGNED_IN, Row, get, of, post

READERS = ("coordinator", "other_coordinator", "administrator")


def at_correction(tail: str, *, answered: bool = False) -> Callable[[Ground], str]:
    def path(ground: Ground) -> str:
        row = made.answered(ground) if answered else made.correction(ground)
        return f"/missions/{row.mission.reference}/{tail.format(row.token)}"

    return path


def at_opinion(tail: str) -> Callable[[Ground], str]:
    def path(ground: Ground) -> str:
        row = made.opinion(ground)
        return f"/missions/{row.mission.reference}/instruction/avis/{row.token}/{tail}"

    return path


def at_sheet(ground: Ground) -> str:
    sheet = made.sheet(ground)
    return f"/missions/{sheet.mission.reference}/instruction/fiches/{sheet.number}.pdf"


ROWS: list[Row] = [
    get("review_list", "/instruction/", *READERS, "stranger"),
    get("mission_roll", of("committee", "instruction/suivi/"), *READERS, "committee"),
    post(
        "mission_note",
        of("review", "instruction/suivi/note/"),
        "coordinator",
        "administrator",
        text="À rappeler.",
        token="6c0b8e3a-0b0e-4a53-9f55-6d1f0d7a4a10",
    ),
    post("mission_lead", of("review", "instruction/suivi/personne/"), "coordinator"),
    post(
        "mission_roll_note",
        of("review", "instruction/suivi/tour/"),
        "coordinator",
        "administrator",
        all="1",
    ),
    get("mission_corrections", of("review", "instruction/corrections/"), *READERS),
    get("correction_new", of("review", "instruction/corrections/demander/"), "coordinator"),
    post("correction_settle", at_correction("instruction/corrections/{}/regler/"), "coordinator"),
    post(
        "correction_again",
        at_correction("instruction/corrections/{}/redemander/", answered=True),
        "coordinator",
        reason="Et les jeunes ?",
        token="6c0b8e3a-0b0e-4a53-9f55-6d1f0d7a4a11",
    ),
    get("request_corrections", at_correction("demande/corrections/"), "osim"),
    post(
        "correction_answer",
        at_correction("demande/corrections/{}/"),
        "osim",
        answer="C’est fait.",
    ),
    get("mission_opinions", of("committee", "instruction/avis/"), *READERS, "committee"),
    get("opinion_ask", of("review", "instruction/avis/demander/"), "coordinator"),
    post("opinion_extend", at_opinion("prolonger/"), "coordinator", due_on="2099-01-01"),
    post("opinion_cancel", at_opinion("annuler/"), "coordinator"),
    get("opinion_list", "/avis/", *SIGNED_IN),
    get("opinion", lambda g: f"/avis/{made.opinion(g).token}/", "committee"),
    post("opinion_decline", lambda g: f"/avis/{made.opinion(g).token}/decliner/", "committee"),
    get("opinion_link", made.link, *EVERYONE),
    get("review_sheet_pdf", of("committee", "instruction/fiche.pdf"), *READERS, "committee"),
    get("review_sheet_frozen", at_sheet, *READERS, "committee"),
]
