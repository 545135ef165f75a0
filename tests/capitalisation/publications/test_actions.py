"""From the draft of a booklet to the public PDF, and what stops it."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.interviews.actions import withdraw_consent
from capitalisation.publications import actions
from capitalisation.publications.content import compose
from capitalisation.publications.documents import build_booklet
from capitalisation.publications.models import Booklet, BookletState, SectionKind
from capitalisation.publications.queries import latest_booklet
from capitalisation.publications.scope import Scope, method_of
from explor.ui.errors import Refusal, Stale
from tests.capitalisation.story import Story


def quiet(percent: int, step: str) -> None:
    """Nobody is waiting."""


def draft(story: Story, role: str = "researcher") -> Booklet:
    return actions.create_booklet(
        story.world.programme,
        title="Regards croisés",
        actor=story.world.person(role),
        token=uuid4(),
    )


def proposed(story: Story) -> Booklet:
    booklet = draft(story)
    actions.attach_pdf(booklet, b"%PDF-1.7 essai", actor=story.world.researcher)
    return actions.propose_booklet(booklet, actor=story.world.researcher)


def test_booklet_starts_with_every_section_once(story: Story) -> None:
    token = uuid4()
    made = [
        actions.create_booklet(
            story.world.programme, title="Livret", actor=story.world.researcher, token=token
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert list(made[0].sections.values_list("kind", flat=True)) == list(SectionKind.values)


@pytest.mark.parametrize("role", ["osim", "volunteer", "committee", "administrator", "stranger"])
def test_booklet_is_not_started_by(story: Story, role: str) -> None:
    with pytest.raises(PermissionDenied):
        draft(story, role)


def test_booklet_comes_out_after_a_second_reading(story: Story) -> None:
    booklet = proposed(story)
    with pytest.raises(PermissionDenied):
        actions.approve_booklet(booklet, actor=story.world.researcher)
    booklet = actions.approve_booklet(booklet, actor=story.world.administrator)
    assert booklet.state == BookletState.PUBLISHED
    assert booklet.file is not None
    assert booklet.file.public


def test_booklet_is_not_proposed_without_its_pdf(story: Story) -> None:
    with pytest.raises(Refusal, match="Fabriquez d’abord le PDF"):
        actions.propose_booklet(draft(story), actor=story.world.researcher)


def test_consent_withdrawn_since_the_pdf_stops_the_publication(story: Story) -> None:
    interview = story.hear("Une parole.")
    booklet = proposed(story)
    withdraw_consent(interview, actor=None)
    with pytest.raises(Refusal, match="consentement a été retiré"):
        actions.approve_booklet(booklet, actor=story.world.administrator)


def test_published_booklet_is_not_written_again_but_taken_back(story: Story) -> None:
    booklet = actions.approve_booklet(proposed(story), actor=story.world.administrator)
    file = booklet.file
    assert file is not None
    with pytest.raises(Refusal, match="est paru"):
        actions.save_booklet(booklet, {"title": "Autre"}, actor=story.world.researcher)
    actions.return_booklet(booklet, because="Une erreur.", actor=story.world.researcher)
    file.refresh_from_db()
    assert not file.public


def test_stale_booklet_is_not_saved(story: Story) -> None:
    booklet = draft(story)
    actions.save_booklet(booklet, {"title": "Un"}, actor=story.world.researcher, version=1)
    with pytest.raises(Stale):
        actions.save_booklet(booklet, {"title": "Deux"}, actor=story.world.coordinator, version=1)
    booklet.refresh_from_db()
    assert booklet.title == "Un"


def test_booklet_without_section_or_without_sheet_says_why(story: Story) -> None:
    booklet = draft(story)
    off = {kind: {"included": False} for kind in SectionKind.values}
    booklet = actions.save_booklet(booklet, {"sections": off}, actor=story.world.researcher)
    with pytest.raises(Refusal, match="aucune partie"):
        build_booklet(booklet, quiet)
    empty = Booklet(programme=story.world.programme, title="Vide", slug="vide", years=[1999])
    with pytest.raises(Refusal, match="Aucune fiche de mission"):
        build_booklet(empty, quiet)


def test_method_counts_what_is_there_now(story: Story) -> None:
    first = story.hear("Première parole.", moment="before", audience="osim")
    story.hear("Seconde parole.")
    scope = Scope(story.world.programme)
    assert method_of(scope).interview_count == 2
    withdraw_consent(first, actor=None)
    method = method_of(scope)
    assert [(row.volunteers, row.associations) for row in method.interviews] == [(0, 0), (1, 0)]
    assert method.passages == 1


def test_only_words_given_to_the_public_are_composed(story: Story) -> None:
    story.hear("Parole pour tout le monde.", example=True)
    story.hear("Parole pour l’équipe.", circle="team")
    story.hear("Parole à ne pas citer.", level="none")
    gone = story.hear("Parole retirée.")
    story.practise(*story.excerpts)
    story.focus(*story.excerpts)
    withdraw_consent(gone, actor=None)
    edition = compose(latest_booklet(story.world.programme), quiet)
    data = {part.kind: part.data for part in edition.parts}
    spread = data["focuses"]["spreads"][0]
    assert [(quote.text, quote.is_example) for quote in spread.quotes] == [
        ("Parole pour tout le monde.", True)
    ]
    assert data["practices"]["pages"][0].quote.text == "Parole pour tout le monde."


def test_small_cells_are_not_printed(story: Story) -> None:
    for place in range(3):
        story.hear(f"Parole {place}.", code=story.codes[0])
    story.hear("Parole d’avant.", code=story.codes[0], moment="before")
    story.hear("Parole seule.", code=story.codes[1])
    edition = compose(latest_booklet(story.world.programme), quiet)
    tables = next(part for part in edition.parts if part.kind == "matrix").data["tables"]
    rows = {
        row.label: [(cell.text, cell.step is None) for cell in row.cells] for row in tables[1].rows
    }
    assert rows["Livrables adaptés"] == [("", True), ("3", False)]
    assert "Appui poursuivi" not in rows
