from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from capitalisation.reports.models import ReportState, ReturnReport
from missions.dossier.models import Mission
from missions.lifecycle import State
from tests.capitalisation.reports.samples import make_report, objective_of
from tests.factories import World

As = Callable[[str], Client]
PREFIXES = ("recommendations", "meetings", "ties", "deliverables")


def address(mission: Mission, name: str = "mission_report") -> str:
    return reverse(name, args=[mission.reference])


def posted(mission: Mission, **fields: Any) -> dict[str, Any]:
    """What the browser sends for a report with one recommendation and one deliverable."""
    data: dict[str, Any] = {"version": 1}
    for prefix in PREFIXES:
        data |= {f"{prefix}-TOTAL_FORMS": 3, f"{prefix}-INITIAL_FORMS": 0}
    key = f"objectif-{objective_of(mission).pk}"
    data |= {
        "story": "Huit jours.",
        f"{key}-outcome": "reached",
        f"{key}-why": "Tout y était.",
        f"{key}-achievements": "Une formation",
        "recommendations-0-action": "Former",
        "deliverables-0-title": "Guide",
    }
    return {**data, **fields}


def test_the_volunteer_saves_a_draft_with_nothing_required(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    answer = as_role("volunteer").post(address(mission), posted(mission), follow=True)
    report = ReturnReport.objects.get()
    assert (report.story, report.state) == ("Huit jours.", ReportState.DRAFT)
    assert report.results.get().outcome == "reached"
    assert report.recommendations.get().action == "Former"
    assert report.deliverables.get().title == "Guide"
    assert "Il manque encore" in answer.content.decode()


def test_an_invalid_value_keeps_everything_typed(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    data = posted(mission, departed_on="bientôt", women="beaucoup")
    answer = as_role("volunteer").post(address(mission), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Huit jours.", "Former", "Tout y était.", "Guide"):
        assert words in page
    assert not ReturnReport.objects.filter(story="Huit jours.").exists()


def test_one_bad_file_never_blocks_the_rest(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    data = posted(mission)
    data["deliverables-0-upload"] = SimpleUploadedFile("virus.exe", b"MZ\x90\x00")
    data["deliverables-1-title"] = "Fiche"
    data["deliverables-1-upload"] = SimpleUploadedFile("fiche.txt", "Été".encode())
    answer = as_role("volunteer").post(address(mission), data, follow=True)
    report = ReturnReport.objects.get()
    kept = {row.title: bool(row.file_id) for row in report.deliverables.all()}
    assert kept == {"Guide": False, "Fiche": True}
    assert report.story == "Huit jours."
    assert "virus.exe" in answer.content.decode()


def test_sending_the_same_form_twice_writes_once(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    client = as_role("volunteer")
    for _ in range(2):
        assert client.post(address(mission), posted(mission)).status_code == 302
    report = ReturnReport.objects.get()
    assert report.deliverables.count() == report.recommendations.count() == 1


def test_a_stale_form_shows_both_texts_and_overwrites_nothing(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    client = as_role("volunteer")
    client.post(address(mission), posted(mission))
    answer = client.post(address(mission), posted(mission, story="Neuf jours."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Huit" in page
    assert "Neuf jours." in page
    assert ReturnReport.objects.get().story == "Huit jours."
    client.post(address(mission), posted(mission, story="Neuf jours.", version=2))
    assert ReturnReport.objects.get().story == "Neuf jours."


def test_submitting_too_early_saves_and_says_all_that_lacks(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    answer = as_role("volunteer").post(address(mission), posted(mission, submit="1"), follow=True)
    report = ReturnReport.objects.get()
    assert (report.story, report.state) == ("Huit jours.", ReportState.DRAFT)
    assert "trois recommandations complètes" in answer.content.decode()


def test_the_coordination_returns_then_accepts(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    make_report(mission, "submitted")
    client = as_role("coordinator")
    assert "Accepter le rapport" in client.get(address(mission)).content.decode()
    client.post(address(mission, "mission_report_return"), {"reason": "Précisez."})
    assert ReturnReport.objects.get().state == ReportState.RETURNED
    page = as_role("volunteer").get(address(mission)).content.decode()
    assert "Précisez." in page
    data = {"version": 4, "submit": "1"}
    ReturnReport.objects.update(state=ReportState.SUBMITTED)
    client.post(address(mission, "mission_report_accept"), data)
    assert ReturnReport.objects.get().state == ReportState.ACCEPTED


@pytest.mark.parametrize("role", ["volunteer", "osim", "researcher", "other_coordinator"])
@pytest.mark.parametrize("name", ["mission_report_return", "mission_report_accept"])
def test_others_cannot_review(world: World, as_role: As, role: str, name: str) -> None:
    mission = world.mission(State.REPORT)
    make_report(mission, "submitted")
    assert as_role(role).post(address(mission, name), {"reason": "x"}).status_code == 404
    assert ReturnReport.objects.get().state == ReportState.SUBMITTED


@pytest.mark.parametrize("role", ["other_volunteer", "other_osim", "stranger"])
def test_strangers_find_no_report(world: World, as_role: As, role: str) -> None:
    mission = world.mission(State.REPORT)
    make_report(mission, "accepted")
    assert as_role(role).get(address(mission)).status_code == 404


def test_the_association_reads_only_what_is_accepted(world: World, as_role: As) -> None:
    mission = world.mission(State.REPORT)
    report = make_report(mission, "submitted")
    client = as_role("osim")
    assert "Huit jours" not in client.get(address(mission)).content.decode()
    assert client.post(address(mission), {}).status_code == 404
    ReturnReport.objects.filter(pk=report.pk).update(state=ReportState.ACCEPTED)
    assert "Huit jours" in client.get(address(mission)).content.decode()


@pytest.mark.parametrize("role", ["volunteer", "coordinator"])
def test_the_page_asks_at_most_twelve_queries_whatever_its_rows(
    world: World, as_role: As, role: str, django_assert_max_num_queries: Any
) -> None:
    mission = world.mission(State.REPORT)
    make_report(
        mission,
        "draft" if role == "volunteer" else "submitted",
        meetings=[
            {"institution": f"Mairie {n}", "level": "local", "opened": ["permit"]}
            for n in range(30)
        ],
    )
    client = as_role(role)
    client.get(address(mission))
    with django_assert_max_num_queries(12):
        page = client.get(address(mission)).content.decode()
    assert "Mairie 29" in page
