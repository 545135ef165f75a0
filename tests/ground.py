"""Something to knock at behind each address: missions in every state and what hangs on them."""

from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from capitalisation.analysis.models import Focus, FocusKind
from capitalisation.coding.models import Code, Codebook, Coding, CodingStatus, Excerpt
from capitalisation.corpus.models import Pseudonym, Text
from capitalisation.interviews.models import Interview
from capitalisation.practices.actions import hold_workshop
from capitalisation.practices.models import GoodPractice, Workshop
from capitalisation.publications.actions import create_booklet
from capitalisation.publications.models import Booklet
from capitalisation.reports.actions import start_report
from capitalisation.reports.models import ReportState, ReturnReport
from explor import clock
from explor.documents.actions import store_file
from explor.documents.models import ExportJob, StoredFile
from explor.notifications.actions import open_calendar
from explor.notifications.mails import stop_key
from explor.notifications.models import Notice
from missions.dossier.models import Engagement, EngagementState, Mission, SheetState
from missions.request.models import Request
from missions.review.models import Review
from tests.capitalisation.coding.samples import code_words
from tests.capitalisation.corpus.samples import make_interview
from tests.factories import Kind, World, engage, make_world, settle


@dataclass
class Ground:
    """Everything is made when first asked for, and once."""

    world: World
    missions: dict[str, Mission] = field(default_factory=dict)
    engagements: dict[str, Engagement] = field(default_factory=dict)

    def mission(self, state: str) -> Mission:
        """The mission in `state`, of the association, with the pages of its stage filled."""
        if state not in self.missions:
            mission = self.world.mission(state)
            Request.objects.get_or_create(mission=mission)
            Review.objects.get_or_create(mission=mission)
            if state == "preparation":
                settle(mission, Kind.TOR_OSIM)
            if state == "report":
                self._report(mission)
            if state == "capitalisation":
                mission.sheet_state = SheetState.PROPOSED
                mission.summary = "Une fiche d’essai."
                mission.save(update_fields=["sheet_state", "summary"])
            self.missions[state] = mission
        return self.missions[state]

    def _report(self, mission: Mission) -> ReturnReport:
        report = start_report(mission, actor=None)
        report.state, report.submitted_at = ReportState.SUBMITTED, clock.now()
        report.story = "Un récit d’essai."
        report.departed_on, report.returned_on = date(2026, 3, 1), date(2026, 3, 8)
        report.save()
        return report

    def published(self) -> Mission:
        mission = self.mission("closed")
        mission.sheet_state = SheetState.APPROVED
        mission.save(update_fields=["sheet_state"])
        return mission

    def engagement(self, state: str) -> Engagement:
        """The volunteer proposed on the mission that looks for one."""
        mission = self.mission("matching")
        row = mission.engagements.first()
        if row is None:
            row = engage(mission, self.world.volunteer, EngagementState(state))
        if state == EngagementState.ACCEPTED:
            settle(mission, Kind.VOLUNTEER)
        return row

    def interview(self) -> Interview:
        found = Interview.objects.first()
        if found is None:
            found = make_interview(self.mission("capitalisation"), moment="after")
            found.person = self.world.volunteer
            found.interviewer = self.world.researcher
            found.save()
        return found

    def text(self) -> Text:
        text = self.interview().text
        assert text is not None
        return text

    def code(self) -> Code:
        book, _ = Codebook.objects.get_or_create(programme=self.world.programme)
        code, _ = Code.objects.get_or_create(
            codebook=book, slug="crainte", defaults={"label": "Crainte"}
        )
        return code

    def coding(self) -> Coding:
        """The researcher's own."""
        found = Coding.objects.first()
        return found or code_words(self.text(), "réponse", self.code(), actor=self.world.researcher)

    def focus(self) -> Focus:
        row, _ = Focus.objects.get_or_create(
            programme=self.world.programme,
            number=1,
            defaults={"kind": FocusKind.EXPERT, "slug": "expert", "title": "Figure de l’expert"},
        )
        return row

    def practice(self, state: str) -> GoodPractice:
        row, _ = GoodPractice.objects.get_or_create(
            programme=self.world.programme,
            slug=f"pratique-{state}",
            defaults={
                "title": f"Pratique {state}",
                "summary": "En une phrase.",
                "body": "Un texte.",
                "state": state,
            },
        )
        if not row.evidence_rows.exists():
            row.evidence_rows.create(excerpt=self.coding().excerpt)
        return row

    def booklet(self, state: str) -> Booklet:
        found = Booklet.objects.filter(slug=f"livret-{state}").first()
        if found is None:
            found = create_booklet(
                self.world.programme,
                title=f"Livret {state}",
                subtitle="Un essai",
                actor=self.world.researcher,
                token=uuid4(),
            )
            found.slug, found.state = f"livret-{state}", state
            found.save()
        return found

    def stop_key(self) -> str:
        """The address in a mail that stops such mails."""
        return stop_key(self.world.osim.pk, "state_changed")

    def agenda(self) -> str:
        """The secret address of the association's diary."""
        return open_calendar(actor=self.world.osim).get_absolute_url()

    def pseudonym(self) -> Pseudonym:
        row, _ = Pseudonym.objects.get_or_create(
            mission=self.mission("capitalisation"), term="Kpomassé", replacement="la commune"
        )
        return row

    def wide_pseudonym(self) -> Pseudonym:
        """Hidden in the texts of the whole programme."""
        row, _ = Pseudonym.objects.get_or_create(
            programme=self.world.programme, term="Dossou", replacement="une élue"
        )
        return row

    def doubtful(self) -> Excerpt:
        """A coded passage whose words changed."""
        coding = self.coding()
        coding.status = CodingStatus.TO_REVIEW
        coding.save(update_fields=["status"])
        return coding.excerpt

    def workshop(self) -> Workshop:
        return hold_workshop(
            self.world.programme,
            title="Atelier d’essai",
            held_on=date(2026, 3, 1),
            place="",
            participants=3,
            notes="Une idée.",
            actor=None,
        )

    def file(self) -> StoredFile:
        """A file of the researcher's own, that no rule opens to anyone else."""
        return StoredFile.objects.first() or store_file(
            b"Notes d'essai.", name="notes.txt", actor=self.world.researcher
        )

    def job(self) -> ExportJob:
        return ExportJob.objects.first() or ExportJob.objects.create(
            kind="booklet",
            requested_by=self.world.researcher,
            token=uuid4(),
            state="failed",
            created_at=clock.now(),
        )

    def notice(self) -> Notice:
        return Notice.objects.first() or Notice.objects.create(
            recipient=self.world.osim,
            event="state_changed",
            key="essai",
            subject="Essai",
            text="Essai.",
            url="/accueil/",
            button="Ouvrir",
            created_at=clock.now(),
        )


def make_ground() -> Ground:
    return Ground(make_world())
