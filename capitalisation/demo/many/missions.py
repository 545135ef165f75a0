"""One made-up mission with all that the dossier holds of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from capitalisation.demo.many import words
from capitalisation.demo.many.course import Course
from capitalisation.demo.many.people import People
from capitalisation.demo.many.rows import Rows
from explor import clock
from explor.journal.models import Entry
from missions import lifecycle
from missions.dossier.models import (
    Achievement,
    Component,
    Direction,
    Engagement,
    EngagementState,
    Milestone,
    MilestoneTemplate,
    Mission,
    MissionType,
    Objective,
    Outcome,
    Project,
    ProjectStage,
    SheetState,
    StateChange,
)
from missions.dossier.reference import Place, places
from missions.funding.models import BudgetLine, Heading, Side
from missions.lifecycle import Kind, State
from missions.request.models import Request, SecurityZone, Where
from missions.review.decision_models import Decision, DecisionOutcome
from missions.review.models import Criterion, Recommendation, Review

COUNTRIES = ("BJ", "CG", "SN", "ML", "CM", "CI", "TG", "GN", "MG", "MR")
EXPENSES = ((Heading.TRAVEL, 900), (Heading.STAY, 600), (Heading.VISA, 90))
REASON = "Raison d’essai."

T = TypeVar("T")


@dataclass
class Made:
    """What the capitalisation needs to go on with a mission."""

    pk: int
    reference: str
    course: Course
    osim: int
    place: int
    objectives: list[int]
    departs_on: date | None = None
    returns_on: date | None = None


@dataclass
class Maker:
    """Writes missions one after the other into `rows`; `today` is the day of the data."""

    people: People
    rows: Rows
    draw: Random
    today: date

    def __post_init__(self) -> None:
        templates = MilestoneTemplate.objects.filter(programme=self.people.programme)
        self.templates = list(templates.order_by("position"))
        self.places = {country: places()[country][:30] for country in COUNTRIES}

    def mission(self, number: int, course: Course, osim: int, *, place: int) -> Made:
        """`osim` is the place of the association in `people.osims`; `place` chooses, each in its
        turn, the territory and the volunteer."""
        draw, rows, people = self.draw, self.rows, self.people
        country = draw.choice(COUNTRIES)
        spot = draw.choice(self.places[country])
        title, sector, goals = draw.choice(words.WORKS)
        reference = f"{people.programme.reference_prefix}-{course.started_at.year}-{number:05d}"
        departs_on = clock.local_day(course.departs_at) if course.departs_at else None
        returns_on = departs_on + timedelta(days=draw.randrange(5, 15)) if departs_on else None
        published = course.state in {State.FOLLOW_UP, State.CLOSED}
        project = rows.add(
            Project,
            holder_id=people.osims[osim],
            local_partner_id=people.partners[osim],
            title=title.format(place=spot.name),
            summary=words.paragraph(draw, 2),
            stage=draw.choice(ProjectStage.values),
            sector=sector,
            sdgs=goals,
        )
        mission = rows.add(
            Mission,
            reference=reference,
            programme_id=people.programme.pk,
            territory_id=self._in_turn(self.people.territories, place).pk,
            project_id=project,
            title=title.format(place=spot.name),
            summary=words.paragraph(draw, 2),
            direction=Direction.NORTH_SOUTH,
            country=country,
            place=spot.name,
            latitude=spot.latitude,
            longitude=spot.longitude,
            departs_on=departs_on,
            returns_on=returns_on,
            state=course.state,
            created_by_id=people.members[osim],
            created_at=course.started_at,
            submitted_at=course.when("submit"),
            decided_at=course.when("accept") or course.when("decline"),
            decision_told_at=course.when("accept") or course.when("decline"),
            sheet_state=SheetState.APPROVED if published else SheetState.NONE,
            sheet_proposed_by_id=people.coordinators[0] if published else None,
            sheet_approved_by_id=people.researcher if published else None,
            sheet_approved_at=course.when("start_follow_up"),
        )
        made = Made(mission, reference, course, osim, place, [], departs_on, returns_on)
        made.objectives = self._components(made)
        self._request(made, spot)
        self._moves(made)
        self._milestones(made)
        self._review(made)
        self._budget(made)
        self._engagement(made)
        return made

    def coordinator(self, made: Made) -> int:
        return self._in_turn(self.people.coordinators, made.place)

    def _in_turn(self, found: Sequence[T], place: int) -> T:
        return found[place % len(found)]

    def _components(self, made: Made) -> list[int]:
        draw, rows, found = self.draw, self.rows, []
        reported = made.course.has_been("approve_report")
        kinds = draw.sample(MissionType.values, 2 if draw.random() < 0.3 else 1)
        for position, kind in enumerate(kinds, start=1):
            part = rows.add(Component, mission_id=made.pk, position=position, type=kind)
            for place, text in enumerate(draw.sample(words.OBJECTIVES, 2), start=1):
                objective = rows.add(
                    Objective,
                    component_id=part,
                    position=place,
                    text=text,
                    outcome=draw.choice(Outcome.values) if reported else "",
                )
                found.append(objective)
                if reported:
                    done = draw.choice(words.ACHIEVEMENTS)
                    rows.add(Achievement, objective_id=objective, position=1, text=done)
        return found

    def _request(self, made: Made, place: Place) -> None:
        draw = self.draw
        self.rows.add(
            Request,
            mission_id=made.pk,
            need=words.paragraph(draw, 2),
            voiced_by="le comité du village",
            public="une soixantaine de familles",
            partner_contact="Partenaire d’essai",
            problem=words.sentence(draw),
            activities=words.sentence(draw),
            success=words.sentence(draw),
            where=Where.FIELD,
            skills="Diagnostic, formation d’adultes",
            languages=["fr"],
            days_on_spot=8,
            security_zone=draw.choice(SecurityZone.values[:3]),
            constraints_text=f"Hors de la saison des pluies à {place.name}.",
            sworn=True,
            privacy_read=True,
            saved_at=made.course.started_at,
        )

    def _moves(self, made: Made) -> None:
        source = State.DRAFT
        for transition, at in made.course.moves:
            reason = REASON if transition.needs_reason else ""
            actor = self.coordinator(made)
            self.rows.add(
                StateChange,
                mission_id=made.pk,
                transition=transition.name,
                source=source,
                target=transition.target,
                at=at,
                actor_id=actor,
                reason=reason,
            )
            self.rows.add(
                Entry,
                stream=f"mission:{made.reference}",
                verb=f"missions.{transition.name}",
                text=transition.told,
                reason=reason,
                actor_id=actor,
                at=at,
            )
            source = transition.target

    def _milestones(self, made: Made) -> None:
        passed = {transition.name: at for transition, at in made.course.moves}
        left = passed.get("depart")
        for template in self.templates:
            done = self._settled(template, passed, left)
            waived = done is not None and template.kind.startswith("interview") and not self._hears
            self.rows.add(
                Milestone,
                mission_id=made.pk,
                kind=template.kind,
                label=template.label,
                owner_role=template.owner_role,
                required_for=template.required_for,
                position=template.position,
                offset_from_departure=template.offset_from_departure,
                due_on=self._due(made, template),
                done_on=None if waived or done is None else clock.local_day(done),
                done_by_id=None if waived or done is None else self.coordinator(made),
                waived_because="Mission hors de l’échantillon d’entretiens." if waived else "",
                **(_decided(made.course) if template.kind == Kind.DECISION else {}),
            )

    @property
    def _hears(self) -> bool:
        """Four interviews out of five are held."""
        return self.draw.random() < 0.8

    def _settled(
        self, template: MilestoneTemplate, passed: dict[str, datetime], left: datetime | None
    ) -> datetime | None:
        if template.kind in {Kind.DECISION, Kind.LETTER}:
            return passed.get("accept") or passed.get("decline")
        offset = template.offset_from_departure
        if template.required_for:
            at = passed.get(template.required_for)
            if at is None and offset is not None and left is None and "start_preparation" in passed:
                # half of what the departure waits for is ready
                return passed["start_preparation"] if self.draw.random() < 0.5 else None
            return at
        return left if offset is None or offset < 0 else passed.get("approve_report")

    def _due(self, made: Made, template: MilestoneTemplate) -> date | None:
        if made.departs_on is None or template.offset_from_departure is None:
            return None
        return made.departs_on + timedelta(days=template.offset_from_departure)

    def _review(self, made: Made) -> None:
        course, draw = made.course, self.draw
        if not course.has_been("start_review"):
            return
        told = course.has_been("send_to_committee")
        declined = course.state == State.DECLINED
        self.rows.add(
            Review,
            mission_id=made.pk,
            lead_id=self.coordinator(made),
            eligible=True,
            **{name: draw.randrange(1, 5) if told else None for name in Criterion.values},
            recommendation=(
                (Recommendation.UNFAVOURABLE if declined else Recommendation.FAVOURABLE)
                if told
                else ""
            ),
            recommendation_why=words.sentence(draw) if told else "",
            conflicts_asked=told,
        )
        if at := course.when("accept") or course.when("decline"):
            outcome = DecisionOutcome.DECLINED if declined else DecisionOutcome.ACCEPTED
            self.rows.add(
                Decision,
                mission_id=made.pk,
                outcome=outcome,
                reason=words.sentence(draw),
                amount=0 if declined else draw.randrange(12, 25) * 100,
                decided_at=at,
                recorded_by_id=self.coordinator(made),
            )

    def _budget(self, made: Made) -> None:
        total = 0
        for heading, amount in EXPENSES:
            amount += self.draw.randrange(10) * 10
            total += amount
            self._line(made, Side.EXPENSE, heading, amount, how="devis")
        self._line(made, Side.INCOME, Heading.PROGRAMME, total - 200)
        self._line(made, Side.INCOME, Heading.OWN_FUNDS, 200)
        self._line(made, Side.VALORISED, Heading.VOLUNTEER_TIME, 800)

    def _line(self, made: Made, side: str, heading: str, amount: int, how: str = "") -> None:
        self.rows.add(
            BudgetLine, mission_id=made.pk, side=side, heading=heading, amount=amount, how=how
        )

    def _engagement(self, made: Made) -> None:
        accepted = made.course.when("accept")
        if accepted is None:
            return
        confirmed = made.course.has_been("confirm_volunteer")
        if not confirmed and self.draw.random() < 0.5:
            return
        self.rows.add(
            Engagement,
            mission_id=made.pk,
            volunteer_id=self.people.volunteers[self.traveller(made)],
            state=EngagementState.CONFIRMED if confirmed else EngagementState.PROPOSED,
            why=words.sentence(self.draw),
            proposed_at=accepted + timedelta(days=3),
            answered_at=accepted + timedelta(days=9) if confirmed else None,
        )

    def traveller(self, made: Made) -> int:
        """The place of its volunteer in `people.volunteers`."""
        return made.place % len(self.people.volunteers)


def _decided(course: Course) -> dict[str, str]:
    if course.has_been("decline"):
        return {"note": lifecycle.NOT_RETAINED, "outcome": lifecycle.Outcome.DECLINED}
    if course.has_been("accept"):
        return {"note": lifecycle.RETAINED, "outcome": lifecycle.Outcome.ACCEPTED}
    return {}
