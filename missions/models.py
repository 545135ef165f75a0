"""The index of the folders' models."""

from missions.actors.models import OsimProfile, Skill, Volunteer, VolunteerSkill
from missions.dossier.models import (
    Achievement,
    Component,
    ConflictOfInterest,
    Engagement,
    Milestone,
    MilestoneTemplate,
    Mission,
    Objective,
    Programme,
    ProgrammePartner,
    Project,
    StateChange,
    Territory,
)
from missions.funding.models import (
    BudgetLine,
    CoFunding,
    Commitment,
    Envelope,
    Expense,
    Instalment,
)
from missions.request.corrections import Correction
from missions.request.models import Annex, Confirmation, Deliverable, Receipt, Request
from missions.review.decision_models import Decision
from missions.review.letter_models import DecisionLetter
from missions.review.models import (
    EligibilityCheck,
    Review,
    ReviewNote,
    ReviewSheet,
    RollAnswer,
)
from missions.review.opinion_models import Opinion
from missions.threads.models import Attachment, InboundMail, LastSeen, Message, Thread

__all__ = [
    "Achievement",
    "Annex",
    "Attachment",
    "BudgetLine",
    "CoFunding",
    "Commitment",
    "Component",
    "Confirmation",
    "ConflictOfInterest",
    "Correction",
    "Decision",
    "DecisionLetter",
    "Deliverable",
    "EligibilityCheck",
    "Engagement",
    "Envelope",
    "Expense",
    "InboundMail",
    "Instalment",
    "LastSeen",
    "Message",
    "Milestone",
    "MilestoneTemplate",
    "Mission",
    "Objective",
    "Opinion",
    "OsimProfile",
    "Programme",
    "ProgrammePartner",
    "Project",
    "Receipt",
    "Request",
    "Review",
    "ReviewNote",
    "ReviewSheet",
    "RollAnswer",
    "Skill",
    "StateChange",
    "Territory",
    "Thread",
    "Volunteer",
    "VolunteerSkill",
]
