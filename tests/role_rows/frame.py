"""The frame and the public pages."""

from tests.role_rows.kinds import EVERYONE, SIGNED_IN, get, post

FRAME = [
    get("healthz", "/healthz", *EVERYONE),
    get("accessibility", "/accessibilite/", *EVERYONE),
    get("account_settings", "/compte/", *SIGNED_IN),
    get("style_guide", "/reglages/style/", *SIGNED_IN),
    get("file_download", lambda g: f"/fichiers/{g.file().uuid}/", "researcher"),
    get("export_job_list", "/documents/travaux/", *SIGNED_IN),
    get("export_job", lambda g: f"/documents/travaux/{g.job().uuid}/", "researcher"),
    post(
        "export_job_retry", lambda g: f"/documents/travaux/{g.job().uuid}/reessayer/", "researcher"
    ),
    get("inbox", "/messages/", *SIGNED_IN),
    post("notice_read_all", "/messages/tout-lire/", *SIGNED_IN),
    get("inbox_settings", "/messages/reglages/", *SIGNED_IN),
    get("notice_open", lambda g: f"/messages/{g.notice().pk}/", "osim"),
    post("notice_read", lambda g: f"/messages/{g.notice().pk}/lu/", "osim"),
]

PUBLIC = [
    get("home", "/", *EVERYONE),
    get("sheet_list", "/missions-realisees/", *EVERYONE),
    get("sheet", lambda g: f"/missions-realisees/{g.published().reference}/", *EVERYONE),
    get(
        "sheet_pdf", lambda g: f"/missions-realisees/{g.published().reference}/fiche.pdf", *EVERYONE
    ),
    get("propose_mission", "/proposer-une-mission/", *EVERYONE),
    get("become_volunteer", "/devenir-volontaire/", *EVERYONE),
    get("resources", "/ressources/", *EVERYONE),
]

ROWS = [*FRAME, *PUBLIC]
