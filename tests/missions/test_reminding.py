"""What is recalled, to whom, and once."""

from datetime import timedelta

import pytest

from capitalisation.reports.reminding import reports_awaited
from explor import clock
from explor.notifications.events import Event
from explor.notifications.models import Notice
from explor.notifications.reminders import send_reminders
from missions.dossier.models import Milestone, Mission
from missions.dossier.reminding import (
    departures_at_risk,
    milestones_due,
    milestones_late,
    work_lines,
)
from missions.request.corrections import Correction
from missions.request.models import Request
from missions.request.reminding import corrections_silent, drafts_asleep
from missions.review.opinion_models import Opinion
from missions.review.reminding import opinions_awaited
from tests.factories import World, settle


def due(mission: Mission, kind: str, days: int) -> Milestone:
    Milestone.objects.filter(mission=mission, kind=kind).update(
        due_on=clock.today() + timedelta(days=days)
    )
    return Milestone.objects.get(mission=mission, kind=kind)


def test_milestone_is_recalled_a_week_before_to_its_owner(world: World) -> None:
    mission = world.mission("preparation")
    due(mission, "tor_volunteer", 7)
    due(mission, "tor_osim", 8)
    [reminder] = milestones_due(clock.today())
    assert reminder.recipients == [world.volunteer]
    assert "Termes de référence" in reminder.subject


@pytest.mark.parametrize("state", ["draft", "review", "declined", "cancelled"])
def test_milestone_of_a_mission_that_is_not_accepted_is_not_recalled(
    world: World, state: str
) -> None:
    due(world.mission(state), "agreement", 3)
    assert list(milestones_due(clock.today())) == []


def test_late_milestone_is_told_to_its_owner_and_the_coordination(world: World) -> None:
    mission = world.mission("preparation")
    due(mission, "tor_volunteer", -1)
    due(mission, "agreement", -15)
    [reminder] = milestones_late(clock.today())
    assert set(reminder.recipients) == {world.volunteer, world.coordinator}


def test_departure_is_at_risk_when_something_required_lacks(world: World) -> None:
    day = clock.today() + timedelta(days=12)
    mission = world.mission("preparation", departs_on=day)
    [reminder] = departures_at_risk(clock.today())
    assert reminder.recipients == [world.coordinator]
    assert "convention signée" in reminder.text
    assert reminder.key.endswith(":15")
    settle(mission, *Milestone.objects.filter(required_for="depart").values_list("kind", flat=True))
    assert list(departures_at_risk(clock.today())) == []


@pytest.mark.parametrize("days", [-1, 31])
def test_departure_out_of_reach_is_not_at_risk(world: World, days: int) -> None:
    world.mission("preparation", departs_on=clock.today() + timedelta(days=days))
    assert list(departures_at_risk(clock.today())) == []


@pytest.mark.parametrize(("days", "recalled"), [(13, 0), (14, 1), (61, 0)])
def test_draft_asleep_is_recalled_to_its_association(
    world: World, days: int, recalled: int
) -> None:
    mission = world.mission("draft")
    touched = clock.now() - timedelta(days=days, hours=20)
    Mission.objects.update(created_at=touched - timedelta(days=5))
    Request.objects.create(mission=mission, saved_at=touched)
    found = list(drafts_asleep(clock.today()))
    assert len(found) == recalled
    assert all(reminder.recipients == [world.osim] for reminder in found)


@pytest.mark.parametrize(("days", "recalled"), [(6, 0), (8, 1)])
def test_correction_without_answer_is_recalled(world: World, days: int, recalled: int) -> None:
    mission = world.mission("review")
    Correction.objects.create(
        mission=mission,
        field="needs",
        question="Précisez.",
        asked_by=world.coordinator,
        asked_at=clock.now() - timedelta(days=days),
    )
    found = list(corrections_silent(clock.today()))
    assert [reminder.recipients for reminder in found] == [[world.osim]] * recalled


@pytest.mark.parametrize(("days", "told"), [(4, 0), (3, 1), (-2, 2), (-15, 0)])
def test_opinion_is_recalled_then_late(world: World, days: int, told: int) -> None:
    Opinion.objects.create(
        mission=world.mission("review"),
        person=world.other_coordinator,
        asked_by=world.coordinator,
        asked_at=clock.now(),
        due_on=clock.today() + timedelta(days=days),
    )
    found = list(opinions_awaited(clock.today()))
    assert len(found) == told
    if told == 2:
        assert [row.recipients for row in found] == [[world.other_coordinator], [world.coordinator]]


def test_opinion_by_link_is_recalled_by_mail(world: World) -> None:
    Opinion.objects.create(
        mission=world.mission("review"),
        name="Afi",
        email="afi@essai.example",
        asked_by=world.coordinator,
        asked_at=clock.now(),
        due_on=clock.today(),
    )
    [reminder] = opinions_awaited(clock.today())
    assert (reminder.address, list(reminder.recipients)) == (("Afi", "afi@essai.example"), [])


@pytest.mark.parametrize(
    ("days", "told", "step"), [(8, 0, 0), (7, 1, 0), (-1, 2, 1), (-20, 2, 15), (-29, 2, 15)]
)
def test_report_is_recalled_a_week_before_then_three_times_late(
    world: World, days: int, told: int, step: int
) -> None:
    due(world.mission("report"), "flash_report", days)
    found = list(reports_awaited(clock.today()))
    assert [len(row.recipients) for row in found] == ([told] if told else [])
    if found:
        assert found[0].key.endswith(f":{step}")
        assert found[0].event == Event.REPORT_DUE


def test_report_of_a_mission_still_away_is_not_recalled(world: World) -> None:
    due(world.mission("field"), "flash_report", 3)
    assert list(reports_awaited(clock.today())) == []


def test_the_whole_round_tells_each_thing_once_and_a_moved_date_again(world: World) -> None:
    mission = world.mission("preparation")
    due(mission, "tor_osim", 5)
    assert send_reminders(clock.today()) == 1
    assert send_reminders(clock.today()) == 0
    with clock.at(clock.now() + timedelta(days=1)):
        assert send_reminders(clock.today()) == 0
    due(mission, "tor_osim", 6)
    assert send_reminders(clock.today()) == 1
    assert {row.event for row in Notice.objects.all()} == {Event.MILESTONE_DUE}


def test_digest_says_what_is_late_and_what_comes(world: World) -> None:
    mission = world.mission("preparation")
    due(mission, "tor_osim", -3)
    late, soon = work_lines(world.osim, clock.today())
    assert (len(late.lines), len(soon.lines)) == (1, 0)
    assert mission.reference in late.lines[0].text
