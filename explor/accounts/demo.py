"""One fictional person per role, to look around. Reachable in demo mode only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DemoPerson:
    role: str
    label: str
    email: str
    first_name: str
    last_name: str
    comes_to: str


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        "osim",
        "Membre d’une OSIM",
        "osim@demo.explor.example",
        "Awa",
        "Exemple",
        "Préparer une demande, suivre ses missions.",
    ),
    DemoPerson(
        "volunteer",
        "Volontaire",
        "volontaire@demo.explor.example",
        "Camille",
        "Exemple",
        "Répondre à une proposition, préparer le départ, déposer le rapport.",
    ),
    DemoPerson(
        "coordinator",
        "Coordination",
        "coordination@demo.explor.example",
        "Dominique",
        "Exemple",
        "Instruire, mettre en relation, préparer, débloquer.",
    ),
    DemoPerson(
        "researcher",
        "Capitalisation",
        "capitalisation@demo.explor.example",
        "Sacha",
        "Exemple",
        "Mener les entretiens, coder, lire l’analyse croisée, composer le livret.",
    ),
    DemoPerson(
        "committee",
        "Comité de pilotage",
        "comite@demo.explor.example",
        "Maxime",
        "Exemple",
        "Lire le mois, décider.",
    ),
    DemoPerson(
        "administrator",
        "Administration",
        "administration@demo.explor.example",
        "Claude",
        "Exemple",
        "Gérer les personnes et les rôles, sans lire les entretiens.",
    ),
)

BY_ROLE = {person.role: person for person in PEOPLE}
