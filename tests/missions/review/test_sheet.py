"""« Fiche d’instruction »: a PDF that machines and people can read, frozen when it leaves."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch
from uuid import uuid4

import pikepdf
import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from explor import clock
from explor.documents.models import StoredFile
from explor.documents.pdf import print_html
from missions.dossier.actions import advance
from missions.dossier.models import Mission
from missions.review.actions import add_note, save_review
from missions.review.models import Point, ReviewSheet
from missions.review.opinion_actions import give_opinion
from missions.review.queries import check_key, why_key
from missions.review.roll_actions import declare_conflict
from missions.review.sheet_actions import print_sheet, sheet_html
from missions.review.tasks import hand_over_sheets, print_review_sheet
from tests.factories import World
from tests.missions.review.samples import FULL
from tests.missions.review.test_corrections import ask as ask_correction
from tests.missions.review.test_corrections import filled
from tests.missions.review.test_opinions import ask
from tests.pdf import check_pdf

AsRole = Callable[[str], Client]


def sent(world: World) -> Mission:
    """A request at the committee, with an opinion given and a note nobody outside may read."""
    mission = filled(world)
    save_review(mission, {**FULL, "impact_why": "Trente familles"}, actor=world.coordinator)
    (row,) = ask(mission, world, world.other_coordinator)
    text = "Tenable si le lieu est prêt."
    give_opinion(row, verdict="reserved", text=text, actor=world.other_coordinator)
    add_note(mission, text="Note secrète", actor=world.coordinator, token=uuid4())
    return advance(mission, "send_to_committee", actor=world.coordinator)


def test_sheet_says_everything_the_committee_needs(world: World) -> None:
    mission = sent(world)
    report = check_pdf(print_html(ReviewSheet.objects.get().html))
    assert report.problems == []
    assert mission.reference in report.title
    words = " ".join(report.text.split())
    for said in (
        "18 / 24",
        "Besoin clair, équipe solide.",
        "Jaune",
        "1 000,00",
        "Trente familles",
        "Tenable si le lieu est prêt.",
        "Aucun lien",
        "Former l’équipe",
    ):
        assert said in words.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Note secrète" not in words and "06 00 00 00 00" not in words


def test_summary_holds_on_the_first_page(world: World) -> None:
    """However long the words: the second page begins with the request."""
    mission = filled(world)
    why = {check_key(point): "waived" for point in Point.values}
    why |= {why_key(check_key(point)): "Parce que. " * 40 for point in Point.values}
    data = FULL | why | {"recommendation_why": "Un motif très long. " * 200}
    save_review(mission, data, actor=world.coordinator)
    (row,) = ask(mission, world)
    give_opinion(row, verdict="favourable", text="Long. " * 200, actor=world.committee)
    with pikepdf.open(BytesIO(print_html(sheet_html(mission)))) as pdf:
        with pdf.open_outline() as outline:
            entries = list(outline.root[0].children)
        number = {page.objgen: n for n, page in enumerate(pdf.pages, start=1)}
        parts = {entry.title: number[entry.destination[0].objgen] for entry in entries}
        assert (parts["La grille en bref"], parts["La demande"]) == (1, 2)


def test_draft_says_that_it_may_change(world: World) -> None:
    html = sheet_html(filled(world))
    assert "cette fiche peut encore changer" in html
    assert "pas encore de recommandation" in html


def test_sheet_is_frozen_with_the_request_and_never_rewritten(world: World) -> None:
    mission = sent(world)
    sheet = ReviewSheet.objects.get()
    before = sheet.html
    Mission.objects.filter(pk=mission.pk).update(title="Un autre titre")
    file = print_sheet(sheet)
    with file.file.open() as stored:
        content = stored.read()
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert ReviewSheet.objects.get().html == before
    sheet.refresh_from_db()
    sheet.html = "autre chose"
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        sheet.save()


def test_sheet_printed_twice_is_one_file(world: World) -> None:
    sent(world)
    for _ in range(2):
        print_review_sheet(ReviewSheet.objects.get().pk)
    assert StoredFile.objects.count() == 1


def test_request_sent_back_makes_a_second_sheet(world: World) -> None:
    mission = sent(world)
    advance(mission, "back_to_review", actor=world.committee, reason="Le calendrier")
    advance(mission, "send_to_committee", actor=world.coordinator)
    assert list(ReviewSheet.objects.values_list("number", flat=True)) == [2, 1]


def test_sheet_opens_to_the_team_and_closes_with_a_tie(as_role: AsRole, world: World) -> None:
    mission = sent(world)
    url = reverse("review_sheet_frozen", args=[mission.reference, 1])
    client = as_role("committee")
    stored = StoredFile.objects.count()
    assert client.get(url).content[:5] == b"%PDF-"
    assert StoredFile.objects.count() == stored
    print_sheet(ReviewSheet.objects.get())
    file = client.get(url).headers["Location"]
    assert b"".join(client.get(file))[:5] == b"%PDF-"
    for role in ("osim", "researcher", "volunteer"):
        assert as_role(role).get(url).status_code == 404
        assert as_role(role).get(file).status_code == 404
    declare_conflict(mission, person=world.committee, nature="Ma sœur", actor=world.committee)
    assert client.get(url).status_code == 404
    assert client.get(file).status_code == 404


def test_sheet_counts_the_time_the_association_took(world: World) -> None:
    mission = filled(world)
    ask_correction(mission, world)
    html = sheet_html(mission)
    assert "Combien de personnes" in html and "moins d’un jour" in html


def test_sheet_whose_message_was_lost_is_handed_over_again(world: World) -> None:
    sent(world)
    with patch("explor.handing.current_app") as broker:
        assert hand_over_sheets() == 0
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert hand_over_sheets() == 1
        print_sheet(ReviewSheet.objects.get())
        with clock.at(clock.now() + timedelta(minutes=2)):
            assert hand_over_sheets() == 0
    assert broker.send_task.call_count == 1
