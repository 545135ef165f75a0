"""The booklet, read in its finished PDF."""

from pathlib import Path

import pytest
from django.core.management import call_command

from capitalisation.analysis.models import FocusKind
from capitalisation.interviews.actions import delete_interview
from tests.capitalisation.story import Story
from tests.pdf import PdfReport, check_pdf

pytestmark = pytest.mark.slow


def printed(tmp_path: Path) -> PdfReport:
    output = tmp_path / "livret.pdf"
    call_command("booklet", programme="explor", output=output)
    return check_pdf(output.read_bytes())


def test_booklet_is_a_tagged_document_whose_figures_follow_the_data(
    story: Story, tmp_path: Path
) -> None:
    for place in range(3):
        story.hear(f"Nous avons adapté le document {place}.")
    secret = story.hear("Ne me citez jamais.", level="none")
    story.practise(*story.excerpts)
    for number, kind in enumerate(FocusKind.values, start=1):
        story.focus(*story.excerpts, kind=kind, number=number)
    report = printed(tmp_path)
    assert report.problems == []
    assert report.pages >= 16
    words = " ".join(report.text.split())
    assert "Conserver les tomates" in words
    assert "Nous avons adapté le document 0." in words
    assert "Ne me citez jamais." not in words
    assert "sur 4 entretiens" in words
    delete_interview(secret, actor=None, because="À la demande de la personne.")
    again = " ".join(printed(tmp_path).text.split())
    assert "sur 4 entretiens" not in again
    assert "sur 3 entretiens" in again
