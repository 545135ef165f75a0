"""A form that has served: the same person finds what it made, another person is refused, told
nothing of it, and never meets a fault."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.committee.session_planning import plan_session
from capitalisation.publications.actions import create_booklet
from explor import clock
from explor.accounts.models import Role, User
from explor.accounts.sending import AlreadyUsed
from explor.documents.actions import request_export
from explor.ui.errors import Refusal
from missions.actors.members import invite
from missions.actors.registration import ask_to_join, register
from missions.dossier.exporting import KIND as MISSIONS
from missions.dossier.models import Mission
from missions.dossier.setup_actions import create_territory
from missions.funding.cofundings import record_cofunding
from missions.funding.envelopes import open_envelope
from missions.funding.expenses import record_expense
from missions.request.actions import start_request
from missions.request.annexing import add_annex
from missions.request.correcting import ask_corrections
from missions.request.models import AnnexKind, Request
from missions.review.actions import add_note
from missions.review.opinion_actions import ask_opinions
from missions.threads.actions import Draft, post_message
from missions.threads.models import ThreadKind
from tests.factories import World, make_person

Send = Callable[[World, Mission, User, UUID], Any]


def start(world: World, mission: Mission, actor: User, token: UUID) -> Any:
    return start_request(
        actor=actor,
        holder=world.association,
        programme=world.programme,
        territory=world.territory,
        title="Essai",
        country="BJ",
        token=token,
    )


def expense(world: World, mission: Mission, actor: User, token: UUID) -> Any:
    words = {
        "heading": "travel",
        "label": "Billet",
        "state": "spent",
        "dated": clock.today(),
        "amount": Decimal(60),
        "currency": "EUR",
    }
    return record_expense(mission, words, actor=actor, token=token)


def opinion(world: World, mission: Mission, actor: User, token: UUID) -> Any:
    due = clock.today() + timedelta(days=7)
    return ask_opinions(mission, people=[world.committee], due_on=due, actor=actor, token=token)


FUNDER = {"funder_name": "Ville", "asked": Decimal(3), "asked_on": date(2026, 3, 1)}

#: How it is sent, who sends it, in which state of the mission.
FORMS: dict[str, tuple[Send, str, str]] = {
    "mission": (start, "osim", "draft"),
    "envelope": (
        lambda w, m, a, t: open_envelope(
            w.programme, w.territory, year=2031, amount=Decimal(500), actor=a, token=t
        ),
        "administrator",
        "draft",
    ),
    "expense": (expense, "coordinator", "preparation"),
    "cofunding": (
        lambda w, m, a, t: record_cofunding(
            m,
            {"funder_name": "Ville", "asked": Decimal(3), "asked_on": clock.today()},
            actor=a,
            token=t,
        ),
        "coordinator",
        "preparation",
    ),
    "annex": (
        lambda w, m, a, t: add_annex(
            m, AnnexKind.OTHER, b"Un texte.", name="a.txt", actor=a, token=t
        ),
        "osim",
        "draft",
    ),
    "corrections": (
        lambda w, m, a, t: ask_corrections(m, {"need": "Combien ?"}, actor=a, token=t),
        "coordinator",
        "review",
    ),
    "opinions": (opinion, "coordinator", "review"),
    "note": (
        lambda w, m, a, t: add_note(m, text="Note", actor=a, token=t),
        "coordinator",
        "review",
    ),
    "message": (
        lambda w, m, a, t: post_message(m, ThreadKind.MISSION, Draft("Bonjour", t), actor=a),
        "osim",
        "preparation",
    ),
    "territory": (
        lambda w, m, a, t: create_territory(name="Bretagne", networks=[], actor=a, token=t),
        "administrator",
        "draft",
    ),
    "organisation": (
        lambda w, m, a, t: register(actor=a, token=t, name="Asso neuve", city="Lens"),
        "coordinator",
        "draft",
    ),
    "invitation": (
        lambda w, m, a, t: invite(w.association, "neuf@essai.example", actor=a, token=t),
        "osim",
        "draft",
    ),
    "join": (
        lambda w, m, a, t: ask_to_join(w.other_association, actor=a, token=t),
        "osim",
        "draft",
    ),
    "session": (
        lambda w, m, a, t: plan_session(
            w.programme, starts_at=clock.now() + timedelta(days=3), token=t, actor=a
        ),
        "coordinator",
        "draft",
    ),
    "booklet": (
        lambda w, m, a, t: create_booklet(w.programme, title="Livret", actor=a, token=t),
        "researcher",
        "draft",
    ),
    "export": (
        lambda w, m, a, t: request_export(MISSIONS, {"filters": {}}, actor=a, token=t),
        "coordinator",
        "draft",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sent_again_finds_what_it_made_and_another_person_is_refused(
    world: World, name: str
) -> None:
    send, role, state = FORMS[name]
    mission, actor = world.mission(state), world.person(role)
    Request.objects.get_or_create(mission=mission)
    organisation = actor.memberships.get().organisation
    other = make_person(organisation, actor.memberships.get().role)
    token = uuid4()
    made = send(world, mission, actor, token)
    assert send(world, mission, actor, token) == made
    with pytest.raises((AlreadyUsed, PermissionDenied)) as refused:
        send(world, mission, other, token)
    if isinstance(refused.value, Refusal):
        assert "a déjà servi" in refused.value.reason
    assert str(made) not in str(refused.value)


def test_a_form_that_made_one_thing_makes_no_other(world: World) -> None:
    """The same person, another mission: nothing of the first one comes out."""
    first, second, token = world.mission("preparation"), world.mission("preparation"), uuid4()
    expense(world, first, world.coordinator, token)
    with pytest.raises(AlreadyUsed):
        expense(world, second, world.coordinator, token)


def test_the_page_of_another_person_is_refused_in_words(world: World, as_role: Any) -> None:
    token = uuid4()
    made = start(world, world.mission(), world.osim, token)
    colleague = make_person(world.association, Role.MEMBER)
    client = as_role("osim")
    client.force_login(colleague, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/missions/nouvelle/").text
    assert str(token) not in page
    sent = {
        "token": str(token),
        "holder": world.association.pk,
        "programme": world.programme.pk,
        "territory": world.territory.pk,
        "title": "La mienne",
        "country": "BJ",
    }
    answer = client.post("/missions/nouvelle/", sent)
    assert answer.status_code in {200, 422}
    assert "a déjà servi" in answer.text and "La mienne" in answer.text
    assert made.reference not in answer.text
