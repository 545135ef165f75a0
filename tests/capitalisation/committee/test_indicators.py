"""Each figure of a month, on a few missions whose answer is known."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from capitalisation.committee.figures import Figure, quantile
from capitalisation.committee.indicators import figures_of
from capitalisation.corpus.models import Audience, Moment
from capitalisation.interviews.actions import delete_interview
from capitalisation.reports.models import ReportState, ReturnReport
from explor import clock
from missions import lifecycle
from missions.dossier.models import Mission, StateChange
from missions.funding.commitments import commit
from missions.funding.instalments import pay_instalment, plan_instalment
from missions.funding.models import Envelope
from missions.request.models import Request, SecurityZone
from missions.review.decision_models import Decision, DecisionOutcome
from tests.capitalisation.story import Story
from tests.factories import World, settle

State = lifecycle.State
MARCH = date(2026, 3, 1)


def at(day: date) -> "timezone.datetime":
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 10))


def move(mission: Mission, transition: str, target: str, day: date) -> None:
    StateChange.objects.create(mission=mission, transition=transition, target=target, at=at(day))


def decided(world: World, sent: date, on: date, how: str = "accept") -> Mission:
    """A mission submitted on `sent` and decided on `on`."""
    target = lifecycle.TRANSITIONS[how].target
    with clock.at(sent):
        mission = world.mission(State.SUBMITTED, submitted_at=at(sent))
    move(mission, "submit", State.SUBMITTED, sent)
    move(mission, how, target, on)
    Mission.objects.filter(pk=mission.pk).update(state=target, decided_at=at(on))
    return mission


def figure(world: World, code: str, month: date = MARCH, seen: date = date(2026, 4, 2)) -> Figure:
    with clock.at(seen):
        return next(row for row in figures_of(world.programme, month) if row.code == code)


def told(found: Figure) -> tuple[object, object]:
    return found.numerator, found.denominator


def test_requests_count_those_submitted_in_the_month(world: World) -> None:
    mission = decided(world, date(2026, 3, 5), date(2026, 4, 1))
    decided(world, date(2026, 2, 27), date(2026, 3, 30))
    found = figure(world, "requests")
    assert (found.value, found.n) == (1, 1)
    assert [row["reference"] for row in found.rows] == [mission.reference]


def test_a_month_without_request_is_zero_but_its_delay_is_not_known(world: World) -> None:
    assert figure(world, "requests").value == 0
    delay = figure(world, "decision_median")
    assert (delay.value, delay.n) == (None, 0)


def test_delays_are_median_and_ninth_decile(world: World) -> None:
    for days in (10, 20, 60):
        decided(world, date(2026, 3, 20) - timedelta(days=days), date(2026, 3, 20))
    assert figure(world, "decision_median").value == 20
    assert figure(world, "decision_p90").value == 52


def test_acceptance_counts_what_is_closed_without_follow_up(world: World) -> None:
    for how in ("accept", "accept", "decline", "close_unfollowed"):
        decided(world, date(2026, 2, 1), date(2026, 3, 10), how)
    assert told(figure(world, "acceptance")) == (2, 4)


def test_state_put_by_hand_is_no_decision(world: World) -> None:
    mission = world.mission(State.MATCHING)
    move(mission, "", State.MATCHING, date(2026, 3, 3))
    assert told(figure(world, "acceptance")) == (None, None)


def test_first_pass_leaves_out_what_came_back(world: World) -> None:
    decided(world, date(2026, 2, 1), date(2026, 3, 10))
    back = decided(world, date(2026, 2, 1), date(2026, 3, 12))
    move(back, "back_to_review", State.REVIEW, date(2026, 3, 2))
    assert told(figure(world, "first_pass")) == (1, 2)


def test_stock_is_the_state_at_the_end_of_the_month(world: World) -> None:
    mission = decided(world, date(2026, 3, 5), date(2026, 4, 10))
    seen = date(2026, 5, 2)
    held = figure(world, "stock_submitted", seen=seen)
    assert [row["reference"] for row in held.rows] == [mission.reference]
    assert figure(world, "stock_matching", seen=seen).value == 0
    assert figure(world, "stock_matching", date(2026, 4, 1), seen).value == 1


def test_matching_is_the_share_of_accepted_missions_with_somebody(world: World) -> None:
    decided(world, date(2026, 1, 5), date(2026, 3, 1))
    matched = decided(world, date(2026, 1, 5), date(2026, 3, 1))
    move(matched, "confirm_volunteer", State.SUPPORT, date(2026, 3, 20))
    found = figure(world, "matching")
    assert told(found) == (1, 2)
    assert figure(world, "matching", date(2026, 1, 1)).denominator is None


def test_departure_is_at_risk_while_something_required_is_open(world: World) -> None:
    with clock.at(date(2026, 3, 1)):
        soon = {"departs_on": date(2026, 4, 20), "returns_on": date(2026, 4, 28)}
        risky, safe, zone = (world.mission(State.PREPARATION, **soon) for _ in range(3))
        required = safe.milestones.filter(required_for="depart").values_list("kind", flat=True)
        settle(safe, *required)
        settle(zone, *required)
    Request.objects.create(mission=zone, security_zone=SecurityZone.ORANGE)
    found = figure(world, "departures_at_risk")
    assert told(found) == (2, 3)
    notes = {row["reference"]: row["note"] for row in found.rows}
    assert "convention signée" in notes[risky.reference]
    assert notes[zone.reference] == "zone orange"
    assert notes[safe.reference] == ""


def test_report_filed_after_midnight_here_is_of_the_next_day(world: World) -> None:
    with clock.at(date(2026, 2, 1)):
        mission = world.mission(
            State.REPORT, departs_on=date(2026, 1, 20), returns_on=date(2026, 1, 28)
        )
    ReturnReport.objects.create(
        mission=mission,
        state=ReportState.SUBMITTED,
        submitted_at=datetime(2026, 2, 27, 23, 30, tzinfo=UTC),  # half past midnight, the 31st day
    )
    assert told(figure(world, "reports_on_time")) == (0, 1)


def test_reports_on_time_count_thirty_days(world: World) -> None:
    for filed_after in (10, 45, None):
        with clock.at(date(2026, 2, 1)):
            mission = world.mission(
                State.REPORT, departs_on=date(2026, 1, 20), returns_on=date(2026, 1, 28)
            )
        if filed_after is not None:
            ReturnReport.objects.create(
                mission=mission,
                state=ReportState.SUBMITTED,
                submitted_at=at(date(2026, 1, 28) + timedelta(days=filed_after)),
                remote_months=filed_after // 5,
            )
    assert told(figure(world, "reports_on_time")) == (1, 3)
    support = figure(world, "remote_months")
    assert (support.value, support.n) == (5.5, 2)


def test_budget_counts_decisions_in_force_of_the_year(world: World) -> None:
    Envelope.objects.create(
        programme=world.programme, territory=world.territory, year=2026, amount=10_000
    )
    kept, replaced = (decided(world, date(2026, 1, 5), date(2026, 3, 1)) for _ in range(2))
    for mission, day, amount, old in (
        (kept, date(2026, 3, 1), 3_000, False),
        (replaced, date(2026, 2, 1), 4_000, True),
    ):
        Decision.objects.create(
            mission=mission,
            outcome=DecisionOutcome.ACCEPTED,
            reason="Projet solide.",
            amount=amount,
            decided_at=at(day),
            replaced=old,
        )
    Decision.objects.create(
        mission=replaced,
        outcome=DecisionOutcome.DECLINED,
        reason="Retrait.",
        decided_at=at(date(2026, 3, 2)),
    )
    assert told(figure(world, "budget")) == (Decimal(3000), Decimal(10_000))


def test_budget_leaves_out_a_decision_set_aside(world: World) -> None:
    Envelope.objects.create(
        programme=world.programme, territory=world.territory, year=2026, amount=10_000
    )
    mission = decided(world, date(2026, 1, 5), date(2026, 3, 1))
    Decision.objects.create(
        mission=mission,
        outcome=DecisionOutcome.ACCEPTED,
        reason="Projet solide.",
        amount=3_000,
        decided_at=at(date(2026, 3, 1)),
    )
    assert told(figure(world, "budget")) == (Decimal(3000), Decimal(10000))
    move(mission, "back_to_review", State.REVIEW, date(2026, 3, 20))
    assert told(figure(world, "budget")) == (Decimal(0), Decimal(10000))


def test_budget_without_envelope_is_not_known(world: World) -> None:
    assert told(figure(world, "budget")) == (None, None)
    assert told(figure(world, "paid")) == (None, None)


def test_paid_counts_what_left_before_the_month_ended(world: World) -> None:
    Envelope.objects.create(
        programme=world.programme, territory=world.territory, year=2026, amount=10_000
    )
    mission = decided(world, date(2026, 1, 5), date(2026, 3, 1))
    with clock.at(date(2026, 3, 1)):
        commit(mission, Decimal(3000), year=2026, actor=None)
    Decision.objects.create(
        mission=mission,
        outcome=DecisionOutcome.ACCEPTED,
        reason="Projet solide.",
        amount=3_000,
        decided_at=at(date(2026, 3, 1)),
    )
    for amount, day in ((1_200, date(2026, 3, 20)), (800, date(2026, 4, 2))):
        with clock.at(day):
            due = plan_instalment(
                mission, label="Acompte", due_on=day, amount=Decimal(amount), actor=None
            )
            pay_instalment(due, paid_on=day, reference="VIR", actor=None)
    assert told(figure(world, "paid")) == (Decimal(1200), Decimal(3000))


def test_interviews_follow_what_is_erased(story: Story) -> None:
    story.hear("Première parole.", moment=Moment.BEFORE, audience=Audience.OSIM)
    last = story.hear("Seconde parole.", moment=Moment.BEFORE, audience=Audience.OSIM)
    assert told(figure(story.world, "interviews_before_osim")) == (2, 2)
    delete_interview(last, actor=None, because="À la demande de la personne.")
    assert told(figure(story.world, "interviews_before_osim")) == (1, 1)
    assert told(figure(story.world, "interviews_after_osim")) == (None, None)


@pytest.mark.parametrize(("values", "share", "found"), [([], 0.5, None), ([4], 0.9, 4)])
def test_quantile_of_few_values(values: list[float], share: float, found: float | None) -> None:
    assert quantile(values, share) == found
