"""Where each answer of a request is kept, and what is needed to submit it.

The keys on the left are those of `save_request(data)` and of the form.
"""

PROJECT = {
    "project_title": "title",
    "context": "summary",
    "project_stage": "stage",
    "sector": "sector",
    "sdgs": "sdgs",
}
MISSION = {
    "title": "title",
    "country": "country",
    "region": "region",
    "place": "place",
    "direction": "direction",
    "shared_draft": "shared_draft",
}
ORGANISATION = {
    "acronym": "acronym",
    "rna": "rna",
    "siret": "siret",
    "city": "city",
    "department": "department",
}
PROFILE = {
    name: name
    for name in (
        "declared_on",
        "address",
        "legal_representative",
        "contact_name",
        "contact_phone",
        "contact_email",
        "preferred_channel",
        "members_count",
        "annual_budget",
        "fields_of_action",
        "past_projects",
        "network",
        "migrant_led_board",
    )
}
REQUEST = {
    name: name
    for name in (
        "need",
        "voiced_by",
        "project_objectives",
        "public",
        "public_women",
        "public_men",
        "public_youth",
        "other_actors",
        "local_policy",
        "viability",
        "partner_contact",
        "partner_role",
        "partner_status",
        "partner_since",
        "partner_brings",
        "problem",
        "activities",
        "success",
        "where",
        "skills",
        "level",
        "languages",
        "people_count",
        "window_from",
        "window_to",
        "days_on_spot",
        "constraints_text",
        "lodging",
        "interpreter",
        "security_zone",
        "emergency_contact",
        "emergency_phone",
        "insurance",
        "ariane",
        "absences",
        "sworn",
        "privacy_read",
    )
}
#: Kept elsewhere than in one column.
OTHERS = ("local_partner", "components", "deliverables", "budget", "profile_confirmed")

KEYS = frozenset({*PROJECT, *MISSION, *ORGANISATION, *PROFILE, *REQUEST, *OTHERS})

#: What is about this one request: a new one that starts from it asks again.
NOT_COPIED = frozenset(
    {
        "shared_draft",
        "window_from",
        "window_to",
        "security_zone",
        "ariane",
        "sworn",
        "privacy_read",
        "profile_confirmed",
    }
)

#: What submitting needs, section by section: key → how one asks for it.
NEEDED: dict[str, dict[str, str]] = {
    "association": {
        "declared_on": "la date de déclaration de l’association",
        "address": "l’adresse de l’association",
        "department": "le département de l’association",
        "legal_representative": "la ou le représentant légal",
        "contact_name": "la personne de contact",
        "contact_phone": "le téléphone du contact",
        "migrant_led_board": "la déclaration sur la composition du bureau",
    },
    "projet": {
        "project_title": "le titre du projet",
        "country": "le pays",
        "place": "la commune ou le lieu",
        "sector": "le secteur (CAD)",
        "need": "le besoin",
        "voiced_by": "qui a exprimé le besoin",
        "project_stage": "l’avancement du projet",
    },
    "partenaire": {
        "local_partner": "le partenaire sur place",
        "partner_contact": "le contact joignable sur place",
        "partner_role": "le rôle du partenaire",
    },
    "mission": {
        "title": "le titre de la mission",
        "problem": "le problème à résoudre",
        "success": "comment vous saurez que c’est réussi",
        "where": "le lieu de l’expertise",
    },
    "expertise": {
        "skills": "les compétences recherchées",
        "languages": "les langues",
        "window_from": "la date de départ au plus tôt",
        "window_to": "la date de retour au plus tard",
        "days_on_spot": "le nombre de jours sur place",
    },
    "budget": {},
    "securite": {
        "security_zone": "la zone de sécurité",
        "sworn": "la déclaration sur l’honneur",
        "privacy_read": "la lecture de la notice de confidentialité",
    },
}
