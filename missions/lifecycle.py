"""The life of a mission: states and transitions, one table. No model is imported here.

Buttons, timeline, README drawing and tests are drawn from `TRANSITIONS`. A guard answers with
what is missing, in French, and looks only at the mission and its milestones (`Dossier`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from missions.guards import (
    NEVER_WAIVED,
    NOT_RETAINED,
    RETAINED,
    TICKED_BY_AN_ACT,
    Dossier,
    Guard,
    Kind,
    Lack,
    MilestoneLike,
    Outcome,
    has_dates,
    has_decision,
    letter_left,
    requires,
    settled,
    zone_checked_recently,
)

__all__ = [
    "ACCEPTED",
    "FINAL",
    "LABELS",
    "NEVER_WAIVED",
    "NOT_RETAINED",
    "RETAINED",
    "RETURNED",
    "SEEN_BY_COMMITTEE",
    "STAGES",
    "TICKED_BY_AN_ACT",
    "TRANSITIONS",
    "TURN",
    "Dossier",
    "Guard",
    "Kind",
    "Lack",
    "MilestoneLike",
    "Outcome",
    "State",
    "Transition",
    "label",
    "leaving",
    "settled",
    "tone",
]


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
ACCEPTED: tuple[State, ...] = STAGES[STAGES.index(State.MATCHING) : STAGES.index(State.CLOSED)]
#: What the steering committee may open.
SEEN_BY_COMMITTEE: frozenset[State] = frozenset(
    {*STAGES[STAGES.index(State.COMMITTEE) :], State.DECLINED, State.CANCELLED}
)
#: Back from the field.
RETURNED: tuple[State, ...] = STAGES[STAGES.index(State.REPORT) :]


@dataclass(frozen=True)
class Transition:
    """`permission` is asked on the mission; `told` is the notice's sentence to those concerned.

    `by_letter`: the association and the volunteer learn it by the letter, not by the notice.
    `taken_by`: the one module that takes it, with what its stage alone checks; the generic door
    of the mission's page takes only those that name none.
    """

    name: str
    label: str
    sources: frozenset[State]
    target: State
    permission: str
    told: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    quiet: bool = False
    by_letter: bool = False
    taken_by: str = ""

    def missing(self, dossier: Dossier, today: date) -> list[str]:
        """What is lacking, everything at once, each thing once; empty when nothing is."""
        return list(dict.fromkeys(lack.words for lack in self.lacking(dossier, today)))

    def lacking(self, dossier: Dossier, today: date) -> list[Lack]:
        """The same, each with the milestone it is about."""
        return [lack for guard in self.guards for lack in guard(dossier, today)]


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
        taken_by="missions.request.submitting",
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
        (has_decision(Outcome.ACCEPTED),),
        by_letter=True,
        taken_by="missions.review.decision_actions",
    ),
    Transition(
        "decline",
        "Ne pas retenir",
        _from(State.COMMITTEE),
        State.DECLINED,
        "missions.decide",
        "La mission n’est pas retenue par le comité.",
        (has_decision(Outcome.DECLINED),),
        by_letter=True,
        taken_by="missions.review.decision_actions",
    ),
    Transition(
        "reconsider",
        "Revoir la décision",
        _from(State.MATCHING, State.DECLINED),
        State.COMMITTEE,
        "missions.decide",
        "Le comité revoit sa décision.",
        needs_reason=True,
        by_letter=True,
    ),
    Transition(
        "confirm_volunteer",
        "Confirmer la ou le volontaire",
        _from(State.MATCHING),
        State.SUPPORT,
        "missions.match",
        "Une personne volontaire accompagne la mission.",
        (letter_left, requires("confirm_volunteer")),
        taken_by="missions.matching.actions",
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
        (letter_left,),
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

TRANSITIONS: dict[str, Transition] = {transition.name: transition for transition in _TABLE}


def leaving(state: str) -> list[Transition]:
    """The transitions that leave `state`, in the order of the table."""
    return [transition for transition in TRANSITIONS.values() if state in transition.sources]


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
