"""Good practices, committee and booklets."""

from tests.role_rows.kinds import EVERYONE, SIGNED_IN, STAFF, WRITERS, get, post

TEAM = "/capitalisation/bonnes-pratiques/"
DRAFTS = "/publications/livrets/"

ROWS = [
    get("practice_list", "/bonnes-pratiques/", *EVERYONE),
    get("practice", lambda g: f"/bonnes-pratiques/{g.practice('published').slug}/", *EVERYONE),
    get("practice_admin_list", TEAM, *STAFF),
    get("practice_new", f"{TEAM}nouvelle/", *WRITERS),
    get("practice_admin", lambda g: f"{TEAM}{g.practice('draft').slug}/", *STAFF),
    get("practice_evidence", lambda g: f"{TEAM}{g.practice('draft').slug}/passages/", *WRITERS),
    post("practice_step", lambda g: f"{TEAM}{g.practice('draft').slug}/etape/proposer/", *WRITERS),
    post(
        "practice_return",
        lambda g: f"{TEAM}{g.practice('proposed').slug}/reprendre/",
        *WRITERS,
        "administrator",
        reason="À préciser.",
    ),
    get("workshop_list", "/capitalisation/ateliers/", *STAFF - {"administrator"}),
    post(
        "workshop_quotation",
        lambda g: f"/capitalisation/ateliers/{g.workshop().pk}/citation/",
        *WRITERS,
        quote_level="anonymous",
        circle="public",
    ),
    get("committee", "/comite/", *STAFF),
    get("committee_month", "/comite/2026/3/", *STAFF),
    get("committee_pdf", "/comite/2026/3/pdf/", *STAFF),
    get("committee_rows", "/comite/2026/3/chiffre/requests/", *STAFF),
    post("committee_freeze", "/comite/2026/3/arreter/", "coordinator", "other_coordinator"),
    get("publication_list", "/publications/", *EVERYONE),
    get("publication", lambda g: f"/publications/{g.booklet('published').slug}/", *EVERYONE),
    get("booklet_list", DRAFTS, *STAFF),
    get("booklet_new", f"{DRAFTS}nouveau/", *WRITERS),
    get("booklet_words", f"{DRAFTS}paroles/?q=parole", *WRITERS),
    get("booklet_printed", lambda g: f"{DRAFTS}{g.booklet('draft').slug}/imprime/", *STAFF),
    post("prose_preview", f"{DRAFTS}apercu/", *SIGNED_IN, text="Un essai."),
    get("booklet", lambda g: f"{DRAFTS}{g.booklet('draft').slug}/", *STAFF),
    post("booklet_make", lambda g: f"{DRAFTS}{g.booklet('draft').slug}/fabriquer/", *STAFF),
    post("booklet_step", lambda g: f"{DRAFTS}{g.booklet('draft').slug}/etape/proposer/", *WRITERS),
    post(
        "booklet_return",
        lambda g: f"{DRAFTS}{g.booklet('proposed').slug}/reprendre/",
        *WRITERS,
        "administrator",
        reason="À préciser.",
    ),
]
