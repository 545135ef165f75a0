"""The letter of a decision, the sittings of the committee and their minutes."""

from collections.abc import Callable

from tests.ground import Ground
from tests.ground_session import decided, point, sitting
from tests.role_rows.kinds import get, post

READS = ("coordinator", "other_coordinator", "committee", "administrator")
ORGANISES = ("coordinator", "other_coordinator", "administrator")
WRITES = ("coordinator", "committee", "administrator")
TOKEN = "8a1f6c1e-1111-4c4c-9a9a-0000000000aa"


def letter(tail: str = "") -> Callable[[Ground], str]:
    return lambda ground: f"{decided(ground)}lettre/{tail}"


def on(state: str, tail: str = "") -> Callable[[Ground], str]:
    return lambda ground: f"{sitting(ground, state)}{tail}"


def at(tail: str = "") -> Callable[[Ground], str]:
    return lambda ground: f"{point(ground)}{tail}"


ROWS = [
    get("mission_letter", letter(), *WRITES),
    get("letter_preview", letter("pdf/"), *WRITES),
    post("letter_approve", letter("approuver/"), *WRITES, version="1"),
    post("letter_send", letter("envoyer/"), *WRITES),
    get("session_list", "/comite/seances/", *READS),
    get("session_new", "/comite/seances/nouvelle/", *ORGANISES),
    get("session", on("planned"), *READS),
    get("session_edit", on("planned", "modifier/"), *ORGANISES),
    post("session_agenda", on("planned", "ordre-du-jour/"), *ORGANISES, act="add", mission="x"),
    post("session_convene", on("planned", "convoquer/"), *ORGANISES),
    post("session_cancel", on("planned", "annuler/"), *ORGANISES, reason="Grève"),
    post("session_open", on("planned", "ouvrir/"), *ORGANISES),
    post("session_presence", on("open", "presence/"), *READS),
    post("session_close", on("open", "clore/"), *ORGANISES),
    post("session_task", on("open", "actions/"), *ORGANISES, token=TOKEN, text="Écrire", who="Lou"),
    get("session_item", at(), *READS),
    get("session_pulse", at("suivi/?v=0"), *READS),
    post("session_goto", at("appeler/"), *ORGANISES),
    post(
        "session_aside",
        at("sortir/"),
        "coordinator",
        "other_coordinator",
        "committee",
        reason="Bureau de l’association",
    ),
    post("session_roll", at("tour/"), *ORGANISES),
    post("session_vote", at("vote/"), *READS, choice="for"),
    post("session_count", at("comptage/"), *ORGANISES, favourable="1", against="0", abstained="0"),
    post(
        "session_decide",
        at("decision/"),
        "committee",
        "administrator",
        token=TOKEN,
        outcome="accepted",
        reason="Besoin clair",
    ),
    post("session_defer", at("reporter/"), *ORGANISES, reason="Plus le temps"),
    get("session_minutes", on("closed", "proces-verbal/"), *READS),
    get("minutes_preview", on("closed", "proces-verbal/pdf/"), *READS),
    post("minutes_approve", on("closed", "proces-verbal/approuver/"), *READS, version="1"),
]
