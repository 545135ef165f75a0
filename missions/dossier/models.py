"""The index of the dossier's models, one file an idea."""

from missions.dossier.components import Achievement, Component, MissionType, Objective, Outcome
from missions.dossier.following import (
    ConflictOfInterest,
    Engagement,
    EngagementState,
    Milestone,
    StateChange,
)
from missions.dossier.mission import (
    Direction,
    Mission,
    Project,
    ProjectStage,
    SheetState,
    ShownSheet,
)
from missions.dossier.numbering import Numbering
from missions.dossier.programme import (
    MilestoneTemplate,
    OwnerRole,
    PartnerRole,
    Programme,
    ProgrammePartner,
    Territory,
)

__all__ = [
    "Achievement",
    "Component",
    "ConflictOfInterest",
    "Direction",
    "Engagement",
    "EngagementState",
    "Milestone",
    "MilestoneTemplate",
    "Mission",
    "MissionType",
    "Numbering",
    "Objective",
    "Outcome",
    "OwnerRole",
    "PartnerRole",
    "Programme",
    "ProgrammePartner",
    "Project",
    "ProjectStage",
    "SheetState",
    "ShownSheet",
    "StateChange",
    "Territory",
]
