"""Between the decision and its letter, nothing that people outside the team read may differ."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from explor import clock
from explor.ui.errors import Refusal
from missions.dossier.actions import advance
from missions.dossier.models import Engagement, Mission
from missions.matching.actions import propose_volunteer
from missions.review.decision_actions import record_decision, send_back
from missions.review.letter_actions import approve_letter, send_letter
from missions.review.letter_queries import letter_in_force
from tests.everything import plain, words_of
from tests.factories import World, engage
from tests.missions.review.test_decisions import envelope, yes

OUTSIDE = ("osim", "volunteer")


def accepted(mission: Mission, world: World) -> None:
    yes(mission, world.committee, amount="1500", conditions="Un volontaire local.")


def declined(mission: Mission, world: World) -> None:
    yes(mission, world.committee, outcome="declined")


def noted(mission: Mission, world: World) -> None:
    """Written by the administration, not effective yet."""
    record_decision(mission, outcome="accepted", reason="En séance.", actor=world.administrator)


def changed_mind(mission: Mission, world: World) -> None:
    """Decided, set aside before any letter, decided the other way."""
    declined(mission, world)
    advance(Mission.objects.get(pk=mission.pk), "reconsider", actor=world.committee, reason="Non.")
    accepted(Mission.objects.get(pk=mission.pk), world)


DECISIONS: list[Callable[[Mission, World], None]] = [accepted, declined, noted, changed_mind]


def waiting(world: World) -> Mission:
    """Before the committee; a volunteer is already on it, as after a step put by hand."""
    mission = world.mission("committee", departs_on=clock.today(), returns_on=clock.today())
    engage(mission, world.volunteer)
    envelope(world)
    for days, row in enumerate(mission.milestones.all(), start=-10):
        row.due_on = clock.today() + timedelta(days=days)
        row.save()
    return mission


def read_outside(world: World, mission: Mission) -> dict[tuple[str, str], str]:
    return {
        (role, place): text
        for role in OUTSIDE
        for place, text in words_of(world.person(role), mission).items()
    }


def differences(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> list[str]:
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, now = plain(before.get(key, "")), plain(after.get(key, ""))
        if before.get(key) != after.get(key):
            at = next((n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
            found.append(
                f"{key}: …{was[max(0, at - 60) : at + 80]}… → …{now[max(0, at - 60) : at + 80]}…"
            )
    return found


@pytest.mark.parametrize("decide", DECISIONS)
def test_nothing_read_outside_differs_before_the_letter(
    world: World, decide: Callable[[Mission, World], None]
) -> None:
    mission = waiting(world)
    before = read_outside(world, mission)
    decide(mission, world)
    after = read_outside(world, Mission.objects.get(pk=mission.pk))
    found = differences(before, after)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("decide", [accepted, declined])
def test_the_letter_tells(world: World, decide: Callable[[Mission, World], None]) -> None:
    """The same reading sees the decision once its letter has left."""
    mission = waiting(world)
    before = read_outside(world, mission)
    decide(mission, world)
    letter = letter_in_force(mission)
    assert letter is not None
    approve_letter(letter, version=letter.version, actor=world.coordinator)
    letter.refresh_from_db()
    send_letter(letter, actor=world.coordinator)
    after = read_outside(world, Mission.objects.get(pk=mission.pk))
    assert differences(before, after)
    history = after["osim", f"/missions/{mission.reference}/historique/"]
    assert "retenue par le comité" in history


def test_a_decision_set_aside_before_its_letter_is_never_told(world: World) -> None:
    mission = waiting(world)
    declined(mission, world)
    fresh = Mission.objects.get(pk=mission.pk)
    advance(fresh, "reconsider", actor=world.committee, reason="Un doute.")
    send_back(Mission.objects.get(pk=mission.pk), reason="Le budget.", actor=world.committee)
    read = read_outside(world, Mission.objects.get(pk=mission.pk))
    for (role, _), text in read.items():
        assert "n’est pas retenue" not in text, role
        assert "revoit sa décision" not in text, role


@pytest.mark.parametrize("step", ["cancel", "confirm_volunteer"])
def test_no_step_that_tells_before_the_letter(world: World, step: str) -> None:
    mission = waiting(world)
    accepted(mission, world)
    fresh = Mission.objects.get(pk=mission.pk)
    with pytest.raises(Refusal, match="lettre de décision"):
        advance(fresh, step, actor=world.coordinator, reason="Une raison.")


def test_no_volunteer_hears_of_it_before_the_letter(world: World) -> None:
    mission = world.mission("committee")
    yes(mission, world.committee)
    with pytest.raises(Refusal, match="lettre de décision"):
        propose_volunteer(
            Mission.objects.get(pk=mission.pk),
            world.other_volunteer.volunteer,
            why="Vous connaissez la région.",
            actor=world.coordinator,
        )
    assert not Engagement.objects.exists()
