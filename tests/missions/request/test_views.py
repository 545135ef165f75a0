import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from missions.dossier.models import Mission
from missions.lifecycle import Kind
from missions.request.actions import save_request
from missions.request.forms import RequestForm
from missions.request.merging import digests
from missions.request.models import Request
from missions.request.queries import answers, volets_of
from tests.factories import World
from tests.missions.request.sample import full_answers
from tests.missions.request.test_actions import start

AsRole = Callable[[str], Client]


def address(mission: Mission) -> str:
    return reverse("mission_request", args=[mission.reference])


def typed(mission: Mission, **changes: str | list[str]) -> dict[str, Any]:
    """What a browser sends when the form is filled as it is saved, then changed."""
    found = answers(mission)
    form = RequestForm(found=found)
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is True:
            data[bound.name] = "on"
        elif value not in (None, False):
            data[bound.name] = [str(one) for one in value] if isinstance(value, list) else value
    version = Request.objects.get(mission=mission).version
    return {**data, "version": version, "seen": digests(found), **changes}


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
    assert b'<form method="post" id="demande"' not in client.get(address(mission)).content
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


def test_save_keeps_what_is_typed_and_says_what_lacks(as_role: AsRole, world: World) -> None:
    mission = start(world)
    client = as_role("osim")
    answer = client.post(address(mission), typed(mission, need="Un besoin"), follow=True)
    assert "Le brouillon est enregistré." in answer.text
    assert "le secteur (CAD)" in answer.text
    assert Request.objects.get(mission=mission).need == "Un besoin"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("window_from", "pas une date", "date valide"),
        ("window_from", "31/02/2027", "date valide"),
        ("expense_travel_amount", "-5", "Un montant ne peut pas être négatif."),
        ("expense_travel_amount", "mille", "Écrivez un montant en euros"),
        ("expense_travel_amount", "9" * 40, "chiffres"),
        ("country", "ZZ", "Sélectionnez un choix valide"),
        ("sector", "<script>", "Sélectionnez un choix valide"),
        ("sdgs", "99", "Sélectionnez un choix valide"),
        ("project_title", "x" * 201, "200 caractères"),
        ("problem", "y" * 5001, "5000"),
        ("days_on_spot", "400", "entre 1 et 365"),
        ("days_on_spot", "-1", "supérieure ou égale à 0"),
        ("people_count", "beaucoup", "nombre entier"),
        ("title", "", "obligatoire"),
        ("siret", "123", "quatorze chiffres"),
        ("rna", "rien", "lettre W"),
        ("voiced_by", "nul\x00", "caractère nul"),
    ],
)
def test_hostile_answer_is_named_and_the_rest_is_saved(
    as_role: AsRole, world: World, field: str, value: str, words: str
) -> None:
    mission = start(world)
    posted = typed(mission, need="Le besoin reste", **{field: value})
    answer = as_role("osim").post(address(mission), posted)
    assert answer.status_code == 422
    assert words in answer.text
    assert Request.objects.get(mission=mission).need == "Le besoin reste"
    mission.refresh_from_db()
    assert mission.title == "Conserver les tomates"


def test_script_typed_is_kept_as_text_and_never_run(as_role: AsRole, world: World) -> None:
    mission = start(world)
    client = as_role("osim")
    client.post(address(mission), typed(mission, need="<script>alert(1)</script>"))
    page = client.get(address(mission)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_refused_answer_comes_back_in_the_form(as_role: AsRole, world: World) -> None:
    mission = start(world)
    posted = typed(mission, expense_travel_amount="mille", expense_travel_how="aller-retour")
    page = as_role("osim").post(address(mission), posted).text
    assert 'value="mille"' in page
    assert 'value="aller-retour"' in page


def test_amounts_are_read_as_people_write_them(as_role: AsRole, world: World) -> None:
    mission = start(world)
    as_role("osim").post(address(mission), typed(mission, expense_travel_amount="1 234,5 €"))
    assert str(mission.budget_lines.get().amount) == "1234.50"


def test_period_that_ends_before_it_begins_is_refused(as_role: AsRole, world: World) -> None:
    mission = start(world)
    posted = typed(mission, window_from="2027-05-01", window_to="2027-04-01")
    answer = as_role("osim").post(address(mission), posted)
    assert "La période se termine avant de commencer." in answer.text
    assert Request.objects.get(mission=mission).window_from is None


def test_objectives_without_a_type_are_not_lost(as_role: AsRole, world: World) -> None:
    mission = start(world)
    answer = as_role("osim").post(address(mission), typed(mission, c1_objective_1="Former"))
    assert "Choisissez le type de ce volet." in answer.text
    assert 'value="Former"' in answer.text


def test_stale_save_of_the_same_answer_shows_both_texts(as_role: AsRole, world: World) -> None:
    mission = start(world)
    posted = typed(mission, need="Mon texte à moi")
    save_request(mission, {"need": "Leur texte à elles"}, actor=world.osim, version=1)
    client = as_role("osim")
    answer = client.post(address(mission), posted)
    assert answer.status_code == 409
    assert "Mon texte à moi" in answer.text and 'name="keep_need"' in answer.text
    assert Request.objects.get(mission=mission).need == "Leur texte à elles"


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Mon texte"), ("theirs", "Leur texte")])
def test_after_a_clash_the_person_chooses(
    as_role: AsRole, world: World, choice: str, kept: str
) -> None:
    mission = start(world)
    save_request(mission, {"need": "Leur texte"}, actor=world.osim, version=1)
    posted = typed(mission, need="Mon texte", keep_need=choice)
    as_role("osim").post(address(mission), posted)
    assert Request.objects.get(mission=mission).need == kept


def test_two_people_on_different_answers_keep_both(as_role: AsRole, world: World) -> None:
    mission = start(world)
    posted = typed(mission, need="Le besoin")
    save_request(mission, {"problem": "Le problème"}, actor=world.osim, version=1)
    as_role("osim").post(address(mission), posted)
    request = Request.objects.get(mission=mission)
    assert (request.need, request.problem) == ("Le besoin", "Le problème")


def test_answer_changed_by_another_survives_saving_again_from_the_same_page(
    as_role: AsRole, world: World
) -> None:
    mission = start(world)
    client, by_htmx = as_role("osim"), {"HX-Request": "true"}
    posted = typed(mission, need="Le besoin")
    save_request(mission, {"problem": "Le problème"}, actor=world.osim, version=1)
    state = client.post(address(mission), posted, headers=by_htmx).text
    hidden = re.search(r'name="seen" value="([^"]+)"', state)
    assert hidden is not None
    again = {**posted, "need": "Mieux dit", "version": "3", "seen": unescape(hidden.group(1))}
    client.post(address(mission), again, headers=by_htmx)
    request = Request.objects.get(mission=mission)
    assert (request.need, request.problem) == ("Mieux dit", "Le problème")
    clashing = {**again, "problem": "Le mien"}
    warned = client.post(address(mission), clashing, headers=by_htmx)
    assert "Enregistrez pour voir les deux textes" in warned.text
    assert Request.objects.get(mission=mission).problem == "Le problème"
    clash = client.post(address(mission), clashing)
    assert clash.status_code == 409


def test_whole_form_is_saved_and_submitted_with_a_receipt(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    answer = as_role("osim").post(
        address(mission), {**typed(mission, need="Mieux dit"), "submit": "1"}, follow=True
    )
    mission.refresh_from_db()
    assert mission.state == "submitted"
    assert f"sous le numéro {mission.reference}" in answer.text
    assert Request.objects.get(mission=mission).need == "Mieux dit"
    assert len(volets_of(mission)) == 1


def test_form_as_it_is_saved_changes_nothing(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    before = answers(mission)
    as_role("osim").post(address(mission), typed(mission))
    mission.refresh_from_db()
    assert digests(answers(mission)) == digests(before)
    assert Request.objects.get(mission=mission).version == 2


def test_submit_says_everything_that_lacks_at_once(as_role: AsRole, world: World) -> None:
    mission = start(world)
    posted = {**typed(mission, need="Un besoin"), "submit": "1"}
    page = as_role("osim").post(address(mission), posted, follow=True).text
    for words in ("le secteur (CAD)", "le problème à résoudre", "la zone de sécurité"):
        assert words in page
    mission.refresh_from_db()
    assert mission.state == "draft"
    assert Request.objects.get(mission=mission).need == "Un besoin"


def test_submitting_twice_leaves_one_submission(as_role: AsRole, world: World) -> None:
    mission = save_request(start(world), full_answers(), actor=world.osim, version=1)
    client, posted = as_role("osim"), {**typed(mission), "submit": "1"}
    for _ in range(2):
        client.post(address(mission), posted)
    assert mission.changes.filter(target="submitted").count() == 1


def test_saving_by_htmx_answers_what_lacks_and_the_next_version(
    as_role: AsRole, world: World
) -> None:
    mission = start(world)
    answer = as_role("osim").post(
        address(mission), typed(mission, need="Un besoin"), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert 'name="version" value="2"' in answer.text
    assert "<html" not in answer.text


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
    as_role("osim").post(address(mission), typed(mission, need="Un besoin"))
    assert "le besoin" not in mission.milestones.get(kind=Kind.REQUEST).missing
