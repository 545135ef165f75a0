"""Opinions: asked of named people, given once, by account or by link."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from explor import clock
from explor.notifications.models import Notice, OutboxMail
from explor.ui.errors import Refusal
from missions.actors.models import Volunteer
from missions.dossier.models import Mission
from missions.review import opinion_queries
from missions.review.opinion_actions import (
    Outsider,
    ask_opinions,
    cancel_opinion,
    decline_opinion,
    extend_opinion,
    give_opinion,
)
from missions.review.opinion_models import Opinion, OpinionState
from missions.review.opinion_queries import (
    answer_path,
    candidates,
    find_by_link,
    opinions_due,
    reading_for_opinion,
)
from missions.review.page import waiting_on
from missions.review.roll_actions import declare_conflict
from missions.review.work import opinions
from tests.factories import World
from tests.missions.review.test_corrections import filled

SOON = timedelta(days=7)


def ask(mission: Mission, world: World, *people: Any, **words: Any) -> list[Opinion]:
    return ask_opinions(
        mission,
        people=people or [world.committee],
        question="Le calendrier est-il tenable ?",
        actor=world.coordinator,
        **{"due_on": clock.today() + SOON, "token": uuid4(), **words},
    )


def ask_outsider(mission: Mission, world: World, email: str = "expert@essai.example") -> Opinion:
    made = ask_opinions(
        mission,
        outsiders=[Outsider("Noor Exemple", email, "Agronome")],
        due_on=clock.today() + SOON,
        actor=world.coordinator,
        token=uuid4(),
    )
    return made[0]


def test_opinion_is_asked_given_and_counted(world: World) -> None:
    mission = world.mission("review")
    row, other = ask(mission, world, world.committee, world.other_coordinator)
    assert waiting_on(mission).opinions == "0\u00a0avis sur 2"
    assert Notice.objects.filter(event="opinion_asked").count() == 2
    give_opinion(row, verdict="reserved", text=" À préciser ", actor=world.committee)
    row.refresh_from_db()
    assert (row.state, row.verdict, row.text) == ("given", "reserved", "À préciser")
    decline_opinion(other, because="Absente", actor=world.other_coordinator)
    assert waiting_on(mission).opinions == "1\u00a0avis sur 1"
    assert Notice.objects.filter(recipient=world.coordinator, event="opinion_given").count() == 2


def test_opinion_is_given_once_and_not_rewritten(world: World) -> None:
    (row,) = ask(world.mission("review"), world)
    give_opinion(row, verdict="favourable", text="Oui", actor=world.committee)
    give_opinion(row, verdict="favourable", text="Oui", actor=world.committee)
    with pytest.raises(Refusal, match="n’est plus attendu"):
        give_opinion(row, verdict="unfavourable", text="Non", actor=world.committee)


@pytest.mark.parametrize("role", ["osim", "coordinator", "administrator", "researcher"])
def test_opinion_of_another_is_refused(world: World, role: str) -> None:
    (row,) = ask(world.mission("review"), world)
    with pytest.raises(PermissionDenied):
        give_opinion(row, verdict="favourable", text="Oui", actor=world.person(role))
    with pytest.raises(PermissionDenied):
        decline_opinion(row, because="", actor=world.person(role))


@pytest.mark.parametrize("role", ["osim", "other_coordinator", "committee", "administrator"])
def test_asking_extending_cancelling_are_the_coordination_s(world: World, role: str) -> None:
    mission, actor = world.mission("review"), world.person(role)
    (row,) = ask(mission, world)
    later = clock.today() + SOON * 2
    with pytest.raises(PermissionDenied):
        ask_opinions(mission, people=[world.volunteer], due_on=later, actor=actor, token=uuid4())
    with pytest.raises(PermissionDenied):
        extend_opinion(row, due_on=later, actor=actor)
    with pytest.raises(PermissionDenied):
        cancel_opinion(row, actor=actor)


@pytest.mark.parametrize("role", ["osim", "researcher", "stranger"])
def test_opinion_is_not_asked_of_the_association_nor_of_anyone(world: World, role: str) -> None:
    with pytest.raises(Refusal, match="ne peut pas être demandé"):
        ask(world.mission("review"), world, world.person(role))


def test_same_form_sent_twice_asks_once(world: World) -> None:
    mission, token = world.mission("review"), uuid4()
    first = ask(mission, world, token=token)
    assert ask(mission, world, token=token) == first
    with pytest.raises(Refusal, match="déjà demandé"):
        ask(mission, world)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"due_on": timedelta(0)}, "date à venir"),
        ({"people": []}, "au moins une personne"),
    ],
)
def test_asking_refuses_nonsense(world: World, words: dict[str, Any], said: str) -> None:
    due_on = clock.today() + words.pop("due_on", SOON)
    people = words.pop("people", [world.committee])
    with pytest.raises(Refusal, match=said):
        ask_opinions(
            world.mission("review"),
            people=people,
            due_on=due_on,
            actor=world.coordinator,
            token=uuid4(),
        )


def test_opinions_belong_to_the_review(world: World) -> None:
    mission = world.mission("submitted")
    with pytest.raises(Refusal, match="pendant l’instruction"):
        ask(mission, world)


def test_outsider_answers_by_the_signed_link(world: World) -> None:
    mission = world.mission("review")
    row = ask_outsider(mission, world)
    mail = OutboxMail.objects.get(to_email="expert@essai.example")
    key = answer_path(row).split("/")[-2]
    assert mail.url == answer_path(row)
    assert find_by_link(key) == row
    assert find_by_link(key + "x") is None
    give_opinion(row, verdict="favourable", text="Oui", actor=None, by_link=True)
    assert Opinion.objects.get().state == OpinionState.GIVEN


def test_link_of_somebody_with_an_account_opens_nothing(world: World) -> None:
    (row,) = ask(world.mission("review"), world)
    with pytest.raises(PermissionDenied):
        give_opinion(row, verdict="favourable", text="Oui", actor=None, by_link=True)


def test_link_closes_when_cancelled_or_when_the_mission_is_decided(world: World) -> None:
    mission = world.mission("review")
    row = ask_outsider(mission, world)
    key = answer_path(row).split("/")[-2]
    Mission.objects.filter(pk=mission.pk).update(state="declined")
    assert find_by_link(key) is None
    Mission.objects.filter(pk=mission.pk).update(state="review")
    cancel_opinion(row, actor=world.coordinator)
    assert find_by_link(key) is None


def test_address_of_an_account_is_asked_as_that_person(world: World) -> None:
    row = ask_outsider(world.mission("review"), world, world.committee.email.upper())
    assert (row.person, row.email) == (world.committee, "")


def test_address_of_the_association_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="ne peut pas être demandé"):
        ask_outsider(world.mission("review"), world, world.osim.email)


def test_extending_tells_the_person_and_only_moves_forward(world: World) -> None:
    (row,) = ask(world.mission("review"), world)
    with pytest.raises(Refusal, match="après l’ancienne"):
        extend_opinion(row, due_on=row.due_on, actor=world.coordinator)
    extend_opinion(row, due_on=row.due_on + SOON, actor=world.coordinator)
    assert Notice.objects.filter(recipient=world.committee, event="opinion_asked").count() == 2


def test_cancelled_opinion_may_be_asked_again(world: World) -> None:
    mission = world.mission("review")
    (row,) = ask(mission, world)
    cancel_opinion(row, actor=world.coordinator)
    assert not Opinion.objects.visible_to(world.committee).exists()
    assert len(ask(mission, world)) == 1


def test_declared_tie_takes_the_opinion_away(world: World) -> None:
    mission = world.mission("review")
    (row,) = ask(mission, world, world.volunteer)
    declare_conflict(mission, person=world.volunteer, nature="Ma sœur", actor=world.volunteer)
    row.refresh_from_db()
    assert row.state == OpinionState.DECLINED
    assert not Opinion.objects.visible_to(world.volunteer).exists()
    with pytest.raises(PermissionDenied):
        give_opinion(row, verdict="favourable", text="Oui", actor=world.volunteer)
    with pytest.raises(Refusal, match="ne peut pas être demandé"):
        ask(mission, world, world.volunteer)


def test_candidates_leave_out_those_asked_tied_or_of_the_association(world: World) -> None:
    mission = world.mission("review")
    team = [person for person, _ in candidates(mission, "")]
    assert set(team) == {world.committee, world.coordinator, world.other_coordinator}
    Volunteer.objects.filter(user=world.volunteer).update(job="Maçonne")
    assert candidates(mission, "maçon") == [(world.volunteer, "Volontaire, Maçonne")]
    ask(mission, world, world.volunteer)
    assert candidates(mission, "maçon") == []


def test_reading_holds_neither_contacts_nor_amounts(world: World) -> None:
    mission = filled(world, partner_contact="Bintou, 00 229 11 22")
    words = str(reading_for_opinion(mission))
    assert "Les tomates se perdent" in words and "Former l’équipe" in words
    for hidden in ("00 229 11 22", "06 00 00 00 00", "Awa Exemple", "900,50", "W595000001"):
        assert hidden not in words


def test_answer_of_tomorrow_s_form_is_not_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = filled(world)
    asked = [("projet", "Le projet", ["need", "trusted_person"])]
    monkeypatch.setattr(opinion_queries, "keys_by_section", lambda: asked)
    words = {"need": "L’eau manque.", "trusted_person": "Mme Exemple"}
    monkeypatch.setattr(opinion_queries, "said", lambda _: words)
    [(_, rows)] = reading_for_opinion(mission)
    assert [text for _, text in rows] == ["L’eau manque."]


def test_due_opinions_leave_with_the_decision(world: World) -> None:
    mission = world.mission("review")
    (row,) = ask(mission, world)
    assert list(opinions_due(row.due_on - timedelta(days=1))) == []
    assert list(opinions_due(row.due_on)) == [row]
    Mission.objects.filter(pk=mission.pk).update(state="matching")
    assert list(opinions_due(row.due_on)) == []


def test_opinion_is_an_errand_of_who_is_asked_then_of_who_asked(world: World) -> None:
    (row,) = ask(world.mission("review"), world)
    assert [errand.url for errand in opinions(world.committee)] == [row.get_absolute_url()]
    assert opinions(world.coordinator) == []
    with clock.at(row.due_on + timedelta(days=1)):
        assert [errand.waits_for for errand in opinions(world.coordinator)] == [
            str(world.committee)
        ]
