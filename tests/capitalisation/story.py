"""Missions that came back, people who were heard, passages that were coded: what is published."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from capitalisation.analysis.models import Focus, FocusEvidence, FocusKind
from capitalisation.coding.actions import code_passage
from capitalisation.coding.models import Code, Codebook, Excerpt
from capitalisation.corpus.models import Audience, Circle, Moment, QuoteLevel
from capitalisation.corpus.queries import reading_version
from capitalisation.interviews.actions import (
    complete_interview,
    plan_interview,
    record_consent,
    save_answers,
)
from capitalisation.interviews.models import GuideQuestion, Interview, InterviewGuide
from capitalisation.practices.actions import (
    approve_practice,
    propose_practice,
    save_practice,
    set_evidence,
)
from capitalisation.practices.models import GoodPractice
from missions import lifecycle
from missions.dossier.models import Mission, SheetState
from tests.factories import World

State = lifecycle.State
LEFT, BACK = date(2025, 3, 3), date(2025, 3, 10)


@dataclass
class Story:
    world: World
    missions: list[Mission]
    codes: list[Code]
    interviews: list[Interview] = field(default_factory=list)
    excerpts: list[Excerpt] = field(default_factory=list)

    def hear(
        self,
        said: str,
        *,
        mission: Mission | None = None,
        moment: str = Moment.AFTER,
        audience: str = Audience.VOLUNTEER,
        level: str = QuoteLevel.FUNCTION,
        circle: str = Circle.PUBLIC,
        code: Code | None = None,
        example: bool = False,
    ) -> Interview:
        """One interview whose only answer is `said`, coded whole."""
        guide = self._guide(moment, audience)
        interview = plan_interview(
            mission or self.missions[0],
            guide=guide,
            person_label="Personne entendue",
            person_function="Ingénieure",
            actor=None,
            is_example=example,
        )
        record_consent(
            interview,
            quote_level=level,
            circle=circle,
            notes=True,
            audio=False,
            transcription=True,
            photo=False,
            proof="Accord oral noté.",
            collected_on=BACK,
            actor=None,
        )
        question = guide.questions.get()
        save_answers(interview, {question.pk: said}, actor=None)
        interview = complete_interview(interview, held_on=BACK, actor=None)
        self.interviews.append(interview)
        assert interview.text is not None
        version = reading_version(interview.text)
        start = version.body.index(said)
        coding = code_passage(
            version,
            start=start,
            end=start + len(said),
            quote=said,
            sha256=version.sha256,
            code=code or self.codes[0],
            actor=None,
        )
        self.excerpts.append(coding.excerpt)
        return interview

    def _guide(self, moment: str, audience: str) -> InterviewGuide:
        guide, created = InterviewGuide.objects.get_or_create(
            programme=self.world.programme,
            moment=moment,
            audience=audience,
            defaults={"title": f"Entretien {moment} {audience}"},
        )
        if created:
            GuideQuestion.objects.create(
                guide=guide, position=1, key="recit", text="Que retenez-vous ?"
            )
        return guide

    def practise(
        self, *excerpts: Excerpt, title: str = "Se parler avant de partir"
    ) -> GoodPractice:
        """A published practice resting on these passages."""
        practice = save_practice(
            None,
            {
                "programme": self.world.programme,
                "title": title,
                "summary": "Plusieurs mois d’échanges rendent le séjour utile dès le premier jour.",
                "body": "On se connaît, on a lu les mêmes documents, on sait qui rencontrer.",
                "how_to": "Fixer un rendez-vous par mois\nÉcrire ce qui est convenu",
            },
            actor=None,
        )
        set_evidence(practice, excerpts, actor=None)
        propose_practice(practice, actor=self.world.researcher)
        return approve_practice(practice, actor=self.world.administrator)

    def focus(self, *excerpts: Excerpt, kind: str = FocusKind.HOLDERS, number: int = 1) -> Focus:
        focus = Focus.objects.create(
            programme=self.world.programme,
            number=number,
            kind=kind,
            slug=f"focus-{number}",
            title=f"Focus d’essai {number}",
            article="Un premier paragraphe.\n\n## Un intertitre\n\nUn second paragraphe.",
        )
        focus.codes.set(self.codes)
        for place, excerpt in enumerate(excerpts, start=1):
            FocusEvidence.objects.create(focus=focus, excerpt=excerpt, position=place)
        return focus


def tell_story(world: World) -> Story:
    """Three missions back with a public sheet, a codebook, nobody heard yet."""
    days = count()
    missions = [
        world.mission(
            State.FOLLOW_UP,
            title=title,
            country=country,
            place=place,
            latitude=latitude,
            longitude=longitude,
            departs_on=LEFT + timedelta(days=30 * next(days)),
            returns_on=BACK + timedelta(days=120),
            sheet_state=SheetState.APPROVED,
            summary="Ce que la mission a cherché, et ce qu’elle a laissé.",
        )
        for title, country, place, latitude, longitude in (
            ("Conserver les tomates", "BJ", "Kpomassé", 6.4, 2.0),
            ("Mesurer la rivière", "CG", "Moulenda", -4.1, 14.8),
            ("Replanter la mangrove", "BJ", "Ouidah", 6.35, 2.09),
        )
    ]
    codebook = Codebook.objects.create(programme=world.programme)
    parent = Code.objects.create(
        codebook=codebook, slug="adaptation", label="Adaptation", codable=False
    )
    codes = [
        Code.objects.create(codebook=codebook, slug=slug, label=label, parent=parent)
        for slug, label in (("livrables", "Livrables adaptés"), ("suites", "Appui poursuivi"))
    ]
    return Story(world, missions, codes)
