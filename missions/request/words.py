"""The seven parts of the form and what they say to who fills them."""

from missions.request.fields import ORGANISATION, PROFILE

#: key → (title, answers shown there); volets and budget have fields of their own.
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "association": (
        "L’association",
        (*ORGANISATION, *PROFILE),
    ),
    "projet": (
        "Le projet",
        (
            "project_title",
            "country",
            "region",
            "place",
            "sector",
            "sdgs",
            "project_stage",
            "context",
            "need",
            "voiced_by",
            "public",
        ),
    ),
    "partenaire": (
        "Le partenaire sur place",
        ("local_partner", "partner_contact", "partner_role"),
    ),
    "mission": (
        "La mission",
        (
            "title",
            "direction",
            "problem",
            "deliverables",
            "activities",
            "success",
            "where",
        ),
    ),
    "expertise": (
        "L’expertise et la période",
        (
            "skills",
            "languages",
            "people_count",
            "window_from",
            "window_to",
            "days_on_spot",
            "constraints_text",
        ),
    ),
    "budget": ("Le budget", ()),
    "securite": ("Sécurité et engagements", ("security_zone", "sworn", "privacy_read")),
}

HELP = {
    "rna": "Le numéro commence par W. Le RNA ou le SIRET suffit.",
    "migrant_led_board": "Déclaré pour l’association seulement : aucune origine n’est gardée "
    "pour une personne.",
    "place": "Des noms de lieux du pays choisi sont proposés pendant la saisie.",
    "need": "Que se passe-t-il aujourd’hui, et pour qui ?",
    "voiced_by": "Une coopérative, une mairie, des habitantes…",
    "deliverables": "Pour chacun : titre, format, à qui il servira, date.",
    "success": "Un ou deux signes que chacun pourra vérifier.",
    "constraints_text": "Ramadan, pluies, récolte, rentrée…",
    "skills": "Quelques mots séparés par des virgules.",
    "security_zone": "Selon les conseils aux voyageurs du ministère. Elle sera vérifiée de "
    "nouveau avant le départ.",
}
LABELS = {
    "sworn": "Je déclare sur l’honneur que ces informations sont exactes et que je peux engager "
    "l’association",
    "privacy_read": "J’ai lu la notice de confidentialité",
    "context": "Contexte du projet",
    "title": "Titre de la mission",
}
