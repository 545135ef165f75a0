from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.request.actions import save_request
from missions.request.duplicating import duplicate_request
from missions.request.queries import answers
from missions.request.submitting import submit_request
from tests.factories import World
from tests.missions.request.pages import address
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]


@pytest.fixture
def first(world: World) -> Mission:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    submit_request(mission, actor=world.osim)
    mission.refresh_from_db()
    return mission


def test_duplicate_says_the_same_and_asks_dates_and_promises_again(
    world: World, first: Mission
) -> None:
    draft = duplicate_request(first, actor=world.osim, token=uuid4())
    old, new = answers(first), answers(draft)
    assert draft.state == "draft" and draft.project != first.project
    for key in ("need", "problem", "components", "skills", "local_partner", "project_title"):
        assert new[key] == old[key], key
    assert new["budget"].spent == old["budget"].spent
    assert not any(line.secured for line in new["budget"].incomes)
    assert (new["window_from"], new["security_zone"], new["sworn"]) == (None, "", False)
    assert new["deliverables"][0].title == "Carnet de recettes"
    assert new["deliverables"][0].due_on is None


def test_changing_the_duplicate_leaves_the_first_as_it_was(world: World, first: Mission) -> None:
    draft = duplicate_request(first, actor=world.osim, token=uuid4())
    save_request(
        draft, {"project_title": "Un autre projet", "need": "x"}, actor=world.osim, version=None
    )
    assert answers(Mission.objects.get(pk=first.pk))["project_title"] == "Un atelier de conserves"


def test_same_token_makes_one_duplicate(world: World, first: Mission) -> None:
    token = uuid4()
    drafts = {duplicate_request(first, actor=world.osim, token=token) for _ in range(2)}
    assert len(drafts) == 1
    assert Mission.objects.count() == 2


def test_duplicate_is_for_who_may_ask_for_the_association(world: World, first: Mission) -> None:
    for person in (world.other_osim, world.coordinator, world.administrator, world.committee):
        with pytest.raises(PermissionDenied):
            duplicate_request(first, actor=person, token=uuid4())
    world.programme.is_open = False
    world.programme.save()
    with pytest.raises(Refusal, match="ne reçoit pas"):
        duplicate_request(Mission.objects.get(pk=first.pk), actor=world.osim, token=uuid4())


def test_page_of_a_submitted_request_offers_to_start_from_it(
    as_role: AsRole, world: World, first: Mission
) -> None:
    Mission.objects.filter(pk=first.pk).update(state="review")
    client = as_role("osim")
    assert "Repartir de cette demande" in client.get(address(first)).text
    where = reverse("request_duplicate", args=[first.reference])
    answer = client.post(where, {"token": str(uuid4())}, follow=True)
    assert "Un nouveau brouillon reprend vos réponses" in answer.text
    assert client.post(where, {"token": "x"}).status_code == 400
    assert "Repartir" not in as_role("coordinator").get(address(first)).text
