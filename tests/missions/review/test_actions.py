from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction

from explor.journal.queries import history
from explor.ui.errors import Refusal, Stale
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.review.actions import add_note, save_review
from missions.review.decision_actions import decide
from missions.review.models import EligibilityCheck, ReviewNote
from missions.review.queries import total
from missions.review.roll_actions import declare_conflict
from tests.factories import World
from tests.missions.review.samples import FULL


def test_full_review_opens_the_way_to_the_committee(world: World) -> None:
    mission = world.mission("review")
    review = save_review(mission, FULL, actor=world.coordinator)
    assert total(review) == 18
    assert advance(mission, "send_to_committee", actor=world.coordinator).state == "committee"


def test_partial_review_says_what_lacks(world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {**FULL, "impact": None, "check_safety": ""}, actor=world.coordinator)
    grid = mission.milestones.get(kind=Kind.GRID)
    assert grid.missing == ["l’éligibilité de la demande", "la note « Impact »"]
    with pytest.raises(Refusal, match=r"la note .*Impact"):
        advance(mission, "send_to_committee", actor=world.coordinator)


def test_grid_emptied_again_closes_the_way(world: World) -> None:
    mission = world.mission("review")
    save_review(mission, FULL, actor=world.coordinator)
    save_review(mission, {"impact": None}, actor=world.coordinator)
    assert mission.milestones.get(kind=Kind.GRID).done_on is None


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "administrator"])
def test_review_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        save_review(world.mission("review"), FULL, actor=world.person(role))


def test_review_refuses_a_score_out_of_the_scale(world: World) -> None:
    with pytest.raises(ValidationError):
        save_review(world.mission("review"), {"impact": 5}, actor=world.coordinator)


def test_review_refuses_a_stale_version(world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {"impact_why": "Un"}, actor=world.coordinator, version=1)
    with pytest.raises(Stale):
        save_review(mission, {"impact_why": "Deux"}, actor=world.coordinator, version=1)


def test_judgement_is_written_during_the_review_only(world: World) -> None:
    mission = world.mission("committee")
    with pytest.raises(Refusal, match="pendant l’instruction"):
        save_review(mission, FULL, actor=world.coordinator)


def test_low_score_says_why_before_the_committee(world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {**FULL, "impact": 1}, actor=world.coordinator)
    with pytest.raises(Refusal, match=r"le commentaire de la note .*Impact"):
        advance(mission, "send_to_committee", actor=world.coordinator)
    save_review(mission, {"impact_why": "Peu de personnes"}, actor=world.coordinator)
    assert advance(mission, "send_to_committee", actor=world.coordinator).state == "committee"


@pytest.mark.parametrize("verdict", ["no", "waived"])
def test_point_refused_or_waived_says_why(world: World, verdict: str) -> None:
    mission = world.mission("review")
    with pytest.raises(Refusal, match="dites pourquoi"):
        save_review(mission, {**FULL, "check_safety": verdict}, actor=world.coordinator)
    assert not EligibilityCheck.objects.exists()


@pytest.mark.parametrize(
    ("verdict", "eligible"), [("yes", True), ("no", False), ("waived", True), ("", None)]
)
def test_eligibility_is_what_the_points_say(
    world: World, verdict: str, eligible: bool | None
) -> None:
    why = "" if verdict in ("", "yes") else "Zone orange, départ repoussé"
    data = {**FULL, "check_safety": verdict, "check_safety_why": why}
    review = save_review(world.mission("review"), data, actor=world.coordinator)
    assert review.eligible is eligible


def test_note_is_signed_dated_and_written_once(world: World) -> None:
    mission, token = world.mission("committee"), uuid4()
    note = add_note(mission, text=" À rappeler ", actor=world.coordinator, token=token)
    assert (note.text, note.author) == ("À rappeler", world.coordinator)
    assert add_note(mission, text="Encore", actor=world.coordinator, token=token) == note
    assert ReviewNote.objects.count() == 1
    note.text = "Autre chose"
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        note.save()


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "researcher"])
def test_note_is_refused_to_others(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        add_note(world.mission("review"), text="x", actor=world.person(role), token=uuid4())


def test_note_of_another_is_not_answered_by_its_token(world: World) -> None:
    mission, token = world.mission("review"), uuid4()
    add_note(mission, text="Un", actor=world.coordinator, token=token)
    with pytest.raises(PermissionDenied):
        add_note(mission, text="Deux", actor=world.administrator, token=token)


def test_conflict_takes_every_right_away(world: World) -> None:
    mission = world.mission("committee")
    declare_conflict(
        mission, person=world.committee, nature="Ancienne salariée", actor=world.committee
    )
    fresh = Mission.objects.get(pk=mission.pk)
    assert not world.committee.has_perm("missions.view_mission", fresh)
    assert not Mission.objects.visible_to(world.committee).exists()
    with pytest.raises(PermissionDenied):
        decide(fresh, outcome="accepted", reason="x", actor=world.committee)
    assert history(mission.stream).filter(verb="missions.declare_conflict").count() == 1


def test_conflict_is_declared_for_oneself_with_words(world: World) -> None:
    mission = world.mission("committee")
    with pytest.raises(PermissionDenied):
        declare_conflict(mission, person=world.committee, nature="x", actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        declare_conflict(mission, person=world.osim, nature="x", actor=world.osim)
    with pytest.raises(Refusal):
        declare_conflict(mission, person=world.committee, nature=" ", actor=world.committee)
