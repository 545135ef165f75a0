from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from capitalisation.corpus.models import Circle, QuoteLevel, Text
from capitalisation.corpus.queries import reading_version
from capitalisation.reports.actions import (
    accept_report,
    add_deliverable,
    return_report,
    save_report,
    start_report,
    submit_report,
)
from capitalisation.reports.models import Deliverable, ReportState, ReturnReport
from explor.notifications.models import Notice
from explor.ui.errors import Refusal, Stale
from missions.lifecycle import Kind, State
from tests.capitalisation.reports.samples import make_report, objective_of, thin_data
from tests.factories import World


def test_a_mission_has_one_report(world: World) -> None:
    mission = world.mission(State.REPORT)
    first = start_report(mission, actor=world.volunteer)
    assert start_report(mission, actor=world.volunteer) == first
    assert ReturnReport.objects.count() == 1


@pytest.mark.parametrize("role", ["coordinator", "osim", "other_volunteer", "administrator"])
def test_only_the_volunteer_writes(world: World, role: str) -> None:
    mission = world.mission(State.REPORT)
    with pytest.raises(PermissionDenied):
        start_report(mission, actor=world.person(role))
    report = make_report(mission)
    with pytest.raises(PermissionDenied):
        save_report(report, {"story": "x"}, actor=world.person(role))
    with pytest.raises(PermissionDenied):
        submit_report(report, actor=world.person(role))


def test_a_draft_may_be_empty_and_keeps_what_is_not_mentioned(world: World) -> None:
    report = start_report(world.mission(State.FIELD), actor=world.volunteer)
    save_report(report, {"story": "Un début."}, actor=world.volunteer)
    saved = save_report(report, {"women": 0}, actor=world.volunteer)
    assert (saved.story, saved.women, saved.men, saved.version) == ("Un début.", 0, None, 3)


def test_submitting_names_everything_that_lacks_at_once(world: World) -> None:
    report = start_report(world.mission(State.REPORT), actor=world.volunteer)
    with pytest.raises(Refusal) as caught:
        submit_report(report, actor=world.volunteer)
    assert len(caught.value.messages) == 10
    for words in ("départ", "retour", "lieux", "incident", "objectif 1", "livrable", "0 sur 3"):
        assert words in caught.value.reason


def test_half_filled_lines_are_named(world: World) -> None:
    mission = world.mission(State.REPORT)
    report = make_report(
        mission,
        meetings=[{"institution": "Mairie", "level": "", "opened": []}],
        ties=[{"name": "Une coopérative", "kind": "", "event": "new"}],
        recommendations=[{"action": "Former", "who": "", "due": ""}],
    )
    with pytest.raises(Refusal) as caught:
        submit_report(report, actor=world.volunteer)
    assert "Mairie" in caught.value.reason
    assert "Une coopérative" in caught.value.reason
    assert "0 sur 3" in caught.value.reason


def test_the_thinnest_complete_report_is_filed_and_told(world: World) -> None:
    report = submit_report(make_report(world.mission(State.REPORT)), actor=world.volunteer)
    assert report.state == ReportState.SUBMITTED
    assert Notice.objects.get().recipient == world.coordinator
    with pytest.raises(Refusal, match="ne se modifie plus"):
        save_report(report, {"story": "x"}, actor=world.volunteer)


def test_a_stale_save_is_refused(world: World) -> None:
    report = make_report(world.mission(State.REPORT))
    with pytest.raises(Stale) as caught:
        save_report(report, {"story": "Autre"}, actor=world.volunteer, version=1)
    assert caught.value.version == report.version
    report.refresh_from_db()
    assert report.story == "Huit jours d’atelier."


def test_dates_in_the_wrong_order_are_refused(world: World) -> None:
    report = start_report(world.mission(State.REPORT), actor=None)
    with pytest.raises(Refusal, match="avant le départ"):
        save_report(
            report,
            {"departed_on": date(2026, 3, 9), "returned_on": date(2026, 3, 2)},
            actor=None,
        )


def test_an_objective_of_another_mission_is_refused(world: World) -> None:
    other = objective_of(world.mission(State.REPORT))
    report = start_report(world.mission(State.REPORT), actor=None)
    with pytest.raises(Refusal, match="objectif"):
        save_report(report, {"results": [{"objective": other.pk}]}, actor=None)


def test_a_refused_file_keeps_nothing_of_itself(world: World) -> None:
    report = start_report(world.mission(State.REPORT), actor=None)
    bad = SimpleUploadedFile("virus.exe", b"MZ\x90\x00")
    with pytest.raises(Refusal):
        add_deliverable(report, title="Programme", upload=bad, actor=world.volunteer)
    assert not Deliverable.objects.exists()


def test_a_deliverable_sent_twice_is_one(world: World) -> None:
    report = start_report(world.mission(State.REPORT), actor=None)
    for _ in range(2):
        add_deliverable(report, title="Guide", upload=b"Bonjour", name="g.txt", actor=None)
    assert Deliverable.objects.count() == 1


def test_returning_needs_a_reason_and_reopens(world: World) -> None:
    report = make_report(world.mission(State.REPORT), "submitted")
    Notice.objects.all().delete()
    with pytest.raises(Refusal, match="compléter"):
        return_report(report, because=" ", actor=world.coordinator)
    report = return_report(report, because="Précisez le public.", actor=world.coordinator)
    assert report.state == ReportState.RETURNED
    notice = Notice.objects.get()
    assert (notice.recipient, "Précisez" in notice.text) == (world.volunteer, True)
    assert save_report(report, {"women": 8}, actor=world.volunteer).women == 8


@pytest.mark.parametrize("role", ["volunteer", "osim", "other_coordinator", "researcher"])
def test_only_the_territory_s_coordination_reviews(world: World, role: str) -> None:
    report = make_report(world.mission(State.REPORT), "submitted")
    with pytest.raises(PermissionDenied):
        accept_report(report, actor=world.person(role))
    with pytest.raises(PermissionDenied):
        return_report(report, because="x", actor=world.person(role))


def test_a_draft_cannot_be_accepted(world: World) -> None:
    report = make_report(world.mission(State.REPORT))
    with pytest.raises(Refusal, match="relecture"):
        accept_report(report, actor=world.coordinator)


def test_acceptance_gives_the_dossier_its_dates_outcomes_and_milestones(world: World) -> None:
    mission = world.mission(State.REPORT)
    accept_report(make_report(mission, "submitted"), actor=world.coordinator)
    mission.refresh_from_db()
    assert (mission.departs_on, mission.returns_on) == (date(2026, 3, 2), date(2026, 3, 9))
    objective = objective_of(mission)
    assert (objective.outcome, objective.outcome_why) == ("partly", "Le temps a manqué.")
    assert list(objective.achievements.values_list("text", flat=True)) == [
        "Douze personnes formées",
        "Un guide écrit",
    ]
    kinds = [Kind.FLASH_REPORT, Kind.FULL_REPORT]
    assert mission.milestones.filter(kind__in=kinds, done_on__isnull=False).count() == 2
    told = set(Notice.objects.filter(event="report_accepted").values_list("recipient", flat=True))
    assert told == {world.volunteer.pk, world.osim.pk}


def test_an_accepted_report_joins_the_corpus_but_may_not_be_quoted(world: World) -> None:
    report = make_report(world.mission(State.REPORT), "accepted")
    text = Text.objects.get()
    assert text.source == f"report:{report.uuid}"
    assert (text.quote_level, text.circle) == (QuoteLevel.NONE, Circle.TEAM)
    questions = list(reading_version(text).blocks.values_list("question", flat=True))
    assert questions == [
        "Objectif : Former l’équipe de l’atelier.",
        "Déroulé de la mission",
        "Constats",
        "Suites à donner",
        "Recommandations",
    ]


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("volunteer", True, True),
        ("coordinator", True, True),
        ("researcher", True, True),
        ("osim", False, True),
        ("committee", False, True),
        ("administrator", False, True),
        ("other_volunteer", False, False),
        ("other_osim", False, False),
        ("stranger", False, False),
    ],
)
def test_who_reads_a_report_before_and_after_acceptance(
    world: World, role: str, before: bool, after: bool
) -> None:
    report = make_report(world.mission(State.REPORT), "submitted")
    person = world.person(role)
    assert person.has_perm("capitalisation.view_report", report) is before
    report = accept_report(report, actor=None)
    assert person.has_perm("capitalisation.view_report", report) is after


def test_a_list_given_replaces_the_one_before(world: World) -> None:
    mission = world.mission(State.REPORT)
    report = save_report(start_report(mission, actor=None), thin_data(mission), actor=None)
    assert report.recommendations.count() == 3
    again = save_report(report, {"recommendations": []}, actor=None)
    assert again.recommendations.count() == 0


def test_a_tie_written_again_keeps_its_organisation(world: World) -> None:
    tie = {"name": "Partenaire", "kind": "local", "event": "new"}
    report = make_report(
        world.mission(State.REPORT), ties=[{**tie, "organisation": world.local_partner}]
    )
    save_report(report, {"ties": [{**tie, "event": "formalised"}]}, actor=None)
    kept = report.ties.get()
    assert (kept.organisation, kept.event) == (world.local_partner, "formalised")
