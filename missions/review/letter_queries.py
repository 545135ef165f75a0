"""Reading the letters of a mission."""

from django.db.models import QuerySet

from explor.accounts.models import Role, User
from missions.dossier.models import Mission
from missions.dossier.queries import people_on
from missions.review.letter_models import DecisionLetter, LetterState


def letters_of(mission: Mission) -> QuerySet[DecisionLetter]:
    """Newest first, with their decision and people."""
    rows = DecisionLetter.objects.filter(mission=mission)
    return rows.select_related("decision", "drafted_by", "approved_by", "sent_by", "file")


def letter_in_force(mission: Mission) -> DecisionLetter | None:
    return letters_of(mission).exclude(state=LetterState.REPLACED).first()


def read_letters(mission: Mission) -> tuple[DecisionLetter | None, list[DecisionLetter]]:
    """The letter in force, and those that really left, « remplacée » included, latest first; in
    one query."""
    rows = list(letters_of(mission))
    found = next((row for row in rows if row.state != LetterState.REPLACED), None)
    return found, [row for row in rows if row.was_sent]


def second_readers(letter: DecisionLetter) -> list[User]:
    """Who may approve the letter: not the one who wrote it."""
    team = people_on(letter.mission, Role.COORDINATOR, Role.COMMITTEE, Role.ADMINISTRATOR)
    return [person for person in team if person.pk != letter.drafted_by_id]
