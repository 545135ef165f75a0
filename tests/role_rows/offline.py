"""What the script of every page asks."""

from tests.role_rows.kinds import EVERYONE, SIGNED_IN, get, post

ROWS = [
    get("offline_session", "/api/session/", *SIGNED_IN),
    # an empty sending: refused as unreadable, once the dossier is found
    post("offline_sync", lambda g: f"/api/sync/request/{g.mission('draft').uuid}/", "osim"),
    get("service_worker", "/hors-ligne.js", *EVERYONE),
    get("manifest", "/explor.webmanifest", *EVERYONE),
]
