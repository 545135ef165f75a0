from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from capitalisation.interviews.models import Answer, Consent, Interview
from explor import clock
from missions.dossier.models import Mission
from missions.lifecycle import State
from tests.capitalisation.corpus.samples import agree, make_guide, make_interview
from tests.factories import World

As = Callable[[str], Client]


def address(interview: Interview, name: str = "interview") -> str:
    return reverse(name, args=[interview.uuid])


def planned(mission: Mission, **fields: Any) -> Interview:
    return make_interview(mission, None, **fields)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("researcher", 200),
        ("volunteer", 200),
        ("coordinator", 404),
        ("other_coordinator", 404),
        ("administrator", 404),
        ("committee", 404),
        ("osim", 404),
        ("other_osim", 404),
        ("other_volunteer", 404),
        ("stranger", 404),
        ("anonymous", 302),
    ],
)
def test_who_opens_the_page_of_an_interview(
    world: World, as_role: As, role: str, status: int
) -> None:
    mission = world.mission(State.CAPITALISATION)
    interview = make_interview(mission, "Des mots à moi.", person=world.volunteer)
    answer = as_role(role).get(address(interview))
    assert answer.status_code == status
    assert ("Des mots à moi." in answer.content.decode()) is (status == 200)


def test_a_coordinator_opens_only_what_they_led(world: World, as_role: As) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    assert as_role("coordinator").get(address(interview)).status_code == 404
    Interview.objects.update(interviewer=world.coordinator)
    assert as_role("coordinator").get(address(interview)).status_code == 200


@pytest.mark.parametrize("name", ["consent", "answers", "withdraw", "delete"])
def test_others_change_nothing(world: World, as_role: As, name: str) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    for role in ("administrator", "coordinator", "osim", "other_volunteer"):
        found = as_role(role).post(address(interview, f"interview_{name}"), {"reason": "x"})
        assert found.status_code == 404
    interview.refresh_from_db()
    assert interview.consent.withdrawn_at is None


def test_the_person_does_not_write_their_answers(world: World, as_role: As) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION), person=world.volunteer)
    client = as_role("volunteer")
    assert client.post(address(interview, "interview_answers"), {}).status_code == 404
    assert "interview_answers" not in client.get(address(interview)).content.decode()


def test_before_consent_there_is_nothing_to_type_and_nothing_ticked(
    world: World, as_role: As
) -> None:
    interview = planned(world.mission(State.PREPARATION))
    page = as_role("researcher").get(address(interview)).content.decode()
    assert "D’abord l’accord" in page
    assert "answer-" not in page
    assert "checked" not in page
    question = interview.guide.questions.all()[0]
    data = {f"answer-{question.pk}": "x", "version": interview.version}
    refused = as_role("researcher").post(address(interview, "interview_answers"), data)
    assert refused.status_code == 422
    assert not Answer.objects.exists()


def test_consent_is_recorded_with_its_proof(world: World, as_role: As) -> None:
    interview = planned(world.mission(State.PREPARATION))
    client = as_role("researcher")
    data = {
        "notes": "on",
        "quote_level": "function",
        "circle": "funders",
        "collected_on": clock.today().isoformat(),
    }
    refused = client.post(address(interview, "interview_consent"), data)
    assert refused.status_code == 422
    assert "à choisir de nouveau" not in refused.content.decode()
    lost = {**data, "proof_file": SimpleUploadedFile("accord.txt", b"Accord")}
    refused = client.post(address(interview, "interview_consent"), lost)
    assert "Un fichier choisi est à choisir de nouveau" in refused.content.decode()
    assert not Consent.objects.exists()
    data |= {"proof": "Feuille signée"}
    file = SimpleUploadedFile("accord.txt", b"Accord")
    client.post(address(interview, "interview_consent"), {**data, "proof_file": file})
    consent = Consent.objects.get()
    assert (consent.notes, consent.audio, consent.quote_level) == (True, False, "function")
    assert consent.proof_file is not None
    assert consent.collected_by == world.researcher


def test_answers_are_kept_then_the_interview_is_completed(world: World, as_role: As) -> None:
    interview = planned(world.mission(State.PREPARATION))
    agree(interview)
    client = as_role("researcher")
    question = interview.guide.questions.all()[0]
    data = {
        f"answer-{question.pk}": "Une 🍅 tomate.",
        "version": interview.version,
        "held_on": clock.today().isoformat(),
    }
    client.post(address(interview, "interview_answers"), data)
    interview.refresh_from_db()
    assert interview.state == "planned"
    data |= {"version": interview.version, "complete": "1"}
    client.post(address(interview, "interview_answers"), data)
    interview.refresh_from_db()
    assert interview.state == "done"
    assert interview.text is not None


def test_a_stale_page_of_answers_shows_both_texts(world: World, as_role: As) -> None:
    interview = make_interview(world.mission(State.PREPARATION), "Le texte gardé.")
    question = interview.guide.questions.all()[0]
    data = {f"answer-{question.pk}": "Mon autre texte.", "version": 1}
    answer = as_role("researcher").post(address(interview, "interview_answers"), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mon autre texte." in page
    assert "gardé" in page
    assert Answer.objects.get().text == "Le texte gardé."


def test_the_person_withdraws_in_one_act_and_still_reads_their_words(
    world: World, as_role: As
) -> None:
    interview = make_interview(
        world.mission(State.CAPITALISATION), "Des mots à moi.", person=world.volunteer
    )
    client = as_role("volunteer")
    assert "Retirer mon accord" in client.get(address(interview)).content.decode()
    url = address(interview, "interview_withdraw")
    assert client.get(url).status_code == 200
    interview.refresh_from_db()
    assert interview.consent.withdrawn_at is None
    client.post(url)
    assert "Des mots à moi." in client.get(address(interview)).content.decode()
    hidden = as_role("researcher").get(address(interview)).content.decode()
    assert "Des mots à moi." not in hidden
    assert "Accord retiré" in hidden


def test_planning_twice_with_the_same_form_makes_one_interview(world: World, as_role: As) -> None:
    mission = world.mission(State.PREPARATION)
    guide = make_guide(world.programme)
    url = reverse("mission_interviews", args=[mission.reference])
    client = as_role("researcher")
    data = {"token": uuid4(), "guide": guide.pk, "person_label": "A", "person": world.osim.pk}
    for _ in range(2):
        assert client.post(url, data).status_code == 302
    assert Interview.objects.get().person == world.osim


def test_the_person_must_belong_to_the_mission(world: World, as_role: As) -> None:
    mission = world.mission(State.PREPARATION)
    guide = make_guide(world.programme)
    url = reverse("mission_interviews", args=[mission.reference])
    data = {
        "token": uuid4(),
        "guide": guide.pk,
        "person_label": "A",
        "person": world.other_osim.pk,
    }
    assert as_role("researcher").post(url, data).status_code == 422
    assert not Interview.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "osim", "administrator"])
def test_others_see_counts_and_do_not_plan(world: World, as_role: As, role: str) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_interview(mission, person_label="Personne discrète")
    url = reverse("mission_interviews", args=[mission.reference])
    client = as_role(role)
    page = client.get(url).content.decode()
    assert "Réalisés" in page
    assert "Personne discrète" not in page
    assert client.post(url, {}).status_code == 404


def test_the_list_shows_examples_as_examples(world: World, as_role: As) -> None:
    make_interview(world.mission(State.CAPITALISATION), is_example=True)
    page = as_role("researcher").get(reverse("interview_list")).content.decode()
    assert '<span class="tag">exemple</span>' in page


@pytest.mark.parametrize("role", ["administrator", "coordinator", "committee", "stranger"])
def test_the_list_of_interviews_is_for_researchers(world: World, as_role: As, role: str) -> None:
    assert as_role(role).get(reverse("interview_list")).status_code == 404
    assert as_role(role).get(reverse("before_after")).status_code == 404


def test_filters_of_the_list_narrow_it(world: World, as_role: As) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_interview(mission, person_label="Avant A")
    make_interview(mission, moment="after", person_label="Après B")
    client = as_role("researcher")
    page = client.get(reverse("interview_list"), {"moment": "after"}).content.decode()
    assert "Après B" in page
    assert "Avant A" not in page
    odd = client.get(reverse("interview_list"), {"moment": "jamais", "page": "x"})
    assert "Avant A" in odd.content.decode()


def test_before_and_after_stand_side_by_side(world: World, as_role: As) -> None:
    mission = world.mission(State.CAPITALISATION)
    make_interview(mission, "Je crains la langue.", person_label="A")
    make_interview(mission, "La langue n’a pas gêné.", moment="after", person_label="A")
    page = as_role("researcher").get(reverse("before_after")).content.decode()
    assert "Je crains la langue." in page
    assert "La langue n’a pas gêné." in page


def test_guides_are_read_by_the_team(world: World, as_role: As) -> None:
    guide = make_guide(world.programme)
    for role in ("researcher", "coordinator", "committee"):
        client = as_role(role)
        assert guide.title in client.get(reverse("guide_list")).content.decode()
        page = client.get(reverse("guide", args=[guide.pk])).content.decode()
        assert "Qu’attendez-vous de la mission ?" in page
    assert as_role("osim").get(reverse("guide_list")).status_code == 404
    assert as_role("stranger").get(reverse("guide", args=[guide.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_lists_ask_the_same_number_of_queries(
    world: World, as_role: As, rows: int, django_assert_max_num_queries: Any
) -> None:
    mission = world.mission(State.CAPITALISATION)
    guide = make_guide(world.programme)
    Interview.objects.bulk_create(
        Interview(mission=mission, guide=guide, person_label=f"P{n}") for n in range(rows)
    )
    client = as_role("researcher")
    for url, most in (
        (reverse("interview_list"), 8),
        (reverse("mission_interviews", args=[mission.reference]), 12),
    ):
        client.get(url)
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_the_page_of_an_interview_asks_at_most_twelve_queries(
    world: World, as_role: As, django_assert_max_num_queries: Any
) -> None:
    interview = make_interview(world.mission(State.CAPITALISATION))
    client = as_role("researcher")
    client.get(address(interview))
    with django_assert_max_num_queries(12):
        client.get(address(interview))
