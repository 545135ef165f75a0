"""The rows of the role matrix: address, who gets something there, how it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.ground import Ground

ROLES = (
    "anonymous",
    "osim",
    "other_osim",
    "volunteer",
    "other_volunteer",
    "coordinator",
    "other_coordinator",
    "researcher",
    "committee",
    "administrator",
    "stranger",
)
EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {"anonymous"}
STAFF = frozenset({"coordinator", "other_coordinator", "researcher", "committee", "administrator"})
DOSSIER = STAFF | {"osim", "volunteer"}
WRITERS = frozenset({"coordinator", "other_coordinator", "researcher"})
TEAM = "/capitalisation/bonnes-pratiques/"
DRAFTS = "/publications/livrets/"


@dataclass(frozen=True)
class Row:
    """`where` builds the path from the ground; `roles` are those who get something.

    `secret` is in the page for `readers` and for nobody else.
    """

    name: str
    where: str | Callable[[Ground], str]
    roles: frozenset[str]
    method: str = "GET"
    data: dict[str, str] = field(default_factory=dict)
    #: words that, of those roles, only `readers` are shown
    secret: str = ""
    readers: frozenset[str] = frozenset()

    def path(self, ground: Ground) -> str:
        return self.where if isinstance(self.where, str) else self.where(ground)


def get(name: str, where: str | Callable[[Ground], str], *roles: str) -> Row:
    return Row(name, where, frozenset(roles))


def kept(row: Row, secret: str, *readers: str) -> Row:
    """The page is for `row.roles`, the words in it for `readers` only."""
    return replace(row, secret=secret, readers=frozenset(readers))


def post(name: str, where: str | Callable[[Ground], str], *roles: str, **data: str) -> Row:
    return Row(name, where, frozenset(roles), "POST", data)


def of(state: str, tail: str = "") -> Callable[[Ground], str]:
    """A page of the ground's mission in `state`."""
    return lambda ground: f"/missions/{ground.mission(state).reference}/{tail}"


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

REQUEST = [
    get("accueil", "/accueil/", *SIGNED_IN),
    get("mission_list", "/missions/", *SIGNED_IN),
    get(
        "actor_list",
        "/acteurs/",
        "coordinator",
        "other_coordinator",
        "researcher",
        "administrator",
        "stranger",
    ),
    get(
        "actor",
        lambda g: f"/acteurs/{g.world.association.uuid}/",
        "coordinator",
        "other_coordinator",
        "researcher",
        "administrator",
    ),
    get("mission", of("review"), *DOSSIER - {"committee", "volunteer"}),
    get("mission_history", of("review", "historique/"), *DOSSIER - {"committee", "volunteer"}),
    post("mission_step", of("submitted", "etape/start_review/"), "coordinator"),
    post(
        "mission_state",
        of("review", "etat/"),
        "coordinator",
        "administrator",
        state="committee",
        reason="Reprise d’un dossier papier.",
    ),
    get(
        "mission_new",
        "/missions/nouvelle/",
        "osim",
        "other_osim",
        "coordinator",
        "other_coordinator",
        "stranger",
    ),
    get("place_suggestions", "/missions/lieux/?country=BJ&place=Kpo", *SIGNED_IN),
    get("mission_request", of("draft", "demande/"), "osim"),
]

REVIEW = [
    get(
        "mission_review",
        of("committee", "instruction/"),
        "coordinator",
        "other_coordinator",
        "committee",
        "administrator",
    ),
    post(
        "mission_conflict",
        of("committee", "instruction/conflit/"),
        "coordinator",
        "other_coordinator",
        "committee",
        nature="Je siège au bureau de l’association.",
    ),
    get(
        "mission_decision",
        of("committee", "decision/"),
        "coordinator",
        "other_coordinator",
        "committee",
        "administrator",
    ),
    get("mission_matching", of("matching", "mise-en-relation/"), "coordinator", "administrator"),
    post(
        "engagement_confirm",
        lambda g: (
            f"/missions/{g.mission('matching').reference}/mise-en-relation/"
            f"{g.engagement('accepted').token}/confirmer/"
        ),
        "coordinator",
    ),
    get("proposal_list", "/propositions/", "volunteer", "other_volunteer"),
    get("proposal", lambda g: f"/propositions/{g.engagement('proposed').token}/", "volunteer"),
    post(
        "engagement_withdraw",
        lambda g: f"/propositions/{g.engagement('accepted').token}/se-retirer/",
        "volunteer",
        reason="Empêchement.",
    ),
    get("mission_preparation", of("preparation", "preparation/"), *DOSSIER - {"committee"}),
    post("mission_dates", of("preparation", "preparation/dates/"), "coordinator"),
    post("milestone_settle", of("preparation", "preparation/agreement/fait/"), "coordinator"),
    post(
        "milestone_waive",
        of("preparation", "preparation/agreement/dispense/"),
        "coordinator",
        because="Signée sur papier.",
    ),
    post(
        "milestone_reopen",
        of("preparation", "preparation/tor_osim/reprendre/"),
        "coordinator",
        because="À revoir.",
    ),
]

REPORT = [
    kept(
        get("mission_report", of("report", "rapport/"), *DOSSIER),
        "Un récit d’essai.",
        "volunteer",
        "coordinator",
        "researcher",
    ),
    post(
        "mission_report_return",
        of("report", "rapport/renvoyer/"),
        "coordinator",
        because="Il manque les dates.",
    ),
    post("mission_report_accept", of("report", "rapport/accepter/"), "coordinator"),
    get(
        "mission_sheet",
        of("capitalisation", "fiche/"),
        "coordinator",
        "other_coordinator",
        "researcher",
        "administrator",
    ),
    post(
        "sheet_approve",
        of("capitalisation", "fiche/approuver/"),
        "coordinator",
        "researcher",
        "administrator",
    ),
    get("mission_interviews", of("capitalisation", "entretiens/"), *DOSSIER),
    get("pseudonyms", of("capitalisation", "pseudonymes/"), "researcher"),
    post(
        "pseudonym_remove",
        lambda g: (
            f"/missions/{g.mission('capitalisation').reference}/pseudonymes/"
            f"{g.pseudonym().pk}/retirer/"
        ),
        "researcher",
    ),
]

LEARNING = [
    kept(
        get("corpus", lambda g: f"/capitalisation/?q={g.text().title}", *STAFF, "stranger"),
        "/capitalisation/textes/",
        "researcher",
    ),
    get("interview_list", "/capitalisation/entretiens/", "researcher"),
    get(
        "interview",
        lambda g: f"/capitalisation/entretiens/{g.interview().uuid}/",
        "researcher",
        "volunteer",
    ),
    post(
        "interview_consent",
        lambda g: f"/capitalisation/entretiens/{g.interview().uuid}/accord/",
        "researcher",
    ),
    post(
        "interview_answers",
        lambda g: f"/capitalisation/entretiens/{g.interview().uuid}/reponses/",
        "researcher",
    ),
    get(
        "interview_withdraw",
        lambda g: f"/capitalisation/entretiens/{g.interview().uuid}/retrait/",
        "researcher",
        "volunteer",
    ),
    post(
        "interview_delete",
        lambda g: f"/capitalisation/entretiens/{g.interview().uuid}/effacer/",
        "researcher",
        because="À la demande de la personne.",
    ),
    get("guide_list", "/capitalisation/guides/", *STAFF - {"administrator"}),
    get(
        "guide",
        lambda g: f"/capitalisation/guides/{g.interview().guide_id}/",
        *STAFF - {"administrator"},
    ),
    get("before_after", "/capitalisation/avant-apres/", "researcher"),
    get("text", lambda g: f"/capitalisation/textes/{g.text().uuid}/", "researcher"),
    post("text_code", lambda g: f"/capitalisation/textes/{g.text().uuid}/coder/", "researcher"),
    post(
        "coding_remove",
        lambda g: f"/capitalisation/textes/{g.text().uuid}/retirer/",
        "researcher",
        coding="1",
    ),
    get("text_news", lambda g: f"/capitalisation/textes/{g.text().uuid}/nouveautes/", "researcher"),
    get("codebook", "/capitalisation/grille/", "researcher"),
    get("code_new", "/capitalisation/grille/nouveau/", "researcher"),
    get("code_edit", lambda g: f"/capitalisation/grille/{g.code().slug}/", "researcher"),
    get("analysis_matrix", "/capitalisation/analyse-croisee/", *STAFF - {"administrator"}),
    get(
        "analysis_cell",
        lambda g: f"/capitalisation/analyse-croisee/passages/?code={g.code().slug}",
        *STAFF - {"administrator"},
    ),
    get("focus_list", "/capitalisation/focus/", *STAFF - {"administrator"}),
    get("focus", lambda g: f"/capitalisation/focus/{g.focus().slug}/", *STAFF - {"administrator"}),
    get("focus_edit", lambda g: f"/capitalisation/focus/{g.focus().slug}/ecrire/", "researcher"),
]

PUBLISHING = [
    get("practice_list", "/bonnes-pratiques/", *EVERYONE),
    get("practice", lambda g: f"/bonnes-pratiques/{g.practice('published').slug}/", *EVERYONE),
    get("practice_admin_list", TEAM, *WRITERS, "committee"),
    get("practice_new", f"{TEAM}nouvelle/", *WRITERS),
    get("practice_admin", lambda g: f"{TEAM}{g.practice('draft').slug}/", *WRITERS, "committee"),
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
    get("committee", "/comite/", *STAFF),
    get("committee_month", "/comite/2026/3/", *STAFF),
    get("committee_pdf", "/comite/2026/3/pdf/", *STAFF),
    get("committee_rows", "/comite/2026/3/chiffre/requests/", *STAFF),
    post("committee_freeze", "/comite/2026/3/arreter/", "coordinator", "other_coordinator"),
    get("publication_list", "/publications/", *EVERYONE),
    get("publication", lambda g: f"/publications/{g.booklet('published').slug}/", *EVERYONE),
    get("booklet_list", DRAFTS, *STAFF),
    get("booklet_new", f"{DRAFTS}nouveau/", *WRITERS),
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

ACCOUNT = [
    get("demo", "/demo/"),
    get("mail_stop", lambda g: f"/messages/arreter/{g.stop_key()}/", *EVERYONE),
    *(
        get(name, f"/compte/{tail}", *EVERYONE)
        for name, tail in (
            ("account_login", "login/"),
            ("account_signup", "signup/"),
            ("account_inactive", "inactive/"),
            ("account_logout", "logout/"),
            ("account_reset_password", "password/reset/"),
            ("account_reset_password_done", "password/reset/done/"),
            ("account_reset_password_from_key", "password/reset/key/1-set-password/"),
            ("account_reset_password_from_key_done", "password/reset/key/done/"),
            ("account_request_login_code", "login/code/"),
        )
    ),
    *(
        get(name, f"/compte/{tail}", *SIGNED_IN)
        for name, tail in (
            ("account_email", "email/"),
            ("mfa_authenticate", "2fa/authenticate/"),
            ("account_confirm_login_code", "login/code/confirm/"),
            ("account_email_verification_sent", "confirm-email/"),
            ("account_change_password", "password/change/"),
            ("account_set_password", "password/set/"),
            ("mfa_index", "2fa/"),
            ("mfa_activate_totp", "2fa/totp/activate/"),
            ("mfa_generate_recovery_codes", "2fa/recovery-codes/generate/"),
        )
    ),
    # they ask for a password or a second factor, which the people of these tests do not have
    *(
        get(name, f"/compte/{tail}")
        for name, tail in (
            ("account_reauthenticate", "reauthenticate/"),
            ("mfa_reauthenticate", "2fa/reauthenticate/"),
            ("mfa_deactivate_totp", "2fa/totp/deactivate/"),
            ("mfa_view_recovery_codes", "2fa/recovery-codes/"),
            ("mfa_download_recovery_codes", "2fa/recovery-codes/download/"),
        )
    ),
]

ROWS = [*FRAME, *PUBLIC, *REQUEST, *REVIEW, *REPORT, *LEARNING, *PUBLISHING, *ACCOUNT]
