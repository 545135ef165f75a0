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
from missions.funding.models import BudgetLine, Envelope
from missions.request.models import Request
from missions.review.decision_models import Decision
from missions.review.models import Review

__all__ = [
    "Achievement",
    "BudgetLine",
    "Component",
    "ConflictOfInterest",
    "Decision",
    "Engagement",
    "Envelope",
    "Milestone",
    "MilestoneTemplate",
    "Mission",
    "Objective",
    "OsimProfile",
    "Programme",
    "ProgrammePartner",
    "Project",
    "Request",
    "Review",
    "Skill",
    "StateChange",
    "Territory",
    "Volunteer",
    "VolunteerSkill",
]
