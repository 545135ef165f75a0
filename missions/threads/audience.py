"""Who reads a conversation: fixed by its kind, never chosen message by message."""

from explor.accounts.models import User
from missions import lifecycle
from missions.dossier.models import Mission
from missions.dossier.standing import MissionRole, roles_on
from missions.threads.models import ThreadKind

R = MissionRole
K = ThreadKind

#: In the order in which people are named.
AUDIENCE: dict[ThreadKind, tuple[MissionRole, ...]] = {
    K.MISSION: (R.OSIM, R.VOLUNTEER, R.COORDINATOR),
    K.TEAM: (R.COORDINATOR, R.ADMINISTRATOR),
    K.COMMITTEE: (R.COORDINATOR, R.COMMITTEE),
}
#: What the page says of each, before the names.
PURPOSE: dict[ThreadKind, str] = {
    K.MISSION: "L’association, la ou le volontaire confirmé et la coordination.",
    K.TEAM: "La coordination du territoire et l’administration, entre elles. "
    "Ni l’association ni la ou le volontaire ne la lisent.",
    K.COMMITTEE: "La coordination et le comité de pilotage. "
    "Ni l’association ni la ou le volontaire ne la lisent.",
}
ROLE_WORDS: dict[str, str] = {
    R.OSIM: "association",
    R.VOLUNTEER: "volontaire",
    R.COORDINATOR: "coordination",
    R.ADMINISTRATOR: "administration",
    R.COMMITTEE: "comité",
}


def is_open(kind: ThreadKind, mission: Mission) -> bool:
    """Whether everyone of the audience may open the dossier: a draft that is not shared is the
    association's alone, and the committee comes in when the request reaches it."""
    if kind == K.COMMITTEE:
        return mission.state in lifecycle.SEEN_BY_COMMITTEE
    if mission.state != lifecycle.State.DRAFT:
        return True
    return kind == K.MISSION and (mission.shared_draft or mission.typed_on_behalf)


def reads(user: User, mission: Mission, kind: ThreadKind) -> bool:
    """May read and write; a declared conflict of interest leaves no role, hence nothing."""
    return is_open(kind, mission) and bool(roles_on(user, mission) & set(AUDIENCE[kind]))


def readable_kinds(user: User, mission: Mission) -> list[ThreadKind]:
    """The conversations of `mission` this person takes part in, in order."""
    return [kind for kind in ThreadKind if reads(user, mission, kind)]
