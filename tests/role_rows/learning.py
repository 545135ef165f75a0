"""Reports, interviews, corpus and analysis."""

from tests.role_rows.kinds import DOSSIER, STAFF, get, kept, of, post

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
    post(
        "sheet_return",
        of("capitalisation", "fiche/reprendre/"),
        "coordinator",
        "researcher",
        "administrator",
        reason="À préciser.",
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
    get("programme_pseudonyms", "/capitalisation/pseudonymes/", "researcher"),
    post(
        "programme_pseudonym_remove",
        lambda g: f"/capitalisation/pseudonymes/{g.wide_pseudonym().pk}/retirer/",
        "researcher",
    ),
    post(
        "passage_review",
        lambda g: f"/capitalisation/textes/{g.text().uuid}/passages/{g.doubtful().pk}/revoir/",
        "researcher",
        keep="1",
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

ROWS = [*REPORT, *LEARNING]
