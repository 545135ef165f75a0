"""What the home of each role opens first: one main action, and where to look when all is quiet."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from explor.accounts.models import Role, User


@dataclass(frozen=True)
class Doors:
    """`label` and `url` are the main action; `quiet` says what will come when nothing is due."""

    label: str
    url: str
    icon: str
    quiet: str


#: role → (what to do, routes to try in order, icon, what is said when nothing is due)
_DOORS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    Role.COORDINATOR: (
        "Saisir une demande",
        ("mission_new", "mission_list"),
        "plus-lg",
        "Les demandes déposées, les jalons proches et les fiches à relire s’afficheront ici.",
    ),
    Role.RESEARCHER: (
        "Ouvrir le corpus",
        ("corpus", "mission_list"),
        "journal-text",
        "Les entretiens à mener et les fiches à relire s’afficheront ici.",
    ),
    Role.COMMITTEE: (
        "Lire le mois du comité",
        ("committee", "mission_list"),
        "clipboard-check",
        "Les missions à décider s’afficheront ici.",
    ),
    Role.ADMINISTRATOR: (
        "Voir les acteurs",
        ("actor_list", "mission_list"),
        "people",
        "Les fiches à approuver s’afficheront ici.",
    ),
    Role.MEMBER: (
        "Proposer une mission",
        ("mission_new", "propose_mission"),
        "send",
        "Quand une demande attendra quelque chose de vous, vous le verrez ici.",
    ),
}
_VOLUNTEER = (
    "Voir mes missions",
    ("mission_list",),
    "compass",
    "Les propositions de mission et ce qu’il reste à préparer s’afficheront ici.",
)


def doors_for(user: User) -> Doors:
    """By the most working role first: coordination before capitalisation, team before member."""
    held = next((role for role in _DOORS if user.standing.holds(role)), None)
    label, routes, icon, quiet = _DOORS[held] if held else _VOLUNTEER
    return Doors(label, _first(routes), icon, quiet)


def _first(routes: tuple[str, ...]) -> str:
    """The first of these addresses that this installation has."""
    for route in routes:
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""
