from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from capitalisation.committee.session_models import AgendaItem, CommitteeSession
from capitalisation.committee.session_sitting import close_session, stand_aside
from explor.journal.queries import history
from missions.dossier.models import Mission
from missions.review.decision_models import Decision
from tests.capitalisation.committee.sitting import hold, plan
from tests.factories import World, make_person

AsRole = Callable[[str], Client]
DECISION = {"outcome": "accepted", "reason": "Besoin clair", "conditions": "", "amount": ""}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, session: CommitteeSession, *rest: int) -> str:
    return reverse(name, args=[session.uuid, *rest])


def test_coordination_plans_convenes_and_opens_from_the_pages(
    as_role: AsRole, world: World
) -> None:
    mission = world.mission("committee")
    client, token = as_role("coordinator"), str(uuid4())
    words = {
        "token": token,
        "day": "2026-12-01",
        "hour": "14:00",
        "quorum_kind": "number",
        "quorum_value": "1",
    }
    assert client.post(reverse("session_new"), {**words, "day": ""}).status_code == 422
    for _ in range(2):
        assert client.post(reverse("session_new"), words).status_code == 302
    session = CommitteeSession.objects.get()
    page = client.get(session.get_absolute_url()).text
    assert mission.title in page and "Envoyer la convocation" in page
    assert "est partie" in client.post(url("session_convene", session), follow=True).text
    changed = {**words, "version": "2", "place": "Lille"}
    assert client.post(url("session_edit", session), changed).status_code == 302
    stale = client.post(url("session_edit", session), {**changed, "place": "Nantes"})
    assert stale.status_code == 409
    assert "Lille" in stale.text and "Nantes" in stale.text
    client.post(url("session_open", session))
    posted = {f"presence-{world.committee.pk}": "present"}
    client.post(url("session_presence", session), posted)
    assert "quorum de 1" in client.get(session.get_absolute_url()).text


def test_agenda_buttons_move_take_off_and_add(as_role: AsRole, world: World) -> None:
    first, second = world.mission("committee"), world.mission("committee")
    session, client = plan(world), as_role("coordinator")
    agenda = url("session_agenda", session)
    item = session.items.get(mission=second)
    client.post(agenda, {"act": "up", "item": str(item.pk)})
    client.post(agenda, {"act": "off", "item": str(session.items.get(mission=first).pk)})
    assert [row.mission for row in session.items.order_by("position")] == [second]
    client.post(agenda, {"act": "add", "mission": first.reference})
    assert session.items.count() == 2
    refused = client.post(agenda, {"act": "add", "mission": "EX-0000-000"}, follow=True)
    assert "n’attend pas une séance" in refused.text
    assert as_role("committee").post(agenda, {"act": "up", "item": str(item.pk)}).status_code == 403


def test_member_votes_and_decides_from_the_page(as_role: AsRole, world: World) -> None:
    held = hold(world)
    item, client = held.rolled(), as_role("committee")
    client.post(url("session_vote", held.session, item.pk), {"choice": "for"})
    page = client.get(url("session_item", held.session, item.pk)).text
    assert "1 pour" in page and "Enregistrer la décision" in page
    posted = {**DECISION, "token": str(uuid4())}
    decide = url("session_decide", held.session, item.pk)
    assert client.post(decide, {**posted, "reason": ""}).status_code == 422
    for _ in range(2):
        assert client.post(decide, posted).status_code == 302
    assert Decision.objects.count() == 1
    again = client.post(decide, {**posted, "token": str(uuid4())})
    assert again.status_code == 422
    assert "déjà réglé" in again.text and "Besoin clair" in again.text


def test_who_stood_aside_sees_nothing_of_the_mission(world: World) -> None:
    held = hold(world)
    member, item = held.members[1], held.rolled()
    stand_aside(item, nature="Ancienne salariée", actor=member)
    client, mission = signed_in(member), held.missions[0]
    for name in ("session_item", "session_pulse"):
        page = client.get(url(name, held.session, item.pk)).text
        assert mission.title not in page and mission.reference not in page
        assert mission.project.holder.name not in page
    assert "Vous êtes sorti·e" in client.get(url("session_item", held.session, item.pk)).text
    page = client.get(held.session.get_absolute_url()).text
    assert "vous êtes sorti·e" in page and mission.title not in page
    posted = {**DECISION, "token": str(uuid4()), "delegation": "x"}
    assert client.post(url("session_decide", held.session, item.pk), posted).status_code == 403


def test_forbidden_decision_in_a_sitting_is_written_in_the_history(
    as_role: AsRole, world: World
) -> None:
    held = hold(world)
    item = held.rolled()
    posted = {**DECISION, "token": str(uuid4())}
    address = url("session_decide", held.session, item.pk)
    assert as_role("coordinator").post(address, posted).status_code == 403
    assert history(held.missions[0].stream).filter(verb="missions.refused").count() == 1
    assert Decision.objects.count() == 0


def test_pulse_answers_only_when_something_moved(as_role: AsRole, world: World) -> None:
    held = hold(world, missions=2)
    first, second = held.items
    client = as_role("committee")
    held.session.refresh_from_db()
    address = url("session_pulse", held.session, first.pk)
    version = str(held.session.version)
    assert client.get(address, {"v": version}).status_code == 204
    as_role("coordinator").post(url("session_goto", held.session, second.pk))
    moved = client.get(address, {"v": version})
    assert moved.status_code == 200
    assert "La séance a avancé" in moved.text
    assert url("session_item", held.session, second.pk) in moved.text


def test_secretary_counts_hands_and_puts_off(as_role: AsRole, world: World) -> None:
    held = hold(world, missions=2)
    first, second = held.items
    client = as_role("coordinator")
    client.post(url("session_roll", held.session, first.pk))
    count = url("session_count", held.session, first.pk)
    assert "trois nombres" in client.post(count, {}, follow=True).text
    client.post(count, {"favourable": "2", "against": "0", "abstained": "0"})
    assert AgendaItem.objects.get(pk=first.pk).counted_for == 2
    defer = url("session_defer", held.session, second.pk)
    assert "raison" in client.post(defer, {"reason": ""}, follow=True).text
    client.post(defer, {"reason": "Plus le temps"})
    assert AgendaItem.objects.get(pk=second.pk).result == "deferred"


@pytest.mark.parametrize("role", ["osim", "volunteer", "researcher", "stranger"])
def test_sittings_are_not_found_by_others(as_role: AsRole, world: World, role: str) -> None:
    held, client = hold(world), as_role(role)
    item = held.rolled()
    close_address = url("session_close", held.session)
    assert client.get(reverse("session_list")).status_code == 404
    assert client.get(held.session.get_absolute_url()).status_code == 404
    assert client.get(url("session_item", held.session, item.pk)).status_code == 404
    assert client.post(close_address).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_sitting_pages_cost_few_queries_whatever_the_agenda(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, many: int
) -> None:
    held = hold(world, missions=many)
    item = held.rolled()
    for role in ("coordinator", "committee"):
        client = as_role(role)
        for address in (
            reverse("session_list"),
            held.session.get_absolute_url(),
            url("session_item", held.session, item.pk),
        ):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200


def test_mission_put_back_in_review_is_named_without_a_link(as_role: AsRole, world: World) -> None:
    held = hold(world)
    Mission.objects.filter(pk=held.missions[0].pk).update(state="review")
    close_session(held.session, actor=world.coordinator)
    page = as_role("committee").get(held.session.get_absolute_url()).text
    assert held.missions[0].title in page
    assert held.missions[0].get_absolute_url() + '"' not in page


def test_other_programme_members_do_not_find_the_sitting(world: World) -> None:
    outsider = make_person(world.structure, "committee")
    assert signed_in(outsider).get(plan(world).get_absolute_url()).status_code == 404
