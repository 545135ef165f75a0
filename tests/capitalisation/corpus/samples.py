"""Texts, guides and interviews for the tests of what is learnt from missions."""

from datetime import date
from typing import Any

from capitalisation.corpus.actions import NewBlock, add_text
from capitalisation.corpus.models import Audience, Circle, Moment, QuoteLevel, Text, TextKind
from capitalisation.interviews.actions import (
    complete_interview,
    plan_interview,
    record_consent,
    save_answers,
)
from capitalisation.interviews.models import GuideQuestion, Interview, InterviewGuide
from explor import clock
from missions.dossier.models import Mission, Programme

QUESTIONS = (
    ("attentes", "Qu’attendez-vous de la mission ?", "attentes"),
    ("difficultes", "Que craignez-vous ?", "apprehensions"),
)


def make_text(mission: Mission | None, *lines: str, source: str = "essai:1", **fields: Any) -> Text:
    return add_text(
        programme=fields.pop("programme", None) or (mission and mission.programme),
        mission=mission,
        kind=fields.pop("kind", TextKind.INTERVIEW),
        source=source,
        title=fields.pop("title", "Entretien d’essai"),
        held_on=fields.pop("held_on", date(2026, 3, 1)),
        blocks=[NewBlock(line) for line in lines],
        actor=None,
        **fields,
    )


def make_guide(
    programme: Programme, moment: str = Moment.BEFORE, audience: str = Audience.VOLUNTEER
) -> InterviewGuide:
    guide, created = InterviewGuide.objects.get_or_create(
        programme=programme,
        moment=moment,
        audience=audience,
        defaults={"title": f"Entretien {Moment(moment).label.lower()}"},
    )
    if created:
        for position, (key, text, theme) in enumerate(QUESTIONS, start=1):
            GuideQuestion.objects.create(
                guide=guide, position=position, key=key, text=text, theme=theme
            )
    return guide


def make_interview(
    mission: Mission,
    answer: str | None = "Une réponse d’essai.",
    *,
    moment: str = Moment.BEFORE,
    audience: str = Audience.VOLUNTEER,
    quote_level: str = QuoteLevel.ANONYMOUS,
    circle: str = Circle.PUBLIC,
    **fields: Any,
) -> Interview:
    """Planned; and, with an `answer` to its first question, held and in the corpus."""
    guide = make_guide(mission.programme, moment, audience)
    interview = plan_interview(
        mission,
        guide=guide,
        person_label=fields.pop("person_label", "Volontaire A"),
        actor=fields.pop("actor", None),
        **fields,
    )
    if answer is None:
        return interview
    agree(interview, quote_level=quote_level, circle=circle)
    question = guide.questions.all()[0]
    save_answers(interview, {question.pk: answer}, actor=None)
    return complete_interview(interview, held_on=clock.today(), actor=None)


def agree(interview: Interview, **choices: Any) -> None:
    """A consent to notes, with a proof, and whatever `choices` say."""
    given: dict[str, Any] = {
        "quote_level": QuoteLevel.ANONYMOUS,
        "circle": Circle.PUBLIC,
        "notes": True,
        "audio": False,
        "transcription": False,
        "photo": False,
        "proof": "Accord oral, noté",
        "collected_on": clock.today(),
        "actor": None,
    }
    record_consent(interview, **{**given, **choices})
