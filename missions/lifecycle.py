"""The life of a mission: states and transitions, one table. No model is imported here.

Buttons, timeline, README drawing and tests are drawn from `TRANSITIONS`. A guard answers with
what is missing, in French, and looks only at the mission and its milestones (`Dossier`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEW = "review"
    COMMITTEE = "committee"
    MATCHING = "matching"
    SUPPORT = "support"
    PREPARATION = "preparation"
    FIELD = "field"
    REPORT = "report"
    CAPITALISATION = "capitalisation"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    DECLINED = "declined"
    UNFOLLOWED = "unfollowed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


#: state → (word for staff, word for the OSIM)
LABELS: dict[str, tuple[str, str]] = {
    State.DRAFT: ("Brouillon", "Brouillon"),
    State.SUBMITTED: ("Déposée", "Déposée, encore modifiable"),
    State.REVIEW: ("En instruction", "En cours d’étude"),
    State.COMMITTEE: ("Au comité", "Présentée au comité"),
    State.MATCHING: ("Recherche de volontaire", "Recherche de volontaire"),
    State.SUPPORT: ("Accompagnement à distance", "Accompagnement à distance"),
    State.PREPARATION: ("Préparation du départ", "Préparation du départ"),
    State.FIELD: ("Sur le terrain", "Sur le terrain"),
    State.REPORT: ("Rapport attendu", "Rapport attendu"),
    State.CAPITALISATION: ("Capitalisation", "Capitalisation"),
    State.FOLLOW_UP: ("Suivi à 6 et 12 mois", "Suivi à 6 et 12 mois"),
    State.CLOSED: ("Close", "Close"),
    State.DECLINED: ("Non retenue", "Non retenue"),
    State.UNFOLLOWED: ("Sans suite", "Sans suite"),
    State.WITHDRAWN: ("Retirée", "Retirée"),
    State.CANCELLED: ("Annulée", "Annulée"),
}

#: The stages of the timeline, in order.
STAGES: tuple[State, ...] = (
    State.DRAFT,
    State.SUBMITTED,
    State.REVIEW,
    State.COMMITTEE,
    State.MATCHING,
    State.SUPPORT,
    State.PREPARATION,
    State.FIELD,
    State.REPORT,
    State.CAPITALISATION,
    State.FOLLOW_UP,
    State.CLOSED,
)
FINAL: frozenset[State] = frozenset(
    {State.CLOSED, State.DECLINED, State.UNFOLLOWED, State.WITHDRAWN, State.CANCELLED}
)
#: Accepted by the committee and not over.
ACCEPTED: tuple[State, ...] = STAGES[
    STAGES.index(State.MATCHING) : STAGES.index(State.CLOSED)
]
#: What the steering committee may open.
SEEN_BY_COMMITTEE: frozenset[State] = frozenset(
    {*STAGES[STAGES.index(State.COMMITTEE) :], State.DECLINED, State.CANCELLED}
)
#: Back from the field.
RETURNED: tuple[State, ...] = STAGES[STAGES.index(State.REPORT) :]


class Kind(StrEnum):
    """Milestones that the guards know; a programme may add others."""

    REQUEST = "request"
    CORRECTIONS = "corrections"
    GRID = "grid"
    RECOMMENDATION = "recommendation"
    CONFLICT_ROLL = "conflict_roll"
    DECISION = "decision"
    LETTER = "letter"
    VOLUNTEER = "volunteer"
    REMOTE_SUPPORT = "remote_support"
    TOR_OSIM = "tor_osim"
    TOR_VOLUNTEER = "tor_volunteer"
    TOR_COORDINATION = "tor_coordination"
    AGREEMENT = "agreement"
    PARTNER_AGREEMENT = "partner_agreement"
    INSURANCE = "insurance"
    EMERGENCY_CONTACT = "emergency_contact"
    ARIANE = "ariane"
    SECURITY_ZONE = "security_zone"
    INSTITUTIONAL_CONTACTS = "institutional_contacts"
    LOCAL_SKILLS = "local_skills"
    LOCAL_TOOLS = "local_tools"
    ADAPTED_DELIVERABLES = "adapted_deliverables"
    INTERVIEW_BEFORE_VOLUNTEER = "interview_before_volunteer"
    INTERVIEW_BEFORE_OSIM = "interview_before_osim"
    FLASH_REPORT = "flash_report"
    FULL_REPORT = "full_report"
    INTERVIEW_AFTER_VOLUNTEER = "interview_after_volunteer"
    INTERVIEW_AFTER_OSIM = "interview_after_osim"
    PUBLIC_SHEET = "public_sheet"
    FOLLOW_UP_6 = "follow_up_6"
    FOLLOW_UP_12 = "follow_up_12"


#: The committee's decision, as the note of its milestone says it.
RETAINED, NOT_RETAINED = "Retenue", "Non retenue"

#: Ticked by the act itself (a request saved, a report accepted…), never by hand.
TICKED_BY_AN_ACT: frozenset[str] = frozenset(
    {
        Kind.REQUEST,
        Kind.GRID,
        Kind.RECOMMENDATION,
        Kind.CONFLICT_ROLL,
        Kind.DECISION,
        Kind.VOLUNTEER,
        Kind.FLASH_REPORT,
        Kind.FULL_REPORT,
        Kind.INTERVIEW_BEFORE_VOLUNTEER,
        Kind.INTERVIEW_BEFORE_OSIM,
        Kind.INTERVIEW_AFTER_VOLUNTEER,
        Kind.INTERVIEW_AFTER_OSIM,
        Kind.PUBLIC_SHEET,
    }
)
#: What nobody may do without.
NEVER_WAIVED: frozenset[str] = frozenset({Kind.REQUEST, Kind.DECISION, Kind.VOLUNTEER})


class MilestoneLike(Protocol):
    kind: str
    label: str
    done_on: date | None
    waived_because: str
    required_for: str
    missing: list[str]
    note: str


class Dossier(Protocol):
    """All that a guard may look at."""

    state: str
    departs_on: date | None
    returns_on: date | None

    def milestone_list(self) -> list[MilestoneLike]: ...


Guard = Callable[[Dossier, date], list[str]]


def settled(milestone: MilestoneLike) -> bool:
    """Done, or waived with a reason."""
    return milestone.done_on is not None or bool(milestone.waived_because)


def requires(transition: str) -> Guard:
    """Every milestone marked as required for `transition` is done or waived."""

    def guard(dossier: Dossier, today: date) -> list[str]:
        lacking: list[str] = []
        for milestone in dossier.milestone_list():
            if milestone.required_for == transition and not settled(milestone):
                lacking += milestone.missing or [
                    milestone.label[:1].lower() + milestone.label[1:]
                ]
        return lacking

    return guard


def has_decision(word: str) -> Guard:
    """The committee's decision is recorded and says `word`."""

    def guard(dossier: Dossier, today: date) -> list[str]:
        for milestone in dossier.milestone_list():
            if milestone.kind == Kind.DECISION and milestone.done_on:
                return [] if milestone.note in {"", word} else [f"une décision « {word} »"]
        return ["la décision du comité avec son motif"]

    return guard


def zone_checked_recently(dossier: Dossier, today: date) -> list[str]:
    """The security zone is checked within the seven days before departure."""
    for milestone in dossier.milestone_list():
        if milestone.kind == Kind.SECURITY_ZONE:
            if milestone.waived_because:
                return []
            if milestone.done_on and (today - milestone.done_on).days <= 7:
                return []
    return ["la zone de sécurité vérifiée depuis moins de 7 jours"]


def has_dates(dossier: Dossier, today: date) -> list[str]:
    if dossier.departs_on and dossier.returns_on:
        return []
    return ["les dates de départ et de retour"]


@dataclass(frozen=True)
class Transition:
    """`permission` is asked on the mission; `told` is the notice's sentence to those concerned."""

    name: str
    label: str
    sources: frozenset[State]
    target: State
    permission: str
    told: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    quiet: bool = False

    def missing(self, dossier: Dossier, today: date) -> list[str]:
        """What is lacking, everything at once, each thing once; empty when nothing is."""
        lacking = [what for guard in self.guards for what in guard(dossier, today)]
        return list(dict.fromkeys(lacking))


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


_TABLE: Iterable[Transition] = (
    Transition(
        "submit",
        "Déposer la demande",
        _from(State.DRAFT),
        State.SUBMITTED,
        "missions.submit",
        "La demande est déposée.",
        (requires("submit"),),
    ),
    Transition(
        "start_review",
        "Commencer l’instruction",
        _from(State.SUBMITTED),
        State.REVIEW,
        "missions.review",
        "La demande est en cours d’étude.",
    ),
    Transition(
        "send_to_committee",
        "Présenter au comité",
        _from(State.REVIEW),
        State.COMMITTEE,
        "missions.review",
        "La demande sera présentée au comité.",
        (requires("send_to_committee"),),
    ),
    Transition(
        "close_unfollowed",
        "Classer sans suite",
        _from(State.REVIEW),
        State.UNFOLLOWED,
        "missions.review",
        "La demande est classée sans suite.",
        needs_reason=True,
    ),
    Transition(
        "back_to_review",
        "Renvoyer en instruction",
        _from(State.COMMITTEE),
        State.REVIEW,
        "missions.decide",
        "Le comité demande un complément d’instruction.",
        needs_reason=True,
    ),
    Transition(
        "accept",
        "Retenir la mission",
        _from(State.COMMITTEE),
        State.MATCHING,
        "missions.decide",
        "La mission est retenue par le comité.",
        (has_decision(RETAINED),),
    ),
    Transition(
        "decline",
        "Ne pas retenir",
        _from(State.COMMITTEE),
        State.DECLINED,
        "missions.decide",
        "La mission n’est pas retenue par le comité.",
        (has_decision(NOT_RETAINED),),
    ),
    Transition(
        "confirm_volunteer",
        "Confirmer la ou le volontaire",
        _from(State.MATCHING),
        State.SUPPORT,
        "missions.match",
        "Une personne volontaire accompagne la mission.",
        (requires("confirm_volunteer"),),
    ),
    Transition(
        "start_preparation",
        "Préparer le départ",
        _from(State.SUPPORT),
        State.PREPARATION,
        "missions.prepare",
        "La préparation du départ commence.",
        (requires("start_preparation"),),
    ),
    Transition(
        "depart",
        "Enregistrer le départ",
        _from(State.PREPARATION),
        State.FIELD,
        "missions.prepare",
        "La mission part sur le terrain.",
        (has_dates, requires("depart"), zone_checked_recently),
    ),
    Transition(
        "come_back",
        "Enregistrer le retour",
        _from(State.FIELD),
        State.REPORT,
        "missions.prepare",
        "La mission est rentrée, le rapport est attendu.",
    ),
    Transition(
        "approve_report",
        "Valider le rapport",
        _from(State.REPORT),
        State.CAPITALISATION,
        "missions.review",
        "Le rapport est accepté.",
        (requires("approve_report"),),
    ),
    Transition(
        "start_follow_up",
        "Passer au suivi",
        _from(State.CAPITALISATION),
        State.FOLLOW_UP,
        "missions.review",
        "La mission est publiée ; le suivi à 6 et 12 mois commence.",
        (requires("start_follow_up"),),
    ),
    Transition(
        "close",
        "Clore la mission",
        _from(State.FOLLOW_UP),
        State.CLOSED,
        "missions.review",
        "La mission est close.",
        (requires("close"),),
    ),
    Transition(
        "withdraw",
        "Retirer la demande",
        _from(State.DRAFT, State.SUBMITTED, State.REVIEW),
        State.WITHDRAWN,
        "missions.withdraw",
        "La demande est retirée.",
        needs_reason=True,
    ),
    Transition(
        "cancel",
        "Annuler la mission",
        frozenset(ACCEPTED),
        State.CANCELLED,
        "missions.review",
        "La mission est annulée.",
        needs_reason=True,
    ),
    Transition(
        "reopen",
        "Rouvrir le dossier",
        FINAL,
        State.REVIEW,
        "missions.set_state",
        "Le dossier est rouvert.",
        needs_reason=True,
        quiet=True,
    ),
)

TRANSITIONS: dict[str, Transition] = {
    transition.name: transition for transition in _TABLE
}


def leaving(state: str) -> list[Transition]:
    """The transitions that leave `state`, in the order of the table."""
    return [
        transition for transition in TRANSITIONS.values() if state in transition.sources
    ]


def label(state: str, *, for_osim: bool = False) -> str:
    return LABELS[state][1 if for_osim else 0]


def tone(state: str) -> str:
    """The colour family of a state's badge (see `explor.ui`)."""
    if state in {State.DECLINED, State.UNFOLLOWED, State.WITHDRAWN, State.CANCELLED}:
        return "final"
    if state == State.CLOSED:
        return "done"
    if state in {State.DRAFT, State.SUBMITTED, State.COMMITTEE, State.REPORT}:
        return "waiting"
    return "active"


#: Whose turn it is in each state: (role, what is expected).
TURN: dict[str, tuple[str, str]] = {
    State.DRAFT: ("osim", "compléter et déposer la demande"),
    State.SUBMITTED: ("coordinator", "commencer l’instruction"),
    State.REVIEW: ("coordinator", "instruire la demande et la présenter au comité"),
    State.COMMITTEE: ("committee", "décider"),
    State.MATCHING: ("coordinator", "proposer une personne volontaire"),
    State.SUPPORT: (
        "volunteer",
        "accompagner l’association à distance et valider les termes de référence",
    ),
    State.PREPARATION: ("coordinator", "réunir tout ce qu’il faut avant le départ"),
    State.FIELD: ("volunteer", "mener la mission et tenir le carnet"),
    State.REPORT: ("volunteer", "déposer le rapport de retour"),
    State.CAPITALISATION: (
        "researcher",
        "mener les entretiens de retour et valider la fiche",
    ),
    State.FOLLOW_UP: ("coordinator", "faire le point à 6 et 12 mois"),
}
