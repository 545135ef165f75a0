"""The booklet, read in its finished PDF."""

import os
from pathlib import Path

import pytest

from capitalisation.analysis.models import FocusKind
from capitalisation.publications.documents import build_booklet
from capitalisation.publications.queries import latest_booklet
from tests.capitalisation.story import Story
from tests.pdf import check_pdf


def quiet(percent: int, step: str) -> None:
    """Nobody is waiting."""


def test_booklet_is_a_tagged_document_of_sixteen_pages(story: Story) -> None:
    for place in range(4):
        story.hear(f"Nous avons adapté les documents, entretien {place}.")
    story.practise(story.excerpts[0])
    for number, kind in enumerate(FocusKind.values, start=1):
        story.focus(*story.excerpts[:2], kind=kind, number=number)
    data = build_booklet(latest_booklet(story.world.programme), quiet)
    if "KEEP" in os.environ:
        Path(os.environ["KEEP"]).write_bytes(data)
    report = check_pdf(data)
    assert report.problems == []
    assert report.pages >= 16
