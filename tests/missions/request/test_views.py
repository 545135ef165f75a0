import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.request.actions import save_request
from missions.request.correcting import ask_corrections
from missions.request.models import Receipt, Request
from missions.request.queries import Volet, answers, missing, volets_of
from missions.request.submitting import submit_request
from missions.request.words import STEPS
from tests.factories import World
from tests.missions.request.pages import address, filled, post_step, step_address
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]


def test_new_request_opens_its_form(as_role: AsRole, world: World) -> None:
    client = as_role("osim")
    page = client.get(reverse("mission_new"))
    assert page.status_code == 200
    posted = {
        "holder": world.association.pk,
        "programme": world.programme.pk,
        "territory": world.territory.pk,
        "title": "Conserver les tomates",
        "country": "BJ",
        "token": str(uuid4()),
    }
    answer = client.post(reverse("mission_new"), posted)
    mission = Mission.objects.get()
    assert answer.headers["Location"] == address(mission)
    assert client.post(reverse("mission_new"), posted).headers["Location"] == address(mission)
    assert Mission.objects.count() == 1


def test_new_request_is_refused_for_another_association(as_role: AsRole, world: World) -> None:
    posted = {
        "holder": world.other_association.pk,
        "programme": world.programme.pk,
        "territory": world.territory.pk,
        "title": "x",
        "country": "BJ",
        "token": str(uuid4()),
    }
    answer = as_role("osim").post(reverse("mission_new"), posted)
    assert answer.status_code == 200
    assert Mission.objects.count() == 0


@pytest.mark.parametrize("role", ["volunteer", "researcher", "committee", "administrator"])
def test_new_request_is_refused_to_who_asks_for_nothing(as_role: AsRole, role: str) -> None:
    assert as_role(role).get(reverse("mission_new")).status_code == 403


def test_coordination_types_on_behalf(as_role: AsRole, world: World) -> None:
    posted = {
        "holder": world.association.pk,
        "programme": world.programme.pk,
        "territory": world.territory.pk,
        "title": "Pour l’association",
        "country": "BJ",
        "token": str(uuid4()),
    }
    as_role("coordinator").post(reverse("mission_new"), posted)
    assert Mission.objects.get().typed_on_behalf is True


@pytest.mark.parametrize(
    ("role", "status"),
    [("osim", 200), ("other_osim", 404), ("coordinator", 404), ("committee", 404)],
)
def test_draft_is_seen_by_its_association_only(
    as_role: AsRole, world: World, role: str, status: int
) -> None:
    mission = start(world)
    assert as_role(role).get(address(mission)).status_code == status


def test_submitted_request_is_read_by_the_coordination_and_not_written(
    as_role: AsRole, world: World
) -> None:
    mission = world.mission("submitted")
    client = as_role("coordinator")
    page = client.get(step_address(mission, "projet"))
    assert page.headers["Location"] == address(mission)
    assert "Déposer la demande" not in client.get(address(mission)).text
    assert client.post(step_address(mission, "projet"), {"need": "x"}).status_code == 403
    assert client.post(address(mission), {"need": "x"}).status_code == 403


def test_request_shows_the_budget_to_those_who_may(as_role: AsRole, world: World) -> None:
    mission = world.mission("support")
    save_budget(mission)
    assert "Mode de calcul d’essai" in as_role("committee").get(address(mission)).text
    assert "Mode de calcul d’essai" not in as_role("volunteer").get(address(mission)).text


def save_budget(mission: Mission) -> None:
    mission.budget_lines.create(
        side="expense", heading="travel", how="Mode de calcul d’essai", amount=10
    )


@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_light_and_says_where_one_is(
    as_role: AsRole, world: World, django_assert_max_num_queries: Any, step: str
) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    client = as_role("osim")
    client.get(step_address(mission, step))
    with django_assert_max_num_queries(12):
        page = client.get(step_address(mission, step))
    assert f"Étape {STEPS.index(step) + 1} sur 7" in page.text
    assert "Enregistrer et continuer" in page.text


def test_unknown_step_is_not_found(as_role: AsRole, world: World) -> None:
    assert as_role("osim").get(step_address(start(world), "inconnue")).status_code == 404


def test_step_saves_and_goes_on(as_role: AsRole, world: World) -> None:
    mission = start(world)
    answer = post_step(as_role("osim"), mission, "projet", need="Un besoin", go="next")
    assert answer.headers["Location"] == step_address(mission, "partenaire")
    assert Request.objects.get(mission=mission).need == "Un besoin"


def test_last_step_leads_to_the_summary(as_role: AsRole, world: World) -> None:
    mission = start(world)
    answer = post_step(as_role("osim"), mission, "securite", security_zone="green", go="next")
    assert answer.headers["Location"] == address(mission)


def test_same_sending_twice_writes_once(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    posted = filled(client, mission, "projet") | {"need": "Un besoin"}
    for _ in range(2):
        client.post(step_address(mission, "projet"), posted)
    assert Request.objects.get(mission=mission).version == 2


def test_refused_answer_comes_back_with_its_reason_and_the_rest_is_saved(
    as_role: AsRole, world: World
) -> None:
    mission, client = start(world), as_role("osim")
    answer = post_step(
        client,
        mission,
        "budget",
        go="next",
        expense_travel_amount="mille",
        expense_stay_amount="1 234,5 €",
    )
    assert answer.headers["Location"] == step_address(mission, "budget")
    page = client.get(step_address(mission, "budget")).text
    assert 'value="mille"' in page
    assert "Écrivez un montant en euros" in page
    assert str(mission.budget_lines.get().amount) == "1234.50"
    assert "Écrivez un montant en euros" in client.get(address(mission)).text


def test_script_typed_is_kept_as_text_and_never_run(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    post_step(client, mission, "projet", need="<script>alert(1)</script>")
    for path in (step_address(mission, "projet"), address(mission)):
        page = client.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert(1)" not in page


def test_period_that_ends_before_it_begins_is_refused(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    post_step(client, mission, "expertise", window_from="2027-05-01", window_to="2027-04-01")
    page = client.get(step_address(mission, "expertise")).text
    assert "La période se termine avant de commencer." in page


def test_objective_written_before_its_type_is_saved_and_the_type_asked(
    as_role: AsRole, world: World
) -> None:
    mission, client = start(world), as_role("osim")
    post_step(client, mission, "mission", c1_objective_1="Former")
    assert volets_of(mission) == [Volet("", "", ["Former"])]
    assert "le type du volet 1" in missing(mission)
    assert "type à choisir" in client.get(address(mission)).text


def test_two_people_on_one_answer_without_script_see_both_texts(
    as_role: AsRole, world: World
) -> None:
    mission, client = start(world), as_role("osim")
    posted = filled(client, mission, "projet") | {"need": "Mon texte à moi"}
    save_request(mission, {"need": "Leur texte à elles"}, actor=world.osim, version=1)
    client.post(step_address(mission, "projet"), posted)
    assert Request.objects.get(mission=mission).need == "Leur texte à elles"
    for path in (step_address(mission, "projet"), address(mission)):
        page = re.sub("</?(ins|del)>", "", client.get(path).text)
        assert "Mon texte à moi" in page and "Garder celui-ci" in page


def test_summary_settles_a_choice(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    posted = filled(client, mission, "projet") | {"need": "Mon texte à moi"}
    save_request(mission, {"need": "Leur texte à elles"}, actor=world.osim, version=1)
    client.post(step_address(mission, "projet"), posted)
    page = client.get(address(mission)).text
    choices = re.findall(r'name="choice" value="([^"]+)"', page)
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token and len(choices) == 2
    chosen = choices[1].replace("&quot;", '"')
    client.post(address(mission), {"token": token[1], "choice": chosen})
    assert Request.objects.get(mission=mission).need == "Mon texte à moi"
    assert "Garder celui-ci" not in client.get(address(mission)).text


def test_two_people_on_different_answers_keep_both(as_role: AsRole, world: World) -> None:
    mission, client = start(world), as_role("osim")
    posted = filled(client, mission, "projet") | {"need": "Le besoin"}
    save_request(mission, {"voiced_by": "Le groupement"}, actor=world.osim, version=1)
    client.post(step_address(mission, "projet"), posted)
    request = Request.objects.get(mission=mission)
    assert (request.need, request.voiced_by) == ("Le besoin", "Le groupement")


def test_steps_as_they_are_saved_change_nothing(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    client, before = as_role("osim"), answers(mission)
    for step in STEPS:
        client.post(step_address(mission, step), filled(client, mission, step))
    mission.refresh_from_db()
    after = answers(mission)
    for key in before:
        if key != "budget":
            assert after[key] == before[key], key
    assert after["budget"].spent == before["budget"].spent
    assert Request.objects.get(mission=mission).version == 2


def test_submit_gives_a_receipt(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    answer = as_role("osim").post(reverse("request_submit", args=[mission.reference]), follow=True)
    mission.refresh_from_db()
    assert mission.state == "submitted"
    assert f"R-{mission.reference}" in answer.text


def test_submit_says_everything_that_lacks_at_once(as_role: AsRole, world: World) -> None:
    mission = start(world)
    page = as_role("osim").post(reverse("request_submit", args=[mission.reference]), follow=True)
    for words in ("le secteur (CAD)", "le problème à résoudre", "la zone de sécurité"):
        assert words in page.text
    mission.refresh_from_db()
    assert mission.state == "draft"
    assert not Receipt.objects.exists()


def test_submitting_twice_leaves_one_submission(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    client = as_role("osim")
    for _ in range(2):
        answer = client.post(reverse("request_submit", args=[mission.reference]))
        assert answer.headers["Location"] == reverse("request_receipt", args=[mission.reference])
    assert mission.changes.filter(target="submitted").count() == 1
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("role", ["other_osim", "coordinator", "committee"])
def test_submit_is_for_the_association(as_role: AsRole, world: World, role: str) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    answer = as_role(role).post(reverse("request_submit", args=[mission.reference]))
    assert answer.status_code == 404
    mission.refresh_from_db()
    assert mission.state == "draft"


def test_summary_links_each_lack_to_its_field(as_role: AsRole, world: World) -> None:
    mission = start(world)
    page = as_role("osim").get(address(mission)).text
    assert f"{step_address(mission, 'projet')}#id_need" in page
    assert f"{step_address(mission, 'mission')}#id_d1_title" in page
    assert f"{step_address(mission, 'securite')}#id_annex_statutes" in page


def test_association_is_asked_whether_its_card_is_still_exact(
    as_role: AsRole, world: World
) -> None:
    mission, client = start(world), as_role("osim")
    assert "Toujours exact" not in client.get(step_address(mission, "association")).text
    save_request(mission, full_answers(), actor=world.osim, version=None)
    second = start(world, title="Une autre mission")
    assert "Toujours exact" in client.get(step_address(second, "association")).text
    post_step(client, second, "association", profile_confirmed="on")
    profile = second.project.holder.osim_profile
    profile.refresh_from_db()
    assert profile.confirmed_on is not None
    assert answers(second)["profile_confirmed"] is True


def test_places_of_the_country_are_suggested(as_role: AsRole) -> None:
    page = as_role("osim").get(reverse("place_suggestions"), {"country": "BJ", "place": "cot"})
    assert 'value="Cotonou"' in page.text


@pytest.mark.parametrize("role", ["osim", "coordinator"])
def test_request_page_costs_the_same_whatever_it_holds(
    as_role: AsRole,
    world: World,
    django_assert_max_num_queries: Any,
    role: str,
) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    if role == "coordinator":
        Mission.objects.update(state="review")
    client = as_role(role)
    client.get(address(mission))
    with django_assert_max_num_queries(12):
        client.get(address(mission))


def test_request_milestone_follows_the_form(as_role: AsRole, world: World) -> None:
    mission = start(world)
    post_step(as_role("osim"), mission, "projet", need="Un besoin")
    assert "le besoin" not in mission.milestones.get(kind=Kind.REQUEST).missing


def test_under_review_only_what_is_asked_may_change(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    submit_request(mission, actor=world.osim)
    advance(mission, "start_review", actor=world.coordinator)
    client = as_role("osim")
    assert client.get(step_address(mission, "projet")).status_code == 302
    mission = Mission.objects.get(pk=mission.pk)
    questions = {"need": "Combien de familles\u00a0?"}
    ask_corrections(mission, questions, actor=world.coordinator, token=uuid4())
    page = client.get(step_address(mission, "projet")).text
    assert "Combien de familles" in page
    assert 'id="id_need"' in page and 'id="id_voiced_by"' not in page
    post_step(client, mission, "projet", need="Quarante familles")
    assert Request.objects.get(mission=mission).need == "Quarante familles"
    assert "id_annex_statutes" not in client.get(step_address(mission, "securite")).text
