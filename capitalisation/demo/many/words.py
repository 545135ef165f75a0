"""French words of nobody: enough of them for texts that are searched, quoted and counted."""

from random import Random

FIRST_NAMES = ("Aminata", "Bakary", "Céline", "Djibril", "Élise", "Gaston", "Hawa", "Inès", "Joël")

#: (title of the mission, DAC purpose code, sustainable development goals)
WORKS = (
    ("Réparer les pompes à main de {place}", "14031", [6]),
    ("Former les maraîchères de {place} au compost", "31181", [2, 8]),
    ("Évaluer la coopérative de séchage de {place}", "31194", [8, 12]),
    ("Étudier un point de collecte des déchets à {place}", "14050", [11, 12]),
    ("Installer l’éclairage du centre de soins de {place}", "23230", [3, 7]),
    ("Accompagner l’école de couture de {place}", "11330", [4, 5]),
    ("Diagnostiquer le réseau d’eau de {place}", "14030", [6, 11]),
    ("Outiller la gestion de la mutuelle de {place}", "24040", [1, 10]),
    ("Former à l’entretien des ruches à {place}", "31195", [8, 15]),
    ("Étudier la reprise du marché couvert de {place}", "32130", [8, 9]),
)

SUBJECTS = (
    "Le comité du village",
    "La coopérative",
    "Le partenaire sur place",
    "L’association",
    "Une équipe de six personnes",
    "La mairie",
    "Le groupement de femmes",
    "Le technicien de la commune",
)
DEEDS = (
    "a repris le plan de travail point par point",
    "tient désormais un cahier que chacun peut lire",
    "a demandé un second devis avant de commencer",
    "préfère réparer plutôt que de remplacer",
    "a trouvé la pièce qui manquait au marché voisin",
    "se réunit le premier lundi du mois",
    "a montré ses propres outils avant d’essayer les nôtres",
    "attend une réponse écrite de la préfecture",
    "a choisi deux personnes pour former les autres",
    "voudrait revoir les comptes avec nous dans six mois",
)
ENDINGS = (
    "et cela change la suite du projet.",
    "ce que personne n’avait prévu en partant.",
    "malgré une semaine de pluie.",
    "après une longue discussion sous le préau.",
    "pour que tout ne repose plus sur une seule personne.",
    "et nous avons appris autant que nous avons apporté.",
    "alors que la formation devait finir la veille.",
    "en comptant sur les savoir-faire déjà présents.",
)
OBJECTIVES = (
    "Dresser l’état des installations avec les personnes qui s’en servent",
    "Former deux équipes capables de transmettre à leur tour",
    "Chiffrer trois solutions, de la plus simple à la plus complète",
    "Écrire avec le partenaire un plan d’entretien sur deux ans",
    "Rencontrer les services de la commune",
)
ACHIEVEMENTS = (
    "Plan annoté remis au comité",
    "Deux journées d’atelier tenues",
    "Tableau de suivi laissé sur place",
    "Trois devis comparés",
    "Compte rendu signé par la mairie",
)
INSTITUTIONS = (
    "Mairie",
    "Préfecture",
    "Service de l’hydraulique",
    "Chambre d’agriculture",
    "Ministère",
)
JOBS = (
    "hydraulicienne",
    "maraîcher",
    "comptable",
    "formatrice",
    "électricien",
    "conductrice de travaux",
)


def sentence(draw: Random) -> str:
    return f"{draw.choice(SUBJECTS)} {draw.choice(DEEDS)}, {draw.choice(ENDINGS)}"


def paragraph(draw: Random, count: int) -> str:
    return " ".join(sentence(draw) for _ in range(count))
