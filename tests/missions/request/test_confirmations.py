import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.accounts.models import User
from explor.journal.queries import history
from explor.notifications.models import OutboxMail
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.request.actions import save_request
from missions.request.confirming import (
    answer_confirmation,
    ask_confirmation,
    confirm_as_member,
    find_confirmation,
    key_of,
)
from missions.request.freezing import content_of, digest_of
from missions.request.models import AnnexKind, Confirmation
from missions.request.submitting import submit_request
from tests.factories import World
from tests.missions.request.pages import address
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start
from tests.missions.request.test_annexes import join

AsRole = Callable[[str], Client]


@pytest.fixture
def typed(world: World) -> Mission:
    """A whole request that the coordination typed."""
    mission = start(world, world.coordinator, on_behalf=True)
    return save_request(mission, full_answers(), actor=world.coordinator, version=None)


def ask(mission: Mission, actor: User | None, email: str = "awa@example.org") -> Confirmation:
    return ask_confirmation(mission, name="Awa Exemple", email=email, actor=actor, token=uuid4())


def answer(row: Confirmation, what: str = "ours", words: str = "") -> Confirmation:
    digest = digest_of(content_of(Mission.objects.get(pk=row.mission_id)))
    return answer_confirmation(row, what, words=words, digest=digest)


def confirmed(mission: Mission) -> bool:
    return mission.milestones.get(kind=Kind.CONFIRMATION).done_on is not None


def test_typed_request_is_submitted_once_confirmed(world: World, typed: Mission) -> None:
    with pytest.raises(Refusal, match="la confirmation de l’association"):
        submit_request(typed, actor=world.coordinator)
    answer(ask(typed, world.coordinator))
    receipt = submit_request(typed, actor=world.coordinator)
    assert receipt.content["confirmed_by"] == "Awa Exemple"
    assert OutboxMail.objects.filter(event="request_receipt", to_email="awa@example.org").exists()


def test_history_says_who_typed_and_who_confirmed(world: World, typed: Mission) -> None:
    answer(ask(typed, world.coordinator))
    acts = {act.verb: act for act in history(typed.stream)}
    assert acts["missions.save_request"].actor == world.coordinator
    said = acts["missions.confirm_request"].text
    assert "Awa Exemple" in said and "awa@example.org" in said


def test_confirmation_is_asked_by_who_types_when_the_rest_is_there(
    world: World, typed: Mission
) -> None:
    for person in (world.osim, world.other_coordinator, world.administrator):
        with pytest.raises(PermissionDenied):
            ask(typed, person)
    with pytest.raises(PermissionDenied):
        ask(start(world, title="La sienne"), world.coordinator)
    with pytest.raises(ValidationError):
        ask(typed, world.coordinator, "pas une adresse")
    save_request(typed, {"need": ""}, actor=world.coordinator, version=None)
    with pytest.raises(Refusal, match="le besoin"):
        ask(typed, world.coordinator)
    assert not OutboxMail.objects.filter(event="confirmation_asked").exists()


def test_link_serves_once(world: World, typed: Mission) -> None:
    row = ask(typed, world.coordinator)
    answer(row)
    with pytest.raises(Refusal, match="déjà répondu"):
        answer(row, "to_correct", "Tout")
    assert confirmed(typed)


def test_link_expires_and_a_new_one_takes_its_place(world: World, typed: Mission) -> None:
    old = ask(typed, world.coordinator)
    new = ask(typed, world.coordinator)
    with pytest.raises(Refusal, match="plus récent"):
        answer(old)
    with clock.at(clock.now() + timedelta(days=15)), pytest.raises(Refusal, match="plus valable"):
        answer(new)
    assert not confirmed(typed)


def test_what_is_confirmed_is_what_was_read(world: World, typed: Mission) -> None:
    row = ask(typed, world.coordinator)
    read = digest_of(content_of(typed))
    save_request(typed, {"need": "Autre chose"}, actor=world.coordinator, version=None)
    with pytest.raises(Refusal, match="a changé"):
        answer_confirmation(row, "ours", digest=read)
    assert not confirmed(typed)


@pytest.mark.parametrize("what", ["answer", "paper"])
def test_change_after_the_confirmation_asks_for_it_again(
    world: World, typed: Mission, what: str
) -> None:
    answer(ask(typed, world.coordinator))
    if what == "answer":
        save_request(typed, {"need": "Autre chose"}, actor=world.coordinator, version=None)
    else:
        join(typed, AnnexKind.OTHER, world.coordinator)
    assert not confirmed(typed)
    with pytest.raises(Refusal, match="la confirmation"):
        submit_request(typed, actor=world.coordinator)


def test_change_of_the_shared_card_after_the_confirmation_is_seen(
    world: World, typed: Mission
) -> None:
    answer(ask(typed, world.coordinator))
    profile = typed.project.holder.osim_profile
    profile.refresh_from_db()
    profile.address = "Ailleurs"
    profile.save()
    with pytest.raises(Refusal, match="la confirmation"):
        submit_request(Mission.objects.get(pk=typed.pk), actor=world.coordinator)


def test_correction_asked_keeps_the_request_and_says_what(world: World, typed: Mission) -> None:
    row = ask(typed, world.coordinator)
    with pytest.raises(Refusal, match="Dites ce qu’il faut corriger"):
        answer(row, "to_correct")
    answer(row, "to_correct", "Le lieu n’est pas le bon.")
    assert not confirmed(typed)
    assert OutboxMail.objects.filter(
        event="confirmation_given", to_email=world.coordinator.email
    ).exists()


def test_member_confirms_in_explor_or_submits_at_once(world: World, typed: Mission) -> None:
    for person in (world.coordinator, world.other_osim):
        with pytest.raises(PermissionDenied):
            confirm_as_member(typed, actor=person)
    confirm_as_member(typed, actor=world.osim)
    assert confirmed(typed)
    other = start(world, world.coordinator, on_behalf=True, title="Une autre")
    save_request(other, full_answers(), actor=world.coordinator, version=None)
    assert submit_request(other, actor=world.osim).mission == other


def test_key_of_a_link_cannot_be_guessed(world: World, typed: Mission) -> None:
    key = key_of(ask(typed, world.coordinator))
    assert find_confirmation(key) is not None
    for wrong in (key[:-1] + ("a" if key[-1] != "a" else "b"), str(uuid4()), "x", key.upper()):
        assert find_confirmation(wrong) is None
        assert Client().get(reverse("confirmation", args=[wrong])).status_code == 404


def test_link_opens_the_whole_request_without_account(world: World, typed: Mission) -> None:
    join(typed, AnnexKind.STATUTES, world.coordinator, "statuts.pdf")
    row = ask(typed, world.coordinator)
    where, visitor = reverse("confirmation", args=[key_of(row)]), Client()
    page = visitor.get(where).text
    for words in ("Les tomates se perdent à la récolte.", "statuts.pdf", "Carnet de recettes"):
        assert words in page
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest
    refused = visitor.post(where, {"answer": "to_correct", "digest": digest[1], "words": " "})
    assert refused.status_code == 422
    thanks = visitor.post(where, {"answer": "ours", "digest": digest[1]})
    assert "votre réponse est enregistrée" in thanks.text
    closed = visitor.get(where)
    assert closed.status_code == 410
    assert "déjà répondu" in unescape(closed.text)
    assert "Les tomates" not in closed.text
    assert confirmed(typed)


def test_summary_asks_to_send_then_tells_who_answered(
    as_role: AsRole, world: World, typed: Mission
) -> None:
    client = as_role("coordinator")
    assert "Envoyer la demande à l’association" in client.get(address(typed)).text
    sent = {"name": "Awa Exemple", "email": "awa@example.org", "token": str(uuid4())}
    for _ in range(2):
        client.post(reverse("confirmation_ask", args=[typed.reference]), sent)
    answer(Confirmation.objects.get())
    assert "Awa Exemple a confirmé" in client.get(address(typed)).text


def test_mistyped_address_is_said_and_nothing_leaves(
    as_role: AsRole, world: World, typed: Mission
) -> None:
    page = as_role("coordinator").post(
        reverse("confirmation_ask", args=[typed.reference]),
        {"name": "Awa", "email": "awa@", "token": str(uuid4())},
        follow=True,
    )
    assert "n’est pas complète" in page.text
    assert not Confirmation.objects.exists()
