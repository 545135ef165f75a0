"""Conversations, and the mail that answers them."""

from uuid import uuid4

from tests.role_rows.kinds import EVERYONE, SIGNED_IN, get, of, post

ROWS = [
    get(
        "mission_messages",
        of("preparation", "messages/"),
        "osim",
        "volunteer",
        "coordinator",
        "committee",
        "administrator",
    ),
    get(
        "mission_messages",
        of("preparation", "messages/mission/"),
        "osim",
        "volunteer",
        "coordinator",
    ),
    get("mission_messages", of("preparation", "messages/equipe/"), "coordinator", "administrator"),
    get("mission_messages", of("preparation", "messages/comite/"), "coordinator", "committee"),
    post(
        "mission_messages",
        of("preparation", "messages/equipe/"),
        "administrator",
        "coordinator",
        text="Un essai.",
        token=str(uuid4()),
    ),
    post("agenda_open", "/messages/agenda/", *SIGNED_IN),
    post("agenda_close", "/messages/agenda/supprimer/", *SIGNED_IN),
    get("agenda", lambda ground: ground.agenda(), *EVERYONE),
    # without the secret of the address there is nobody there
    post("inbound_mail", "/api/courrier/faux/"),
]
