"""The seven steps of the form and what they say to who fills them."""

from missions.request.fields import ORGANISATION, PROFILE

#: key → (title, answers asked there); volets, deliverables and budget have fields of their own.
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "association": ("L’association", (*ORGANISATION, *PROFILE)),
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
            "project_objectives",
            "public",
            "public_women",
            "public_men",
            "public_youth",
            "other_actors",
            "local_policy",
            "viability",
        ),
    ),
    "partenaire": (
        "Le partenaire sur place",
        (
            "local_partner",
            "partner_status",
            "partner_contact",
            "partner_role",
            "partner_since",
            "partner_brings",
        ),
    ),
    "mission": (
        "La mission",
        ("title", "direction", "problem", "activities", "success", "where"),
    ),
    "expertise": (
        "L’expertise et la période",
        (
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
        ),
    ),
    "budget": ("Le budget", ()),
    "securite": (
        "Sécurité et pièces",
        (
            "security_zone",
            "emergency_contact",
            "emergency_phone",
            "insurance",
            "ariane",
            "sworn",
            "privacy_read",
        ),
    ),
}
STEPS = tuple(SECTIONS)

#: What each step is for, said at its top.
LEADS = {
    "association": "Qui porte la demande. Ces réponses seront reprises dans vos prochaines "
    "demandes.",
    "projet": "Le projet que la mission doit aider, et le besoin qui l’a fait naître.",
    "partenaire": "L’organisation qui accueille la mission sur place.",
    "mission": "Ce que la mission doit changer, et ce qu’elle laissera.",
    "expertise": "La personne qu’il vous faut, et quand.",
    "budget": "Les dépenses et les ressources doivent être égales, au centime. Les totaux se "
    "calculent pendant que vous écrivez.",
    "securite": "La zone, les pièces de l’association et vos engagements.",
}

HELP = {
    "rna": "Le numéro commence par W. Le RNA ou le SIRET suffit.",
    "contact_email": "Sert aussi à faire confirmer la demande quand la coordination l’écrit "
    "pour vous.",
    "migrant_led_board": "Déclaré pour l’association seulement\u00a0: aucune origine n’est gardée "
    "pour une personne.",
    "network": "Fédérations, collectifs, réseaux régionaux…",
    "place": "Des noms de lieux du pays choisi sont proposés pendant la saisie.",
    "need": "Que se passe-t-il aujourd’hui, et pour qui\u00a0?",
    "voiced_by": "Une coopérative, une mairie, des habitantes…",
    "public": "Qui, et où. Les nombres qui suivent peuvent être estimés.",
    "public_youth": "Moins de 30 ans.",
    "other_actors": "Qui d’autre agit là, sur le même sujet\u00a0?",
    "local_policy": "Ce que la commune ou l’État a prévu dans ce domaine.",
    "viability": "Comment cela continuera sans vous\u00a0: qui entretient, qui paie\u00a0?",
    "partner_since": "Par exemple\u00a0: depuis 2015, ou trois projets ensemble.",
    "partner_brings": "Temps, locaux, matériel, argent, contacts…",
    "success": "Un ou deux signes que chacun pourra vérifier.",
    "constraints_text": "Ramadan, pluies, récolte, rentrée…",
    "lodging": "Où la personne dormira, et qui s’en occupe.",
    "skills": "Quelques mots séparés par des virgules.",
    "security_zone": "Selon les conseils aux voyageurs du ministère. Elle sera vérifiée de "
    "nouveau avant le départ.",
    "emergency_contact": "Sur place ou en France. À donner avant le départ, si vous ne savez pas "
    "encore.",
    "insurance": "Assureur et numéro de contrat. À donner avant le départ.",
    "ariane": "Le service du ministère qui prévient les voyageurs. À faire avant le départ.",
}
LABELS = {
    "acronym": "Sigle",
    "sworn": "Je déclare sur l’honneur que ces informations sont exactes et que je peux engager "
    "l’association",
    "privacy_read": "J’ai lu la notice de confidentialité",
    "context": "Contexte du projet",
    "title": "Titre de la mission",
    "ariane": "Le voyage est inscrit sur Ariane",
}
