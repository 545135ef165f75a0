from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from capitalisation.committee.minutes_actions import (
    add_task,
    approve_minutes,
    remove_task,
    save_minutes,
)
from capitalisation.committee.minutes_documents import minutes_pdf
from capitalisation.committee.minutes_models import SessionMinutes, SessionTask
from capitalisation.committee.session_deciding import decide_item
from capitalisation.committee.session_sitting import cast_vote, close_session, stand_aside
from explor.notifications.models import Notice
from explor.ui.errors import Refusal, Stale
from tests.capitalisation.committee.sitting import Held, hold
from tests.capitalisation.committee.test_session_views import signed_in
from tests.factories import World
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]


def closed(world: World) -> tuple[Held, SessionMinutes]:
    """Three there, one stood aside; a vote, a decision, an action; closed by the coordination."""
    held = hold(world, here=3)
    item = held.rolled()
    stand_aside(item, nature="Cousine de la présidente", actor=held.members[2])
    cast_vote(item, "for", actor=held.members[0])
    decide_item(item, outcome="accepted", reason="Besoin clair", actor=held.members[0])
    task(held, world)
    minutes = close_session(held.session, actor=world.coordinator)
    return held, SessionMinutes.objects.select_related("session__programme").get(pk=minutes.pk)


def task(held: Held, world: World, **changes: Any) -> SessionTask:
    words: dict[str, Any] = {"text": "Écrire au partenaire", "who": "Dominique", "due_on": None}
    words |= {"token": uuid4(), "actor": world.coordinator}
    return add_task(held.session, **{**words, **changes})


def test_minutes_tell_presence_withdrawals_decisions_votes_and_actions(world: World) -> None:
    held, minutes = closed(world)
    report = check_pdf(minutes_pdf(minutes))
    assert report.problems == []
    told = report.text
    for words in (
        held.missions[0].title,
        "Besoin clair",
        "1 pour, 0 contre",
        "Écrire au partenaire",
        str(held.members[2]),
        "Sorti·e",
        "Projet",
    ):
        assert words in told
    assert "Cousine" not in told


def test_minutes_are_approved_by_another_frozen_and_sent(world: World) -> None:
    held, minutes = closed(world)
    minutes = save_minutes(minutes, remarks="Échange riche", version=1, actor=world.coordinator)
    with pytest.raises(Refusal, match="une autre personne"):
        approve_minutes(minutes, version=minutes.version, actor=world.coordinator)
    with pytest.raises(Stale):
        approve_minutes(minutes, version=1, actor=world.committee)
    minutes = approve_minutes(minutes, version=minutes.version, actor=world.committee)
    assert minutes.file is not None and len(minutes.file.sha256) == 64
    assert Notice.objects.filter(event="minutes", recipient=held.members[1]).count() == 1
    with pytest.raises(Refusal, match="ne change plus"):
        save_minutes(minutes, remarks="x", version=minutes.version, actor=world.coordinator)
    with pytest.raises(Refusal, match="ne change plus"):
        task(held, world)
    with pytest.raises(Refusal, match="ne change plus"):
        remove_task(held.session.tasks.get(), actor=world.coordinator)


@pytest.mark.parametrize("role", ["osim", "researcher", "stranger"])
def test_minutes_are_refused_to_others(world: World, role: str) -> None:
    _, minutes = closed(world)
    person = world.person(role)
    with pytest.raises(PermissionDenied):
        save_minutes(minutes, remarks="x", version=1, actor=person)
    with pytest.raises(PermissionDenied):
        approve_minutes(minutes, version=1, actor=person)


def test_who_stood_aside_reads_an_extract(world: World) -> None:
    held, minutes = closed(world)
    aside, mission = held.members[2], held.missions[0]
    with pytest.raises(PermissionDenied):
        approve_minutes(minutes, version=1, actor=aside)
    minutes = approve_minutes(minutes, version=1, actor=world.committee)
    client = signed_in(aside)
    page = client.get(minutes.get_absolute_url()).text
    assert "Examiné hors de votre présence" in page and mission.title not in page
    preview = reverse("minutes_preview", args=[held.session.uuid])
    extract = check_pdf(client.get(preview).content)
    assert extract.problems == []
    assert mission.title not in extract.text
    assert minutes.file is not None
    assert client.get(minutes.file.get_absolute_url()).status_code == 404
    assert signed_in(held.members[1]).get(preview).status_code == 302


def test_minutes_are_completed_and_approved_from_their_page(as_role: AsRole, world: World) -> None:
    held, minutes = closed(world)
    page, client = minutes.get_absolute_url(), as_role("coordinator")
    assert client.post(page, {"remarks": "Un débat", "version": "1"}).status_code == 302
    stale = client.post(page, {"remarks": "Un autre débat", "version": "1"})
    assert stale.status_code == 409
    assert "Un autre" in stale.text
    tasks = reverse("session_task", args=[held.session.uuid])
    posted = {"token": str(uuid4()), "text": "Relire la charte", "who": "Lou"}
    for _ in range(2):
        client.post(tasks, {**posted, "due_on": "2027-01-31"})
    row = SessionTask.objects.get(text="Relire la charte")
    assert row.due_on == date(2027, 1, 31)
    assert "ce qui est à faire" in client.post(tasks, {"text": ""}, follow=True).text
    client.post(tasks, {"remove": str(row.pk)})
    assert not SessionTask.objects.filter(pk=row.pk).exists()
    approve = reverse("minutes_approve", args=[held.session.uuid])
    minutes.refresh_from_db()
    answer = as_role("administrator").post(approve, {"version": str(minutes.version)}, follow=True)
    assert "est approuvé" in answer.text
    minutes.refresh_from_db()
    assert minutes.approved_by == world.administrator


def test_minutes_page_costs_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any
) -> None:
    _, minutes = closed(world)
    for role in ("coordinator", "committee"):
        client = as_role(role)
        with django_assert_max_num_queries(12):
            assert client.get(minutes.get_absolute_url()).status_code == 200
