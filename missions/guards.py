"""What a transition may ask for: milestones, dates, a decision. No model is imported here.

A guard answers with what is missing, in French, an empty list when nothing is; it looks only at
the mission and its milestones (`Dossier`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """Milestones that the guards know; a programme may add others."""

    REQUEST = "request"
    CONFIRMATION = "confirmation"
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


class Outcome(StrEnum):
    """What the committee's decision came to, as its milestone keeps it."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


#: In words, for people only.
RETAINED, NOT_RETAINED = "Retenue", "Non retenue"
OUTCOMES: dict[str, str] = {Outcome.ACCEPTED: RETAINED, Outcome.DECLINED: NOT_RETAINED}

#: Ticked by the act itself (a request saved, a report accepted…), never by hand.
TICKED_BY_AN_ACT: frozenset[str] = frozenset(
    {
        Kind.REQUEST,
        Kind.CONFIRMATION,
        Kind.CORRECTIONS,
        Kind.GRID,
        Kind.RECOMMENDATION,
        Kind.CONFLICT_ROLL,
        Kind.DECISION,
        Kind.LETTER,
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
NEVER_WAIVED: frozenset[str] = frozenset(
    {Kind.REQUEST, Kind.CONFIRMATION, Kind.DECISION, Kind.LETTER, Kind.VOLUNTEER}
)


@dataclass(frozen=True)
class Lack:
    """`words` name it in French; `kind` is the milestone that lacks, nothing for another cause."""

    words: str
    kind: str = ""


class MilestoneLike(Protocol):
    kind: str
    label: str
    done_on: date | None
    waived_because: str
    required_for: str
    missing: list[str]
    outcome: str


class Dossier(Protocol):
    """All that a guard may look at."""

    state: str
    departs_on: date | None
    returns_on: date | None

    @property
    def is_hushed(self) -> bool: ...

    def milestone_list(self) -> list[MilestoneLike]: ...


Guard = Callable[[Dossier, date], list[Lack]]


def settled(milestone: MilestoneLike) -> bool:
    """Done, or waived with a reason."""
    return milestone.done_on is not None or bool(milestone.waived_because)


def requires(transition: str) -> Guard:
    """Every milestone marked as required for `transition` is done or waived."""

    def guard(dossier: Dossier, today: date) -> list[Lack]:
        return [
            Lack(words, milestone.kind)
            for milestone in dossier.milestone_list()
            if milestone.required_for == transition and not settled(milestone)
            for words in milestone.missing or [milestone.label[:1].lower() + milestone.label[1:]]
        ]

    return guard


def has_decision(outcome: Outcome) -> Guard:
    """The committee's decision is recorded and is `outcome`."""

    def guard(dossier: Dossier, today: date) -> list[Lack]:
        for milestone in dossier.milestone_list():
            if milestone.kind == Kind.DECISION and milestone.done_on:
                if milestone.outcome in {"", outcome}:
                    return []
                return [Lack(f"une décision «\u00a0{OUTCOMES[outcome]}\u00a0»", Kind.DECISION)]
        return [Lack("la décision du comité avec son motif", Kind.DECISION)]

    return guard


def letter_left(dossier: Dossier, today: date) -> list[Lack]:
    """A step that people outside the team see is not taken before they know the decision."""
    words = "la lettre de décision, qui n’est pas partie"
    return [Lack(words, Kind.LETTER)] if dossier.is_hushed else []


def zone_checked_recently(dossier: Dossier, today: date) -> list[Lack]:
    """The security zone is checked within the seven days before departure."""
    for milestone in dossier.milestone_list():
        if milestone.kind == Kind.SECURITY_ZONE:
            if milestone.waived_because:
                return []
            if milestone.done_on and (today - milestone.done_on).days <= 7:
                return []
    words = "la zone de sécurité vérifiée depuis moins de 7 jours"
    return [Lack(words, Kind.SECURITY_ZONE)]


def has_dates(dossier: Dossier, today: date) -> list[Lack]:
    if dossier.departs_on and dossier.returns_on:
        return []
    return [Lack("les dates de départ et de retour")]
