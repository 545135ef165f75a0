from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from explor import clock
from explor.accounts.models import User
from explor.journal.queries import history
from explor.notifications.models import Notice
from explor.ui.errors import Refusal, Stale
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.funding.models import Envelope
from missions.lifecycle import Kind
from missions.review.actions import decide, declare_conflict, record_decision, save_review
from missions.review.models import Criterion, Decision
from missions.review.queries import committed, decision_of, left_in, total
from tests.factories import World, make_person, make_world
from tests.missions.request.test_actions import in_threads

FULL: dict[str, Any] = {
    "eligible": True,
    **dict.fromkeys(Criterion.values, 3),
    "recommendation": "favourable",
    "recommendation_why": "Besoin clair, équipe solide.",
    "conflicts_asked": True,
}


def envelope(world: World, amount: str = "5000") -> Envelope:
    return Envelope.objects.create(
        programme=world.programme,
        territory=world.territory,
        year=clock.today().year,
        amount=Decimal(amount),
    )


def yes(mission: Mission, actor: User | None, amount: str = "0", **changes: Any) -> Mission:
    words: dict[str, Any] = {"outcome": "accepted", "reason": "Besoin clair", "conditions": ""}
    return decide(mission, actor=actor, amount=Decimal(amount), **{**words, **changes})


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


def test_deciding_moves_the_mission_and_tells_the_association(world: World) -> None:
    mission = yes(world.mission("committee"), world.committee)
    assert mission.state == "matching"
    assert mission.decided_at is not None
    assert Notice.objects.filter(recipient=world.osim).count() == 1
    assert mission.milestones.get(kind=Kind.DECISION).note == "Retenue"


def test_declining_moves_to_declined(world: World) -> None:
    mission = yes(world.mission("committee"), world.committee, outcome="declined")
    assert mission.state == "declined"


@pytest.mark.parametrize("role", ["osim", "coordinator", "researcher", "administrator"])
def test_deciding_is_refused_to_others_and_writes_nothing(world: World, role: str) -> None:
    mission = world.mission("committee")
    with pytest.raises(PermissionDenied):
        yes(mission, world.person(role))
    assert Decision.objects.count() == 0


def test_administration_records_without_moving(world: World) -> None:
    mission = world.mission("committee")
    record_decision(mission, outcome="accepted", reason="Noté en séance", actor=world.administrator)
    mission.refresh_from_db()
    assert mission.state == "committee"
    assert advance(mission, "accept", actor=world.committee).state == "matching"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "motif"),
        ({"outcome": "perhaps"}, "n’existe pas"),
        ({"amount": "-1"}, "négatif"),
        ({"outcome": "declined", "amount": "10"}, "n’engage aucun montant"),
        ({"amount": "10"}, "Aucune enveloppe"),
    ],
)
def test_decision_refuses_nonsense(world: World, changes: dict[str, str], words: str) -> None:
    mission = world.mission("committee")
    with pytest.raises(Refusal, match=words):
        yes(mission, world.committee, **changes)
    mission.refresh_from_db()
    assert mission.state == "committee"


def test_decision_is_refused_before_the_committee(world: World) -> None:
    with pytest.raises(Refusal, match="n’attend pas de décision"):
        yes(world.mission("review"), world.committee)


def test_new_decision_replaces_the_former_which_stays(world: World) -> None:
    mission = world.mission("committee")
    for outcome in ("declined", "accepted"):
        record_decision(mission, outcome=outcome, reason="Vu", actor=world.committee)
    assert Decision.objects.filter(mission=mission).count() == 2
    found = decision_of(mission)
    assert found is not None and found.outcome == "accepted"


def test_commitments_stay_within_the_envelope(world: World) -> None:
    ours = envelope(world, "1500")
    yes(world.mission("committee"), world.committee, "1000")
    with pytest.raises(Refusal, match="il reste 500,00"):
        yes(world.mission("committee"), world.committee, "500.01")
    yes(world.mission("committee"), world.committee, "500")
    assert (committed(ours), left_in(ours)) == (Decimal(1500), Decimal(0))


def test_cancelled_mission_gives_its_amount_back(world: World) -> None:
    ours = envelope(world)
    mission = yes(world.mission("committee"), world.committee, "1000")
    advance(mission, "cancel", actor=world.coordinator, reason="Insécurité")
    assert committed(ours) == 0


def test_conflict_takes_every_right_away(world: World) -> None:
    mission = world.mission("committee")
    declare_conflict(
        mission, person=world.committee, nature="Ancienne salariée", actor=world.committee
    )
    fresh = Mission.objects.get(pk=mission.pk)
    assert not world.committee.has_perm("missions.view_mission", fresh)
    assert not Mission.objects.visible_to(world.committee).exists()
    with pytest.raises(PermissionDenied):
        yes(fresh, world.committee)
    assert history(mission.stream).filter(verb="missions.declare_conflict").count() == 1


def test_conflict_is_declared_for_oneself_with_words(world: World) -> None:
    mission = world.mission("committee")
    with pytest.raises(PermissionDenied):
        declare_conflict(mission, person=world.committee, nature="x", actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        declare_conflict(mission, person=world.osim, nature="x", actor=world.osim)
    with pytest.raises(Refusal):
        declare_conflict(mission, person=world.committee, nature=" ", actor=world.committee)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_make_one_and_respect_the_envelope() -> None:
    """One mission decided twice, then two missions for one envelope: real connections."""
    world = make_world()
    second = make_person(world.network, "committee")
    ours = envelope(world, "1500")
    one = world.mission("committee")
    people = iter([world.committee, second])
    answers = in_threads(lambda: yes(one, next(people), "100").state)
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert Decision.objects.filter(mission=one).count() == 1
    missions = iter([world.mission("committee"), world.mission("committee")])
    answers = in_threads(lambda: yes(next(missions), world.committee, "1000").state)
    assert sorted(isinstance(answer, Refusal) for answer in answers) == [False, True]
    assert committed(ours) == Decimal(1100)
