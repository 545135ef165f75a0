"""The pages of a review, as each role meets them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from explor import clock
from missions.dossier.models import Mission
from missions.request.correcting import answer_correction, ask_corrections
from missions.request.corrections import Correction
from missions.review.actions import add_note, save_review
from missions.review.lead_actions import assign_lead
from missions.review.models import Review, ReviewNote, RollAnswer
from missions.review.opinion_models import Opinion
from missions.review.opinion_queries import answer_path
from tests.factories import World
from tests.missions.review.samples import TYPED
from tests.missions.review.test_corrections import filled
from tests.missions.review.test_opinions import SOON, ask, ask_outsider

AsRole = Callable[[str], Client]
TEAM_PAGES = ("mission_review", "mission_corrections", "mission_opinions", "mission_roll")


def at(name: str, mission: Mission, *args: object) -> str:
    return reverse(name, args=[mission.reference, *args])


def asked(mission: Mission, world: World, key: str = "need") -> Correction:
    question = {key: "Combien de familles ?"}
    return ask_corrections(mission, question, actor=world.coordinator, token=uuid4())[0]


# --- the study -------------------------------------------------------------------------
def test_coordination_fills_the_review(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    client = as_role("coordinator")
    typed = {**TYPED, "check_safety": "waived", "check_safety_why": "Zone vérifiée"}
    assert client.post(at("mission_review", mission), typed).status_code == 302
    review = Review.objects.get(mission=mission)
    assert (review.impact, review.eligible) == (3, True)
    page = client.get(at("mission_review", mission)).text
    assert "Zone vérifiée" in page and "La demande est éligible." in page


@pytest.mark.parametrize("wrong", [{"impact": "9"}, {"check_safety": "no"}])
def test_refused_review_is_kept_on_the_page(
    as_role: AsRole, world: World, wrong: dict[str, str]
) -> None:
    mission = world.mission("review")
    typed = {**TYPED, "relevance_why": "Un mot tapé", **wrong}
    answer = as_role("coordinator").post(at("mission_review", mission), typed)
    assert answer.status_code == 422
    assert "Un mot tapé" in answer.text
    assert not Review.objects.filter(mission=mission, impact__isnull=False).exists()


def test_stale_review_shows_both_texts(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    save_review(mission, {"impact_why": "Leur mot"}, actor=world.coordinator)
    client, typed = as_role("coordinator"), {**TYPED, "impact_why": "Mon texte"}
    answer = client.post(at("mission_review", mission), typed)
    assert answer.status_code == 409
    assert "Leur" in answer.text and "Mon texte" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert Review.objects.get(mission=mission).impact_why == "Leur mot"
    client.post(at("mission_review", mission), {**typed, "version": "2"})
    assert Review.objects.get(mission=mission).impact_why == "Mon texte"


@pytest.mark.parametrize(
    ("role", "status"),
    [("osim", 404), ("volunteer", 404), ("researcher", 404), ("other_coordinator", 200)],
)
def test_review_is_read_by_the_team_only(
    as_role: AsRole, world: World, role: str, status: int
) -> None:
    mission, client = world.mission("review"), as_role(role)
    found = {name: client.get(at(name, mission)).status_code for name in TEAM_PAGES}
    assert found == dict.fromkeys(TEAM_PAGES, status)


def test_review_is_not_written_by_another_territory(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    client = as_role("other_coordinator")
    assert client.post(at("mission_review", mission), TYPED).status_code == 403


# --- notes, lead, roll -----------------------------------------------------------------
def test_notes_are_read_by_coordination_and_administration_only(
    as_role: AsRole, world: World
) -> None:
    mission = world.mission("committee")
    typed = {"text": "Note secrète", "token": str(uuid4())}
    client = as_role("coordinator")
    for _ in range(2):
        assert client.post(at("mission_note", mission), typed).status_code == 302
    assert ReviewNote.objects.count() == 1
    readers = ("coordinator", "other_coordinator", "administrator")
    for role in readers:
        assert "Note secrète" in as_role(role).get(at("mission_roll", mission)).text
    assert "Note secrète" not in as_role("committee").get(at("mission_roll", mission)).text
    for role in ("osim", "committee"):
        history = as_role(role).get(at("mission_history", mission)).text
        assert "Note secrète" not in history


def test_empty_note_is_refused_on_the_page(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    answer = as_role("coordinator").post(at("mission_note", mission), {"token": str(uuid4())})
    assert answer.status_code == 422 and "Écrivez la note." in answer.text
    assert as_role("committee").post(at("mission_note", mission), {}).status_code == 404


def test_dossier_is_taken_over_from_the_page(as_role: AsRole, world: World) -> None:
    mission, client = world.mission("review"), as_role("coordinator")
    client.post(at("mission_lead", mission), {"person": str(world.coordinator.uuid)})
    assert Review.objects.get(mission=mission).lead == world.coordinator
    answer = client.post(at("mission_lead", mission), {"person": str(world.osim.uuid)}, follow=True)
    assert "ne coordonne pas" in answer.text
    client.post(at("mission_lead", mission), {"person": "n’importe quoi"})
    assert Review.objects.get(mission=mission).lead is None


def test_roll_is_noted_from_the_page(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    client = as_role("coordinator")
    client.post(at("mission_roll_note", mission), {"person": str(world.committee.uuid)})
    assert RollAnswer.objects.get().person == world.committee
    assert "aucun lien" in client.get(at("mission_roll", mission)).text


def test_declared_conflict_closes_the_dossier(as_role: AsRole, world: World) -> None:
    mission = world.mission("committee")
    client = as_role("committee")
    url = at("mission_conflict", mission)
    assert "Dites en quelques mots" in client.post(url, {}, follow=True).text
    client.post(url, {"nature": "Ancienne salariée"})
    for name in ("mission", "mission_decision", "review_sheet_pdf", *TEAM_PAGES):
        assert client.get(at(name, mission)).status_code == 404
    assert mission.reference not in client.get(reverse("mission_list")).text


def test_association_declares_no_conflict(as_role: AsRole, world: World) -> None:
    url = at("mission_conflict", world.mission("committee"))
    assert as_role("osim").post(url, {"nature": "x"}).status_code == 403


# --- corrections -----------------------------------------------------------------------
def test_corrections_are_asked_from_the_page(as_role: AsRole, world: World) -> None:
    mission, client = filled(world), as_role("coordinator")
    page = client.get(at("correction_new", mission)).text
    assert "Les tomates se perdent à la récolte." in page and "1\u202f000,00" in page
    typed = {"q_need": "Combien ?", "q_budget": "Le visa ?", "token": str(uuid4())}
    for _ in range(2):
        client.post(at("correction_new", mission), typed)
    assert set(Correction.objects.values_list("field", flat=True)) == {"need", "budget"}
    assert "Combien ?" in client.get(at("mission_corrections", mission)).text


def test_nothing_asked_keeps_the_page_and_says_so(as_role: AsRole, world: World) -> None:
    mission = filled(world)
    answer = as_role("coordinator").post(
        at("correction_new", mission), {"q_need": " ", "token": str(uuid4())}
    )
    assert answer.status_code == 422 and "au moins une réponse" in answer.text


def test_association_answers_and_the_reviewer_reads_the_difference(
    as_role: AsRole, world: World
) -> None:
    mission = filled(world)
    row = asked(mission, world)
    osim, coordinator = as_role("osim"), as_role("coordinator")
    page = osim.get(at("request_corrections", mission)).text
    assert "Combien de familles ?" in page
    url = at("correction_answer", mission, row.token)
    refused = osim.post(url, {"answer": " "})
    assert refused.status_code == 422 and "n’a pas changé" in refused.text
    mission.request.need = "Les tomates se perdent : trente familles."
    mission.request.save(update_fields=["need"])
    assert osim.post(url, {"answer": "C’est fait"}).status_code == 302
    page = coordinator.get(at("mission_corrections", mission)).text
    assert "<ins>" in page and "<del>" in page and "C’est fait" in page
    coordinator.post(at("correction_settle", mission, row.token))
    assert Correction.objects.get().is_settled


def test_asking_again_from_the_page(as_role: AsRole, world: World) -> None:
    mission = filled(world)
    row = answer_correction(asked(mission, world), answer="Voilà", actor=world.osim)
    typed = {"reason": "Et les jeunes ?", "token": str(uuid4())}
    as_role("coordinator").post(at("correction_again", mission, row.token), typed)
    assert Correction.objects.unanswered().get().question == "Et les jeunes ?"


@pytest.mark.parametrize("role", ["other_osim", "volunteer", "coordinator", "committee"])
def test_page_of_the_association_is_its_own(as_role: AsRole, world: World, role: str) -> None:
    mission = filled(world)
    row, client = asked(mission, world), as_role(role)
    assert client.get(at("request_corrections", mission)).status_code == 404
    answer = client.post(at("correction_answer", mission, row.token), {"answer": "x"})
    assert answer.status_code in {403, 404}


def test_correction_of_another_mission_is_not_found(as_role: AsRole, world: World) -> None:
    row, other = asked(filled(world), world), world.mission("review")
    url = at("correction_settle", other, row.token)
    assert as_role("coordinator").post(url).status_code == 404


# --- opinions --------------------------------------------------------------------------
def test_opinions_are_asked_from_the_page(as_role: AsRole, world: World) -> None:
    mission, client = world.mission("review"), as_role("coordinator")
    url = at("opinion_ask", mission)
    assert str(world.committee) in client.get(url).text
    assert str(world.volunteer) in client.get(url, {"q": world.volunteer.first_name}).text
    typed = {
        "person": [str(world.committee.uuid)],
        "due_on": (clock.today() + SOON).isoformat(),
        "name": "Noor Exemple",
        "email": "expert@essai.example",
        "token": str(uuid4()),
    }
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    assert Opinion.objects.count() == 2
    assert "Noor Exemple" in client.get(at("mission_opinions", mission)).text


def test_asking_without_a_name_keeps_what_was_chosen(as_role: AsRole, world: World) -> None:
    typed = {
        "person": [str(world.committee.uuid)],
        "due_on": "demain",
        "email": "expert@essai.example",
        "token": str(uuid4()),
    }
    answer = as_role("coordinator").post(at("opinion_ask", world.mission("review")), typed)
    assert answer.status_code == 422
    assert f'value="{world.committee.uuid}"' in answer.text and "checked" in answer.text
    assert "Écrivez le nom" in answer.text and "Écrivez une date" in answer.text


def test_volunteer_asked_reads_the_request_without_what_the_team_wrote(
    as_role: AsRole, world: World
) -> None:
    mission = filled(world)
    add_note(mission, text="Note secrète", actor=world.coordinator, token=uuid4())
    save_review(mission, {"impact_why": "Impact discuté"}, actor=world.coordinator)
    (row,) = ask(mission, world, world.volunteer)
    client = as_role("volunteer")
    page = client.get(reverse("opinion", args=[row.token])).text
    assert "Les tomates se perdent" in page and "Le calendrier est-il tenable" in page
    for hidden in ("Note secrète", "Impact discuté", "900,50", "06 00 00 00 00"):
        assert hidden not in page
    for name in ("mission", "mission_request", *TEAM_PAGES):
        assert client.get(at(name, mission)).status_code == 404
    assert mission.title in client.get(reverse("opinion_list")).text


def test_opinion_of_another_is_not_found(as_role: AsRole, world: World) -> None:
    (row,) = ask(world.mission("review"), world)
    url = reverse("opinion", args=[row.token])
    for role in ("volunteer", "osim", "other_coordinator", "administrator"):
        assert as_role(role).get(url).status_code == 404
        assert as_role(role).post(url, {"verdict": "favourable"}).status_code == 404


def test_opinion_is_given_from_the_page(as_role: AsRole, world: World) -> None:
    (row,) = ask(world.mission("review"), world, world.volunteer)
    client, url = as_role("volunteer"), reverse("opinion", args=[row.token])
    refused = client.post(url, {"text": "Un texte tapé"})
    assert refused.status_code == 422 and "Un texte tapé" in refused.text
    client.post(url, {"verdict": "reserved", "text": "Un texte tapé"})
    assert Opinion.objects.get().verdict == "reserved"
    page = client.get(url).text
    assert "Un texte tapé" in page and "Rendre mon avis" not in page


def test_opinion_is_declined_with_a_tie_from_the_page(as_role: AsRole, world: World) -> None:
    (row,) = ask(world.mission("review"), world, world.volunteer)
    client = as_role("volunteer")
    client.post(reverse("opinion_decline", args=[row.token]), {"nature": "Ma sœur y travaille"})
    assert Opinion.objects.get().state == "declined"
    assert client.get(reverse("opinion", args=[row.token])).status_code == 404


def test_signed_link_opens_without_an_account(client: Client, world: World) -> None:
    mission = filled(world)
    url = answer_path(ask_outsider(mission, world))
    page = client.get(url)
    assert page.status_code == 200 and "no-store" in page.headers["Cache-Control"]
    assert "Les tomates se perdent" in page.text and "900,50" not in page.text
    client.post(url, {"verdict": "favourable", "text": "Très utile"})
    assert Opinion.objects.get().state == "given"
    assert client.get(url[:-2] + "x/").status_code == 404


def test_signed_link_declines(client: Client, world: World) -> None:
    url = answer_path(ask_outsider(world.mission("review"), world))
    client.post(url, {"decline": "1", "reason": "Pas le temps"})
    assert (Opinion.objects.get().state, Opinion.objects.get().text) == ("declined", "Pas le temps")


def test_opinion_is_extended_and_cancelled_from_the_page(as_role: AsRole, world: World) -> None:
    mission = world.mission("review")
    (row,) = ask(mission, world)
    client, later = as_role("coordinator"), row.due_on + SOON
    url = at("opinion_extend", mission, row.token)
    assert "Écrivez une date" in client.post(url, {"due_on": "2026-99-99"}, follow=True).text
    client.post(url, {"due_on": later.isoformat()})
    assert Opinion.objects.get().due_on == later
    client.post(at("opinion_cancel", mission, row.token))
    assert Opinion.objects.get().state == "cancelled"


# --- the list --------------------------------------------------------------------------
def test_list_shows_the_territory_and_whose_each_request_is(as_role: AsRole, world: World) -> None:
    free, mine = world.mission("submitted"), world.mission("review")
    elsewhere = world.mission("review", territory=world.other_territory)
    world.mission("draft")
    assign_lead(mine, person=world.coordinator, actor=None)
    client = as_role("coordinator")
    shown = {
        preset: [
            row.reference
            for row in (free, mine, elsewhere)
            if row.reference in client.get(reverse("review_list"), {"voir": preset}).text
        ]
        for preset in ("", "sans-personne", "a-moi", "chez-l-association")
    }
    assert shown == {
        "": [free.reference, mine.reference],
        "sans-personne": [free.reference],
        "a-moi": [mine.reference],
        "chez-l-association": [],
    }


@pytest.mark.parametrize("rows", [1, 3, 12])
def test_list_costs_the_same_with_many_rows(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        mission = world.mission("review")
        assign_lead(mission, person=world.coordinator, actor=None)
        ask(mission, world)
    client = as_role("coordinator")
    with django_assert_max_num_queries(7):
        client.get(reverse("review_list"))


@pytest.mark.parametrize("name", [*TEAM_PAGES, "correction_new", "opinion_ask"])
def test_pages_cost_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, name: str
) -> None:
    mission = filled(world)
    asked(mission, world)
    asked(mission, world, "problem")
    ask(mission, world, world.committee, world.volunteer, world.other_coordinator)
    add_note(mission, text="Un", actor=world.coordinator, token=uuid4())
    client = as_role("coordinator")
    with django_assert_max_num_queries(12):
        client.get(at(name, mission))


@pytest.mark.parametrize("role", ["osim", "committee"])
def test_pages_of_who_is_asked_cost_few_queries(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, role: str
) -> None:
    mission = filled(world)
    asked(mission, world)
    (row,) = ask(mission, world)
    url = at("request_corrections", mission)
    if role == "committee":
        url = reverse("opinion", args=[row.token])
    client = as_role(role)
    with django_assert_max_num_queries(12):
        client.get(url)
