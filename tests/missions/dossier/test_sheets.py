"""Public sheets: second reader, numbers, joint missions, paper."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.ui.errors import Refusal
from missions import lifecycle
from missions.dossier.actions import approve_sheet, propose_sheet, set_components
from missions.dossier.models import Mission, SheetState
from missions.dossier.sheet_actions import return_sheet
from missions.dossier.sheets import sheet_numbers, sheet_of, sheets
from tests.factories import World, engage
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]
S = lifecycle.State


def publish(mission: Mission) -> Mission:
    propose_sheet(mission, summary="Ce que la mission a changé.", actor=None)
    return approve_sheet(mission, actor=None)


def test_sheet_is_public_once_a_second_person_approves(world: World, client: Client) -> None:
    mission = world.mission(S.CAPITALISATION)
    address = reverse("sheet", args=[mission.reference])
    propose_sheet(mission, summary="Résumé relu.", actor=world.researcher)
    assert client.get(address).status_code == 404
    approve_sheet(mission, actor=world.coordinator)
    response = client.get(address)
    assert response.status_code == 200
    assert "Résumé relu." in response.content.decode()
    public = mission.milestones.get(kind=lifecycle.Kind.PUBLIC_SHEET)
    assert public.is_settled


def test_sheet_is_not_approved_by_who_proposed_it(world: World) -> None:
    mission = world.mission(S.CAPITALISATION)
    propose_sheet(mission, summary="Résumé.", actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        approve_sheet(mission, actor=world.coordinator)


@pytest.mark.parametrize("role", ["osim", "volunteer", "committee"])
def test_sheet_page_is_for_the_team(world: World, as_role: AsRole, role: str) -> None:
    mission = world.mission(S.CAPITALISATION)
    address = reverse("mission_sheet", args=[mission.reference])
    assert as_role(role).get(address).status_code == 404
    assert as_role("coordinator").get(address).status_code == 200


def test_sheet_page_proposes_then_approves(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.CAPITALISATION)
    address = reverse("mission_sheet", args=[mission.reference])
    as_role("coordinator").post(address, {"summary": "Deux phrases simples."})
    mission.refresh_from_db()
    assert (mission.sheet_state, mission.summary) == ("proposed", "Deux phrases simples.")
    approve = reverse("sheet_approve", args=[mission.reference])
    assert as_role("coordinator").post(approve).status_code == 403
    assert as_role("researcher").post(approve).status_code == 302
    mission.refresh_from_db()
    assert mission.sheet_state == SheetState.APPROVED


def test_sheet_page_keeps_a_text_that_is_too_long(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.CAPITALISATION)
    words = "mot " * 600
    response = as_role("coordinator").post(
        reverse("mission_sheet", args=[mission.reference]), {"summary": words}
    )
    assert words.strip() in response.content.decode()
    mission.refresh_from_db()
    assert mission.sheet_state == SheetState.NONE


def test_propose_sheet_without_text_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="Écrivez le résumé"):
        propose_sheet(world.mission(S.CAPITALISATION), summary=" ", actor=None)


def test_joint_missions_share_a_sheet_and_keep_their_numbers(world: World, client: Client) -> None:
    second, first, third = (
        world.mission(S.CLOSED, departs_on=date(2022, month, 1), returns_on=date(2022, month, 8))
        for month in (5, 3, 9)
    )
    second.joint_with = first
    second.save(update_fields=["joint_with"])
    engage(second, world.other_volunteer)
    publish(first)
    publish(third)
    assert sheet_numbers(world.programme) == {
        first.reference: 1,
        second.reference: 2,
        third.reference: 3,
    }
    found = sheets(world.programme)
    assert [sheet.heading for sheet in found] == ["Missions 1 et 2", "Mission 3"]
    assert (found[0].duration, found[0].home_structures) == (8, ("Structure Exemple",))
    assert len(found[0].components) == 1
    response = client.get(reverse("sheet", args=[second.reference]))
    assert response["Location"] == reverse("sheet", args=[first.reference])
    assert second.milestones.get(kind=lifecycle.Kind.PUBLIC_SHEET).is_settled


def test_sheets_keep_to_a_territory_and_years(world: World) -> None:
    here = publish(world.mission(S.CLOSED, departs_on=date(2022, 3, 1)))
    publish(world.mission(S.CLOSED, departs_on=date(2023, 3, 1)))
    there = world.mission(S.CLOSED, departs_on=date(2022, 6, 1), territory=world.other_territory)
    publish(there)
    found = sheets(world.programme, world.territory, years=[2022])
    assert [sheet.reference for sheet in found] == [here.reference]


def test_sheet_lists_objectives_beside_achievements(world: World) -> None:
    mission = world.mission(S.CLOSED)
    pairs = sheet_of(mission).components[0].pairs
    assert [(pair.left, pair.right) for pair in pairs] == [
        ("Former l’équipe de l’atelier.", "Douze personnes formées.")
    ]


def test_sheet_pdf_is_accessible_and_says_what_it_must(world: World, client: Client) -> None:
    with clock.at(date(2026, 3, 2)):
        mission = publish(
            world.mission(
                S.CLOSED,
                departs_on=date(2022, 3, 1),
                returns_on=date(2022, 3, 8),
                latitude=6.4,
                longitude=2.0,
            )
        )
    response = client.get(reverse("sheet_pdf", args=[mission.reference]))
    report = check_pdf(response.content)
    assert report.problems == []
    for words in ("Association Exemple Une", "Partenaire Exemple", "Structure Exemple", "8 jours"):
        assert words in report.text
    assert "Douze personnes formées." in report.text
    assert report.figures == ["Carte : Bénin, Kpomassé"]
    again = client.get(
        reverse("sheet_pdf", args=[mission.reference]), headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


def test_sheet_pdf_of_an_unpublished_mission_is_not_found(world: World, client: Client) -> None:
    mission = world.mission(S.CLOSED)
    assert client.get(reverse("sheet_pdf", args=[mission.reference])).status_code == 404


@pytest.mark.parametrize(
    "route", ["home", "sheet_list", "propose_mission", "become_volunteer", "resources"]
)
def test_public_pages_open_to_anyone(world: World, client: Client, route: str) -> None:
    mission = publish(world.mission(S.CLOSED, latitude=6.4, longitude=2.0))
    response = client.get(reverse(route))
    assert response.status_code == 200
    assert (mission.title in response.content.decode()) == (route in {"home", "sheet_list"})


def test_sheet_list_filters_by_country_type_and_goal(world: World, client: Client) -> None:
    shown, hidden = world.mission(S.CLOSED), world.mission(S.CLOSED, country="CG")
    shown.project.sdgs = [14]
    shown.project.save(update_fields=["sdgs"])
    for mission in (shown, hidden):
        publish(mission)
    for query in ("pays=BJ", "odd=14", "pays=BJ&type=training", f"q={shown.reference}"):
        page = client.get(f"{reverse('sheet_list')}?{query}").content.decode()
        assert shown.title in page
        assert hidden.title not in page
    page = client.get(f"{reverse('sheet_list')}?type=installation").content.decode()
    assert "Aucune fiche ne correspond" in page


def test_sheet_list_costs_the_same_with_many_sheets(world: World, client: Client) -> None:
    counts = []
    for total in (1, 3, 40):
        for _ in range(total - Mission.objects.count()):
            publish(world.mission(S.CLOSED, latitude=6.4, longitude=2.0, token=uuid4()))
        counts.append(_queries(client, reverse("sheet_list")))
    assert counts[0] == counts[1] == counts[2] <= 12


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def rewrite_title(mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(title="Un autre titre", summary="Autre résumé.")


def rewrite_place(mission: Mission) -> None:
    Mission.objects.filter(pk=mission.pk).update(country="SN", place="Un autre titre")


def rewrite_components(mission: Mission) -> None:
    set_components(mission, [("Un autre titre", "diagnostic", ["Autre but"])], actor=None)


def rename_holder(mission: Mission) -> None:
    mission.project.holder.name = mission.project.holder.acronym = "Un autre titre"
    mission.project.holder.save()


@pytest.mark.parametrize(
    "change", [rewrite_title, rewrite_place, rewrite_components, rename_holder]
)
def test_public_pages_show_what_was_read_until_it_is_read_again(
    world: World, client: Client, as_role: AsRole, change: Callable[[Mission], None]
) -> None:
    mission = world.mission(S.CAPITALISATION, country="BJ", place="Ouidah")
    publish(mission)
    addresses = [
        reverse("sheet", args=[mission.reference]),
        reverse("sheet_list"),
        reverse("home"),
    ]
    change(mission)
    for address in addresses:
        page = client.get(address).content.decode()
        assert mission.title in page
        assert "Un autre titre" not in page
    inside = reverse("mission_sheet", args=[mission.reference])
    page = as_role("coordinator").get(inside).content.decode()
    assert "La mission a changé depuis" in page
    return_sheet(mission, because="À jour.", actor=world.coordinator)
    assert client.get(addresses[0]).status_code == 404
    publish(mission)
    assert "Un autre titre" in client.get(addresses[0]).content.decode()


def test_sheet_is_approved_as_it_was_read(world: World, as_role: AsRole) -> None:
    mission = world.mission(S.CAPITALISATION)
    propose_sheet(mission, summary="Résumé.", actor=world.researcher)
    page = as_role("coordinator").get(reverse("mission_sheet", args=[mission.reference]))
    read = page.context["read"]["read"]
    assert read in page.content.decode()
    Mission.objects.filter(pk=mission.pk).update(title="Un autre titre")
    approve = reverse("sheet_approve", args=[mission.reference])
    as_role("coordinator").post(approve, {"read": read})
    assert Mission.objects.get(pk=mission.pk).sheet_state == SheetState.PROPOSED


def test_sheet_is_taken_back_with_a_reason_by_the_team(world: World) -> None:
    mission = publish(world.mission(S.CAPITALISATION))
    with pytest.raises(Refusal, match="à reprendre"):
        return_sheet(mission, because=" ", actor=world.coordinator)
    with pytest.raises(PermissionDenied):
        return_sheet(mission, because="Non.", actor=world.osim)
    return_sheet(mission, because="Un nom de trop.", actor=world.coordinator)
    with pytest.raises(Refusal, match="Aucune fiche"):
        return_sheet(mission, because="Encore.", actor=world.coordinator)
