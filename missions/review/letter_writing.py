"""The letter as a decision makes it: drafted with it, replaced with it."""

from django.db.models import F

from explor import clock
from explor.accounts.models import User
from explor.accounts.permits import step
from missions import lifecycle
from missions.dossier.milestones import untick
from missions.dossier.models import Mission
from missions.review.decision_models import Decision
from missions.review.letter_models import DecisionLetter, LetterState
from missions.review.letter_text import contact_of, text_for, validity_of


@step
def draft_letter(decision: Decision, *, actor: User | None) -> DecisionLetter:
    """The letter of a decision just recorded, in the caller's transaction; the former letter of
    the mission is replaced. Who decided counts as its writer until somebody changes a word."""
    replace_letters(decision.mission)
    return DecisionLetter.objects.create(
        mission=decision.mission,
        decision=decision,
        body=text_for(decision),
        valid_until=validity_of(decision),
        contact=contact_of(decision.mission),
        drafted_by=actor,
        drafted_at=clock.now(),
    )


@step
def replace_letters(mission: Mission) -> None:
    """No letter is in force any more; one that was sent stays readable as « remplacée »."""
    DecisionLetter.objects.filter(mission=mission).exclude(state=LetterState.REPLACED).update(
        state=LetterState.REPLACED, replaced_at=clock.now(), version=F("version") + 1
    )
    untick(mission, lifecycle.Kind.LETTER)
