"""What hangs on the mission under review: a correction owed, opinions asked, a frozen sheet."""

from datetime import timedelta
from uuid import uuid4

from explor import clock
from missions.request.correcting import answer_correction, ask_corrections
from missions.request.corrections import Correction
from missions.review.models import ReviewSheet
from missions.review.opinion_actions import Outsider, ask_opinions
from missions.review.opinion_models import Opinion
from missions.review.opinion_queries import answer_path
from missions.review.sheet_actions import freeze_sheet
from tests.ground import Ground


def correction(ground: Ground) -> Correction:
    """Owed by the association."""
    mission = ground.mission("review")
    found = Correction.objects.filter(mission=mission).first()
    if found is None:
        asked = {"need": "Combien de personnes ?"}
        found = ask_corrections(mission, asked, actor=None, token=uuid4())[0]
    return found


def answered(ground: Ground) -> Correction:
    row = correction(ground)
    return row if row.is_answered else answer_correction(row, answer="Voilà.", actor=None)


def opinion(ground: Ground) -> Opinion:
    """Asked of the member of the committee."""
    return Opinion.objects.filter(person=ground.world.committee).first() or _ask(ground)[0]


def link(ground: Ground) -> str:
    """The address that somebody without an account received."""
    found = Opinion.objects.filter(person__isnull=True).first() or _ask(ground)[1]
    return answer_path(found)


def _ask(ground: Ground) -> list[Opinion]:
    return ask_opinions(
        ground.mission("review"),
        people=[ground.world.committee],
        outsiders=[Outsider("Noor Exemple", "noor@essai.example")],
        due_on=clock.today() + timedelta(days=7),
        actor=None,
        token=uuid4(),
    )


def sheet(ground: Ground) -> ReviewSheet:
    mission = ground.mission("committee")
    return ReviewSheet.objects.filter(mission=mission).first() or freeze_sheet(mission, actor=None)
