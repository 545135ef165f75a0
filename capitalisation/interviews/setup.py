"""Opening the interview guides of a programme; a guide that exists is left as it is."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from capitalisation.interviews.models import GuideQuestion, InterviewGuide
from missions.dossier.models import Programme


@transaction.atomic
def open_guide(
    programme: Programme,
    *,
    moment: str,
    audience: str,
    title: str,
    introduction: str,
    questions: Sequence[Mapping[str, str]],
) -> InterviewGuide:
    """Version 1 of a guide. The key of a question is the same before and after: answers pair."""
    guide, made = InterviewGuide.objects.get_or_create(
        programme=programme,
        moment=moment,
        audience=audience,
        version=1,
        defaults={"title": title, "introduction": introduction.strip()},
    )
    if made:
        GuideQuestion.objects.bulk_create(
            GuideQuestion(guide=guide, position=place, **row)
            for place, row in enumerate(questions, start=1)
        )
    return guide
