"""The index of the folders' models."""

from capitalisation.analysis.models import Focus, FocusEvidence
from capitalisation.coding.models import Code, Codebook, Coding, Excerpt
from capitalisation.committee.minutes_models import SessionMinutes, SessionTask
from capitalisation.committee.models import CommitteeMonth, MonthIndicator
from capitalisation.committee.session_models import (
    AgendaItem,
    Attendance,
    CommitteeSession,
    SessionVote,
)
from capitalisation.corpus.models import Block, Pseudonym, Text, TextVersion
from capitalisation.interviews.models import (
    Answer,
    Consent,
    GuideQuestion,
    Interview,
    InterviewGuide,
)
from capitalisation.practices.models import GoodPractice, PracticeEvidence, Workshop
from capitalisation.publications.models import Booklet, BookletSection
from capitalisation.publications.printed_models import PrintedPiece, Printing
from capitalisation.reports.models import (
    Deliverable,
    InstitutionalMeeting,
    ObjectiveResult,
    PartnershipTie,
    ReportRecommendation,
    ReturnReport,
)

__all__ = [
    "AgendaItem",
    "Answer",
    "Attendance",
    "Block",
    "Booklet",
    "BookletSection",
    "Code",
    "Codebook",
    "Coding",
    "CommitteeMonth",
    "CommitteeSession",
    "Consent",
    "Deliverable",
    "Excerpt",
    "Focus",
    "FocusEvidence",
    "GoodPractice",
    "GuideQuestion",
    "InstitutionalMeeting",
    "Interview",
    "InterviewGuide",
    "MonthIndicator",
    "ObjectiveResult",
    "PartnershipTie",
    "PracticeEvidence",
    "PrintedPiece",
    "Printing",
    "Pseudonym",
    "ReportRecommendation",
    "ReturnReport",
    "SessionMinutes",
    "SessionTask",
    "SessionVote",
    "Text",
    "TextVersion",
    "Workshop",
]
