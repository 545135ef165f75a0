"""The main menu. Addresses are named, never imported: the frame knows no stage of the work."""

from dataclasses import dataclass

from explor.accounts.models import TEAM, Role
from explor.accounts.standing import Standing


@dataclass(frozen=True)
class Entry:
    route: str
    label: str
    icon: str
    roles: tuple[Role, ...] = ()

    def is_for(self, standing: Standing) -> bool:
        return not self.roles or standing.holds(*self.roles)


SIGNED_IN = (
    Entry("accueil", "Mon travail", "house"),
    Entry("mission_list", "Missions", "compass"),
    Entry("review_list", "À instruire", "check2-square", (Role.COORDINATOR, Role.ADMINISTRATOR)),
    Entry("actor_list", "Acteurs", "people", TEAM),
    Entry(
        "corpus",
        "Capitalisation",
        "journal-text",
        TEAM,
    ),
    Entry("committee", "Comité", "clipboard-check", TEAM),
    Entry(
        "envelope_list",
        "Enveloppes",
        "cash-coin",
        (Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR),
    ),
    Entry("publication_list", "Publications", "book"),
)

PUBLIC = (
    Entry("sheet_list", "Missions réalisées", "compass"),
    Entry("practice_list", "Bonnes pratiques", "lightbulb"),
    Entry("publication_list", "Publications", "book"),
    Entry("resources", "Ressources", "folder2-open"),
    Entry("propose_mission", "Proposer une mission", "send"),
    Entry("become_volunteer", "Devenir volontaire", "person-plus"),
)


def entries_for(standing: Standing | None) -> list[Entry]:
    """The menu of a person (`None` for a visitor)."""
    if standing is None:
        return list(PUBLIC)
    return [entry for entry in SIGNED_IN if entry.is_for(standing)]
