from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from explor.journal.queries import history
from explor.ui.errors import Refusal, Stale
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.review.actions import declare_conflict, save_review
from missions.review.decision_actions import decide
from missions.review.models import Criterion
from missions.review.queries import total
from tests.factories import World

FULL: dict[str, Any] = {
    "eligible": True,
    **dict.fromkeys(Criterion.values, 3),
    "recommendation": "favourable",
    "recommendation_why": "Besoin clair, équipe solide.",
    "conflicts_asked": True,
}


def test_full_review_opens_the_way_to_the_committee(world: World) -> None:
    mission = world.mission("review")
    review = save_review(mission, FULL, actor=world.coordinator)
    assert total(review) == 18
    assert advance(mission, "send_to_committee", actor=world.coordinator).state == "committee"


def test_partial_review_says_what_lacks(world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {**FULL, "impact": None, "eligible": None}, actor=world.coordinator)
    grid = mission.milestones.get(kind=Kind.GRID)
    assert grid.missing == ["l’éligibilité de la demande", "la note « Impact »"]
    with pytest.raises(Refusal, match="la note « Impact »"):
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
    save_review(mission, {"internal_notes": "Un"}, actor=world.coordinator, version=1)
    with pytest.raises(Stale):
        save_review(mission, {"internal_notes": "Deux"}, actor=world.coordinator, version=1)


def test_judgement_is_written_during_the_review_only(world: World) -> None:
    mission = world.mission("committee")
    with pytest.raises(Refusal, match="pendant l’instruction"):
        save_review(mission, FULL, actor=world.coordinator)
    review = save_review(mission, {"internal_notes": "À rappeler"}, actor=world.coordinator)
    assert review.internal_notes == "À rappeler"


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
