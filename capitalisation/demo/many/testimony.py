"""What was said of a made-up mission, and what was read in it: interviews, reports, codings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from random import Random
from uuid import UUID

from django.utils.timezone import get_current_timezone

from capitalisation.coding.models import Coding, Excerpt
from capitalisation.coding.moving import AROUND
from capitalisation.corpus.models import (
    Audience,
    Block,
    Circle,
    Moment,
    QuoteLevel,
    Text,
    TextKind,
    TextVersion,
    VersionKind,
)
from capitalisation.corpus.wording import NewBlock, compose
from capitalisation.demo.many import words
from capitalisation.demo.many.missions import Made, Maker
from capitalisation.interviews.models import Answer, Consent, Interview, InterviewState
from capitalisation.reports.models import (
    Deliverable,
    InstitutionalMeeting,
    Level,
    ObjectiveResult,
    Opened,
    PartnershipTie,
    ReportRecommendation,
    ReportState,
    ReturnReport,
    TieEvent,
    TieKind,
)
from missions.dossier.models import Outcome
from missions.lifecycle import State

#: Sentences of an answer or of a part of a report.
SENTENCES = (2, 4)


@dataclass
class Witness:
    """Goes on with the missions of `maker`, into the same rows."""

    maker: Maker

    def __post_init__(self) -> None:
        self.rows, self.draw, self.people = self.maker.rows, self.maker.draw, self.maker.people

    def hear(self, made: Made) -> None:
        course, day = made.course, made.departs_on
        if day is None:
            return
        before = day - timedelta(days=15)
        if course.has_been("start_preparation"):
            self._interviews(made, Moment.BEFORE, before, done=course.has_been("depart"))
        if course.has_been("approve_report"):
            done = course.has_been("start_follow_up")
            self._interviews(made, Moment.AFTER, day + timedelta(days=60), done=done)
        if course.has_been("come_back"):
            self._report(made)

    def _interviews(self, made: Made, moment: Moment, day: date, *, done: bool) -> None:
        for audience in Audience:
            if self.draw.random() < 0.8:
                self._interview(made, moment, audience, day, done=done)

    def _interview(
        self, made: Made, moment: Moment, audience: Audience, day: date, *, done: bool
    ) -> None:
        draw, rows = self.draw, self.rows
        questions = self.people.guides[moment.value, audience.value]
        uuid = UUID(int=draw.getrandbits(128), version=4)
        said = [_answer(draw) for _ in questions] if done else []
        consent = _consent(draw)
        text = None
        if done:
            blocks = [
                NewBlock(" ".join(words_), question=q.text, theme=q.theme)
                for q, words_ in zip(questions, said, strict=True)
            ]
            title = f"Entretien {moment.label.lower()} · {audience.label} · {made.reference}"
            text = self._text(made, f"interview:{uuid}", title, day, blocks, moment, audience)
        interview = rows.add(
            Interview,
            uuid=uuid,
            mission_id=made.pk,
            guide_id=questions[0].guide_id,
            person_label="Personne d’essai",
            person_function="Fonction d’essai",
            interviewer_id=self.people.researcher,
            held_on=day if done else None,
            state=InterviewState.DONE if done else InterviewState.PLANNED,
            text_id=text,
        )
        for question, sentences in zip(questions, said, strict=False):
            rows.add(
                Answer,
                interview_id=interview,
                question_id=question.pk,
                text=" ".join(sentences),
            )
        if done:
            rows.add(
                Consent,
                interview_id=interview,
                notes=True,
                **consent,
                collected_on=day,
                collected_by_id=self.people.researcher,
                proof="accord oral",
            )

    def _text(
        self,
        made: Made,
        source: str,
        title: str,
        day: date,
        blocks: Sequence[NewBlock],
        moment: str = "",
        audience: str = "",
    ) -> int:
        rows, at = self.rows, _noon(day)
        body, spans = compose(blocks)
        text = rows.add(
            Text,
            programme_id=self.people.programme.pk,
            mission_id=made.pk,
            kind=TextKind.INTERVIEW if audience else TextKind.REPORT,
            source=source,
            title=title,
            held_on=day,
            moment=moment,
            audience=audience,
            attribution_function="Personne d’essai",
            **_consent(self.draw),
            created_at=at,
        )
        read = 0
        for kind in VersionKind:
            read = rows.add(
                TextVersion,
                text_id=text,
                no=1,
                kind=kind,
                body=body,
                sha256=sha256(body.encode()).hexdigest(),
                frozen_at=at if kind == VersionKind.PSEUDONYMISED else None,
                created_at=at,
            )
            for position, span in enumerate(spans, start=1):
                rows.add(
                    Block,
                    version_id=read,
                    position=position,
                    start=span.start,
                    end=span.end,
                    question=span.block.question,
                    theme=span.block.theme,
                )
        self._code(read, body, at)
        return text

    def _code(self, version: int, body: str, at: datetime) -> None:
        """Three to five sentences, one code or two each."""
        starts = _sentences(body)
        for start, end in self.draw.sample(starts, min(len(starts), self.draw.randrange(3, 6))):
            excerpt = self.rows.add(
                Excerpt,
                version_id=version,
                start=start,
                end=end,
                quote=body[start:end],
                prefix=body[max(0, start - AROUND) : start],
                suffix=body[end : end + AROUND],
            )
            for code in self.draw.sample(self.people.codes, 2 if self.draw.random() < 0.1 else 1):
                self.rows.add(
                    Coding,
                    excerpt_id=excerpt,
                    code_id=code.pk,
                    coder_id=self.people.researcher,
                    coded_at=at + timedelta(days=2),
                )

    def _report(self, made: Made) -> None:
        draw, rows = self.draw, self.rows
        accepted = made.course.when("approve_report")
        if made.course.state == State.REPORT and draw.random() < 0.5:
            return
        uuid = UUID(int=draw.getrandbits(128), version=4)
        parts = {name: words.paragraph(draw, 3) for name in ("story", "findings", "difficulties")}
        filed = made.returns_on and _noon(made.returns_on + timedelta(days=draw.randrange(5, 45)))
        report = rows.add(
            ReturnReport,
            uuid=uuid,
            mission_id=made.pk,
            state=ReportState.ACCEPTED if accepted else ReportState.DRAFT,
            departed_on=made.departs_on,
            returned_on=made.returns_on,
            no_incident=True,
            **parts,
            women=draw.randrange(3, 30),
            men=draw.randrange(3, 30),
            under_30=draw.randrange(3, 20),
            remote_months=draw.randrange(1, 8),
            author_id=self.people.travellers[self.maker.traveller(made)],
            submitted_at=filed if accepted else None,
            accepted_at=accepted,
            accepted_by_id=self.maker.coordinator(made) if accepted else None,
        )
        if not accepted or made.returns_on is None:
            return
        self._lines(made, report)
        title = f"Rapport de retour · {made.reference}"
        blocks = [NewBlock(text, question=name) for name, text in parts.items()]
        self._text(made, f"report:{uuid}", title, made.returns_on, blocks)

    def _lines(self, made: Made, report: int) -> None:
        draw, rows = self.draw, self.rows
        for objective in made.objectives:
            rows.add(
                ObjectiveResult,
                report_id=report,
                objective_id=objective,
                outcome=draw.choice(Outcome.values),
                achievements=draw.choice(words.ACHIEVEMENTS),
            )
        rows.add(ReportRecommendation, report_id=report, action=words.sentence(draw)[:300])
        rows.add(Deliverable, report_id=report, title="Plan d’entretien", for_whom="le comité")
        for _ in range(draw.randrange(0, 3)):
            rows.add(
                InstitutionalMeeting,
                report_id=report,
                institution=draw.choice(words.INSTITUTIONS),
                level=draw.choice(Level.values),
                opened=draw.sample(Opened.values, 1),
            )
        for kind in TieKind:
            rows.add(
                PartnershipTie,
                report_id=report,
                name=f"Structure d’essai {draw.randrange(100)}",
                kind=kind,
                event=draw.choice(TieEvent.values),
            )


def _answer(draw: Random) -> list[str]:
    return [words.sentence(draw) for _ in range(draw.randint(*SENTENCES))]


def _consent(draw: Random) -> dict[str, str]:
    """Two thirds may be quoted to everyone."""
    if draw.random() < 0.66:
        return {"quote_level": QuoteLevel.FUNCTION, "circle": Circle.PUBLIC}
    return {"quote_level": QuoteLevel.NONE, "circle": Circle.TEAM}


def _sentences(body: str) -> list[tuple[int, int]]:
    """The places of the sentences: our words hold no other full stop."""
    found, start = [], 0
    while (stop := body.find(".", start)) != -1:
        found.append((start, stop + 1))
        start = stop + 1
        while start < len(body) and body[start] in " \n":
            start += 1
    return found


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=get_current_timezone())
