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
        "Gérer les personnes",
        ("person_list", "actor_list"),
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
_NEWCOMER = (
    "Inscrire mon association",
    ("organisation_new", "mission_list"),
    "building",
    "Votre compte est ouvert. Inscrivez votre association, ou rejoignez-la si elle est déjà ici : "
    "c’est la première étape avant une demande de mission. Si l’on vous a invité·e, l’invitation "
    "vous attend dans « Mes organisations ».",
)


def doors_for(user: User) -> Doors:
    """By the most working role first: coordination before capitalisation, team before member."""
    held = next((role for role in _DOORS if user.standing.holds(role)), None)
    if held is not None:
        found = _DOORS[held]
    else:
        found = _VOLUNTEER if hasattr(user, "volunteer") else _NEWCOMER
    label, routes, icon, quiet = found
    return Doors(label, _first(routes), icon, quiet)


def _first(routes: tuple[str, ...]) -> str:
    """The first of these addresses that this installation has."""
    for route in routes:
        try:
            return reverse(route)
        except NoReverseMatch:
            continue
    return ""
