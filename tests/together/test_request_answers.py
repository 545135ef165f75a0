"""Two people write the same answer of a request at once: one text is saved, the other waits
beside it for somebody to choose. Wherever the answer is kept: mission, project, association."""

from typing import Any

import pytest

from explor.accounts.models import Organisation, Role, User
from explor.offline.actions import apply_operation
from explor.offline.models import Revision, RevisionState
from explor.offline.operations import Outcome
from explor.ui.errors import Stale
from missions.actors.editing import edit_organisation
from missions.dossier.models import Mission
from missions.request.correcting import answer_correction, ask_again, ask_corrections
from missions.request.models import Request
from missions.request.queries import answers, request_of
from missions.request.syncing import Requests
from tests.factories import World, make_person, make_world
from tests.offline.samples import sending, states
from tests.together.acts import at_once, one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)

#: An answer of each place where answers are kept, and what two people write there.
TEXTS: dict[str, tuple[Any, Any]] = {
    "context": ("Les puits tarissent.", "Le marché est loin."),
    "project_title": ("Un puits", "Un marché"),
    "project_stage": ("under_way", "to_start"),
    "sector": ("31120", "14030"),
    "sdgs": (["2"], ["6"]),
    "acronym": ("AEU", "ASSO"),
    "rna": ("W595000001", "W595000002"),
    "siret": ("123456782", "732829320"),
    "city": ("Lille", "Roubaix"),
    "department": ("Nord", "Somme"),
    "address": ("1 rue Une", "2 rue Deux"),
    "contact_name": ("Awa", "Bintou"),
    "title": ("Former au puits", "Former au marché"),
    "place": ("Cotonou", "Parakou"),
    "need": ("L’eau manque.", "Le pain manque."),
    "c1_title": ("Le puits", "Le marché"),
    "c1_objective_1": ("Creuser", "Vendre"),
    "d1_title": ("Un carnet", "Une affiche"),
    "expense_travel_amount": ("100", "200"),
    "expense_travel_how": ("un aller", "deux allers"),
    "local_partner": ("La coopérative", "La commune"),
    "absent_statutes": ("Trop récente", "Perdus"),
}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def new_request(world: World) -> Mission:
    mission = world.mission()
    mission.components.all().delete()
    Request.objects.create(mission=mission)
    return mission


def shown(mission: Mission, name: str) -> list[str]:
    fresh = Mission.objects.get(pk=mission.pk)
    return Requests().values(fresh, [name]).get(name, [])


def write(mission: Mission, name: str, text: Any, person: User, over: Any) -> Outcome:
    found = Mission.objects.get(pk=mission.pk)
    return apply_operation("request", found, sending({name: (text, over)}), actor=person)


def test_both_texts_of_every_answer_remain(world: World) -> None:
    colleague = make_person(world.association, Role.MEMBER)
    lost: dict[str, Any] = {}
    for name, (one, two) in TEXTS.items():
        mission = new_request(world)
        over = shown(mission, name)
        first, second = one_after_the_other(
            lambda: write(mission, name, one, world.osim, over),  # noqa: B023
            lambda: write(mission, name, two, colleague, over),  # noqa: B023
        )
        told = [states(answer.fields).get(name) for answer in (first, second)]
        waits = Revision.objects.filter(
            record=mission.uuid, field=name, state=RevisionState.PENDING
        )
        kept = (shown(mission, name), [row.value for row in waits])
        expected = (
            [one] if isinstance(one, str) else one,
            [[two] if isinstance(two, str) else two],
        )
        if told != ["applied", "pending"] or kept != expected:
            lost[name] = (told, kept)
    assert lost == {}


def test_two_requests_of_one_association_do_not_erase_each_other(world: World) -> None:
    mission, other = new_request(world), new_request(world)
    first, second = one_after_the_other(
        lambda: write(mission, "city", "Lille", world.osim, ""),
        lambda: write(other, "city", "Roubaix", world.osim, ""),
    )
    assert [states(answer.fields) for answer in (first, second)] == [
        {"city": "applied"},
        {"city": "pending"},
    ]
    assert Organisation.objects.get(pk=world.association.pk).city == "Lille"


def test_the_card_and_the_request_do_not_erase_each_other(world: World) -> None:
    mission, card = new_request(world), world.association
    typed = {"city": "Roubaix", "address": "2 rue Deux"}
    _, second = one_after_the_other(
        lambda: write(mission, "city", "Lille", world.osim, ""),
        lambda: edit_organisation(card, typed, actor=world.osim, version=card.version),
    )
    assert isinstance(second, Stale)
    card = Organisation.objects.get(pk=card.pk)
    _, second = one_after_the_other(
        lambda: edit_organisation(card, typed, actor=world.osim, version=card.version),
        lambda: write(mission, "city", "Arras", world.osim, "Lille"),
    )
    assert states(second.fields) == {"city": "pending"}


def test_different_answers_written_at_once_are_both_saved(world: World) -> None:
    mission = new_request(world)
    names = ["need", "context", "city", "title"]
    found = at_once(
        *(
            lambda name=name: write(mission, name, TEXTS[name][0], world.osim, shown(mission, name))
            for name in names
        )
    )
    assert [states(answer.fields) for answer in found] == [{name: "applied"} for name in names]
    saved = answers(Mission.objects.get(pk=mission.pk), request_of(mission))
    assert [saved[name] for name in names] == [TEXTS[name][0] for name in names]


def test_asking_again_and_answering_at_once_never_wait_for_each_other(world: World) -> None:
    from uuid import uuid4

    mission = world.mission("review")
    Request.objects.create(mission=mission)
    asked = ask_corrections(
        mission, {"need": "Combien ?", "public": "Qui ?"}, actor=world.coordinator, token=uuid4()
    )
    need, public = asked
    answer_correction(need, answer="Douze.", actor=world.osim)
    again = one_after_the_other(
        lambda: ask_again(need, question="Et où ?", actor=world.coordinator, token=uuid4()),
        lambda: answer_correction(public, answer="Tous.", actor=world.osim),
    )
    assert [type(row).__name__ for row in again] == ["Correction", "Correction"], again
