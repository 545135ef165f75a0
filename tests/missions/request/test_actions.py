from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from explor import clock
from explor.accounts.models import Organisation, User
from explor.journal.queries import history
from explor.ui.errors import Refusal, Stale
from missions.actors.models import OsimProfile
from missions.dossier.actions import advance
from missions.dossier.models import Mission, Project
from missions.funding.actions import NewLine
from missions.funding.models import Heading, Side
from missions.funding.queries import budget_of
from missions.lifecycle import Kind
from missions.request.actions import save_request, start_request
from missions.request.models import Request
from missions.request.queries import Volet, missing, volets_of
from tests.factories import World, make_world
from tests.missions.request.sample import full_answers


def start(world: World, actor: User | None = None, **changes: Any) -> Mission:
    wanted: dict[str, Any] = {
        "actor": actor or world.osim,
        "holder": world.association,
        "programme": world.programme,
        "territory": world.territory,
        "title": "Conserver les tomates",
        "country": "BJ",
        "token": uuid4(),
    }
    return start_request(**{**wanted, **changes})


def test_start_gives_a_draft_a_project_and_an_empty_request(world: World) -> None:
    mission = start(world)
    assert mission.state == "draft"
    assert mission.project.holder == world.association
    assert mission.request.version == 1
    assert "le secteur (CAD)" in mission.milestones.get(kind=Kind.REQUEST).missing


def test_start_refuses_a_member_of_another_association(world: World) -> None:
    with pytest.raises(PermissionDenied):
        start(world, world.other_osim)


def test_start_on_behalf_is_for_the_coordination_of_the_territory(world: World) -> None:
    mission = start(world, world.coordinator, on_behalf=True)
    assert mission.typed_on_behalf is True
    with pytest.raises(PermissionDenied):
        start(world, world.other_coordinator, on_behalf=True)
    with pytest.raises(PermissionDenied):
        start(world, world.coordinator)


def test_start_refuses_a_territory_outside_the_programme(world: World) -> None:
    world.programme.territories.remove(world.territory)
    with pytest.raises(Refusal, match="Hauts-de-France"):
        start(world)


def test_start_refuses_a_holder_that_is_no_osim(world: World) -> None:
    with pytest.raises(Refusal, match="OSIM"):
        start(world, holder=world.structure)


def test_start_refuses_a_closed_programme_and_leaves_no_project(world: World) -> None:
    world.programme.is_open = False
    world.programme.save()
    with pytest.raises(Refusal, match="ne reçoit pas"):
        start(world)
    assert Project.objects.count() == 0


def test_start_twice_with_one_token_makes_one_request(world: World) -> None:
    token = uuid4()
    assert start(world, token=token) == start(world, token=token)
    assert Project.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_start_at_the_same_moment_with_one_token_makes_one_request() -> None:
    world = make_world()
    token = uuid4()
    found = in_threads(lambda: start(world, token=token).reference)
    assert len(set(found)) == 1
    assert (Mission.objects.count(), Project.objects.count()) == (1, 1)


def in_threads(work: Callable[[], Any], times: int = 2) -> list[Any]:
    """The answers, or the refusals, of `times` calls each on its own connection."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        except Refusal as refusal:
            answers.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


@pytest.mark.parametrize("key", ["project_title", "skills", "components", "budget", "sworn"])
def test_save_accepts_any_subset_of_a_draft(world: World, key: str) -> None:
    mission = start(world)
    before = set(missing(mission))
    mission = save_request(mission, {key: full_answers()[key]}, actor=world.osim, version=1)
    assert set(missing(mission)) <= before
    assert mission.state == "draft"


def test_save_of_everything_leaves_nothing_missing_and_submits(world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    assert missing(mission) == []
    assert mission.milestones.get(kind=Kind.REQUEST).is_settled
    assert advance(mission, "submit", actor=world.osim).state == "submitted"


def test_save_puts_each_answer_in_its_place(world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    mission.refresh_from_db()
    assert mission.project.title == "Un atelier de conserves"
    assert mission.project.local_partner is not None
    assert mission.project.local_partner.name == "Coopérative Exemple"
    assert OsimProfile.objects.get(organisation=world.association).contact_name == "Awa Exemple"
    assert Organisation.objects.get(pk=world.association.pk).rna == "W595000001"
    assert volets_of(mission) == [Volet("", "training", ["Former l’équipe"])]
    budget = budget_of(mission)
    assert (budget.spent, budget.received, budget.asked) == (
        Decimal("1300.50"),
        Decimal("1300.50"),
        Decimal("1000"),
    )
    assert (budget.share, budget.given, budget.gap) == (77, Decimal("600"), 0)


def test_save_reuses_what_the_association_said_before(world: World) -> None:
    save_request(start(world), full_answers(), actor=world.osim, version=1)
    second = start(world, title="Une autre mission")
    assert "la personne de contact" not in missing(second)
    assert "le besoin" in missing(second)


def test_save_refuses_who_may_not_write(world: World) -> None:
    mission = start(world)
    for person in (world.other_osim, world.coordinator, world.administrator, world.committee):
        with pytest.raises(PermissionDenied):
            save_request(mission, {"need": "x"}, actor=person, version=None)


def test_save_refuses_once_the_review_has_begun(world: World) -> None:
    mission = world.mission("review")
    with pytest.raises(PermissionDenied):
        save_request(mission, {"need": "x"}, actor=world.osim, version=None)


def test_save_on_behalf_is_for_who_typed_it(world: World) -> None:
    mission = start(world, world.coordinator, on_behalf=True)
    save_request(mission, {"need": "Un besoin"}, actor=world.coordinator, version=1)
    with pytest.raises(PermissionDenied):
        save_request(mission, {"need": "x"}, actor=world.other_coordinator, version=None)


def test_save_refuses_a_stale_version_and_keeps_the_first_text(world: World) -> None:
    mission = start(world)
    save_request(mission, {"need": "Le premier texte"}, actor=world.osim, version=1)
    with pytest.raises(Stale) as refused:
        save_request(mission, {"need": "Le second"}, actor=world.osim, version=1)
    assert refused.value.version == 2
    assert Request.objects.get(mission=mission).need == "Le premier texte"


def test_save_of_the_same_answers_writes_nothing(world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    acts = history(mission.stream).count()
    save_request(mission, full_answers(), actor=world.osim, version=2)
    assert mission.request.version == 2
    assert history(mission.stream).count() == acts


def test_one_sitting_is_one_line_of_history(world: World) -> None:
    mission = start(world)
    for number in range(3):
        save_request(mission, {"need": f"Texte {number}"}, actor=world.osim, version=None)
    saved = history(mission.stream).filter(verb="missions.save_request")
    assert saved.count() == 1
    with clock.at(clock.now() + timedelta(hours=1)):
        save_request(mission, {"need": "Une heure après"}, actor=world.osim, version=None)
    assert saved.count() == 2


def test_save_refuses_to_make_a_submitted_request_incomplete(world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    advance(mission, "submit", actor=world.osim)
    with pytest.raises(Refusal, match="le besoin"):
        save_request(mission, {"need": ""}, actor=world.osim, version=2)
    save_request(mission, {"need": "Un besoin mieux dit"}, actor=world.osim, version=2)
    assert Request.objects.get(mission=mission).need == "Un besoin mieux dit"


def test_missing_names_an_expense_without_its_computation(world: World) -> None:
    mission = start(world)
    line = NewLine(Side.EXPENSE, Heading.VISA, Decimal(60))
    save_request(mission, {"budget": [line]}, actor=world.osim, version=1)
    assert "le mode de calcul de la dépense «\u00a0Visa et formalités\u00a0»" in missing(mission)


def test_missing_names_a_budget_off_by_one_cent(world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    lines = full_answers()["budget"]
    lines[2] = NewLine(Side.INCOME, Heading.PROGRAMME, Decimal("999.99"))
    save_request(mission, {"budget": lines}, actor=world.osim, version=2)
    assert missing(mission) == [
        "l’équilibre du budget (dépenses 1\u202f300,50\u00a0€, ressources 1\u202f300,49\u00a0€)"
    ]


def test_place_moves_the_point_on_the_map(world: World) -> None:
    mission = start(world)
    mission = save_request(mission, {"place": "Cotonou"}, actor=world.osim, version=1)
    assert mission.latitude == pytest.approx(6.36, abs=0.1)
    mission = save_request(mission, {"place": "Lieu inconnu"}, actor=world.osim, version=2)
    assert mission.latitude is None
