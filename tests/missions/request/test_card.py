"""A mission's right writes the mission: the card of an association is not only its own."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from explor.accounts.actions import organisation_stream
from explor.accounts.models import Organisation
from explor.journal.queries import history
from explor.ui.errors import Refusal
from missions.actors.models import OsimProfile
from missions.actors.queries import coordinates, looking_after
from missions.dossier.models import EngagementState, Mission
from missions.request.actions import save_request
from missions.request.duplicating import duplicate_request
from missions.request.fields import ORGANISATION, PROFILE
from tests.factories import World, engage
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]
CARD = {key: value for key, value in full_answers().items() if key in {*ORGANISATION, *PROFILE}}


@pytest.fixture
def elsewhere(world: World) -> Mission:
    """Typed for an association that works in another territory, and never asked for it."""
    world.mission("support", territory=world.other_territory)
    return start(world, world.coordinator, on_behalf=True)


def card(world: World) -> dict[str, object]:
    row = Organisation.objects.filter(pk=world.association.pk).values().get()
    profile = OsimProfile.objects.filter(organisation=world.association).values().get()
    return {**row, **profile}


@pytest.mark.parametrize("key", sorted(CARD))
def test_card_of_an_association_elsewhere_is_not_written_on_its_behalf(
    world: World, elsewhere: Mission, key: str
) -> None:
    before = card(world)
    with pytest.raises(Refusal, match="est à ses membres"):
        save_request(elsewhere, {key: CARD[key]}, actor=world.coordinator, version=None)
    with pytest.raises(Refusal, match="est à ses membres"):
        save_request(elsewhere, {"profile_confirmed": True}, actor=world.coordinator, version=None)
    assert card(world) == before


def test_the_rest_of_the_request_is_written(world: World, elsewhere: Mission) -> None:
    save_request(elsewhere, {"need": "Un besoin"}, actor=world.coordinator, version=None)
    elsewhere.request.refresh_from_db()
    assert elsewhere.request.need == "Un besoin"


def test_typing_a_draft_gives_no_right_over_the_association(
    world: World, elsewhere: Mission
) -> None:
    assert not coordinates(world.coordinator, world.association)
    assert coordinates(world.other_coordinator, world.association)
    page = reverse("organisation_edit", args=[world.association.uuid])
    client = Client()
    client.force_login(world.coordinator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code in {403, 404}


def test_partner_named_in_a_draft_is_not_given_to_who_typed_it(
    world: World, elsewhere: Mission
) -> None:
    data = {"local_partner": world.local_partner}
    save_request(elsewhere, data, actor=world.coordinator, version=None)
    assert not coordinates(world.coordinator, world.local_partner)
    assert world.other_coordinator in looking_after(world.local_partner)


def test_structure_is_near_once_its_volunteer_is_confirmed(world: World) -> None:
    world.mission("support", territory=world.other_territory)
    mission = world.mission("matching")
    engagement = engage(mission, world.other_volunteer, EngagementState.PROPOSED)
    assert not coordinates(world.coordinator, world.structure)
    engagement.state = EngagementState.CONFIRMED
    engagement.save(update_fields=["state"])
    assert coordinates(world.coordinator, world.structure)


def test_page_shows_the_card_without_asking_for_it(
    world: World, as_role: AsRole, elsewhere: Mission
) -> None:
    OsimProfile.objects.filter(organisation=world.association).update(contact_name="Fatou")
    page = as_role("coordinator").get(
        reverse("request_step", args=[elsewhere.reference, "association"])
    )
    assert "Cette fiche n’est pas la vôtre" in page.text and "Fatou" in page.text
    assert 'name="contact_name"' not in page.text and 'name="siret"' not in page.text


def test_coordination_near_it_writes_the_card_and_leaves_a_trace(world: World) -> None:
    world.mission("support")
    mission = start(world, world.coordinator, on_behalf=True)
    save_request(mission, CARD, actor=world.coordinator, version=None)
    assert card(world)["address"] == CARD["address"]
    trace = history(organisation_stream(world.association)).get()
    assert mission.reference in trace.text and trace.actor == world.coordinator


def test_member_writes_the_card_whatever_the_territory(world: World, elsewhere: Mission) -> None:
    save_request(elsewhere, CARD, actor=world.osim, version=None)
    assert card(world)["address"] == CARD["address"]
    assert not history(organisation_stream(world.association)).exists()


def test_request_taken_again_on_behalf_keeps_the_card(world: World) -> None:
    first = start(world, world.coordinator, on_behalf=True)
    first = save_request(first, full_answers(), actor=world.coordinator, version=None)
    world.mission("support", territory=world.other_territory)
    draft = duplicate_request(first, actor=world.coordinator, token=uuid4())
    assert draft.project.title == full_answers()["project_title"]


@pytest.mark.parametrize("answer", [{"context": "Autre"}, {"local_partner": "Une autre"}])
def test_project_of_a_request_already_studied_is_not_rewritten_by_another(
    world: World, answer: dict[str, str]
) -> None:
    mission = start(world)
    save_request(mission, answer, actor=world.osim, version=None)
    save_request(mission, {"context": ""}, actor=world.osim, version=None)
    world.mission("committee", project=mission.project)
    with pytest.raises(Refusal, match="porte sur ce projet"):
        save_request(mission, {**answer, "sector": "31120"}, actor=world.osim, version=None)
