"""From the request to the departure."""

from tests.role_rows.kinds import DOSSIER, SIGNED_IN, get, of, post

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
        "osim",
        "coordinator",
        "other_coordinator",
        "researcher",
        "committee",
        "administrator",
    ),
    post("decision_apply", of("committee", "decision/appliquer/"), "committee"),
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

ROWS = [*REQUEST, *REVIEW]
