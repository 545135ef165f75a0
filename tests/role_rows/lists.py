"""Lists as spreadsheets, and missions on hold."""

from tests.role_rows.kinds import SIGNED_IN, get, of, post

ROWS = [
    post("mission_export", "/missions/tableur/", *SIGNED_IN),
    post(
        "actor_export",
        "/acteurs/tableur/",
        "coordinator",
        "other_coordinator",
        "researcher",
        "administrator",
        "stranger",
    ),
    get("mission_suspension", of("support", "suspension/"), "coordinator", "administrator"),
    post(
        "mission_resume",
        of("support", "suspension/reprendre/"),
        "coordinator",
        "administrator",
    ),
]
