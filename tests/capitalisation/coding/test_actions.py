import pytest
from django.core.exceptions import PermissionDenied

from capitalisation.coding.actions import StaleText, remove_coding, save_code
from capitalisation.coding.models import Coding, Excerpt
from capitalisation.corpus.actions import withdraw_text
from capitalisation.corpus.queries import reading_version
from explor.journal.models import Entry
from explor.ui.errors import Refusal
from tests.capitalisation.coding.samples import BODY, code_words, make_codebook, make_text
from tests.factories import World


def test_passage_keeps_quote_and_surroundings_past_an_emoji(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    coding = code_words(text, "plaquer une méthode", codes["fear"], world.researcher)
    excerpt = coding.excerpt
    assert (excerpt.quote, BODY[excerpt.start : excerpt.end]) == ("plaquer une méthode",) * 2
    assert excerpt.prefix.endswith("😀 de ")
    assert Entry.objects.filter(verb="capitalisation.code", actor=world.researcher).count() == 1


def test_first_coding_freezes_the_version(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    assert reading_version(text).frozen_at is None
    code_words(text, "peur", codes["fear"])
    assert reading_version(text).frozen_at is not None


def test_same_coding_twice_is_one_row(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    first = code_words(text, "peur", codes["fear"], world.researcher)
    assert code_words(text, "peur", codes["fear"], world.researcher) == first
    assert (Coding.objects.count(), Excerpt.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "changes", [{"quote": "autre"}, {"sha256": "0" * 64}, {"start": 0}], ids=str
)
def test_stale_selection_is_refused(world: World, changes: dict[str, object]) -> None:
    codes, text = make_codebook(world), make_text(world)
    with pytest.raises(StaleText):
        code_words(text, "peur", codes["fear"], **changes)
    assert Coding.objects.count() == 0


@pytest.mark.parametrize(
    "changes", [{"start": 10, "end": 10}, {"end": 10_000}, {"start": -1}], ids=str
)
def test_selection_outside_the_text_is_refused(world: World, changes: dict[str, object]) -> None:
    codes, text = make_codebook(world), make_text(world)
    with pytest.raises(Refusal, match="Sélectionnez un passage"):
        code_words(text, "peur", codes["fear"], **changes)


@pytest.mark.parametrize("role", ["coordinator", "administrator", "committee", "osim", "volunteer"])
def test_only_researchers_code(world: World, role: str) -> None:
    codes, text = make_codebook(world), make_text(world)
    with pytest.raises(PermissionDenied):
        code_words(text, "peur", codes["fear"], world.person(role))


def test_withdrawn_text_is_not_coded(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    withdraw_text(text, actor=None)
    with pytest.raises(Refusal, match="consentement"):
        code_words(text, "peur", codes["fear"], world.researcher)


def test_coding_is_removed_by_its_author_with_an_unused_excerpt(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    coding = code_words(text, "peur", codes["fear"], world.researcher)
    with pytest.raises(PermissionDenied):
        remove_coding(coding, actor=world.coordinator)
    assert remove_coding(coding, actor=world.researcher) is None
    assert Excerpt.objects.count() == 0


def test_excerpt_stays_while_another_code_rests_on_it(world: World) -> None:
    codes, text = make_codebook(world), make_text(world)
    mine = code_words(text, "peur", codes["fear"], world.researcher)
    code_words(text, "peur", codes["ownership"], world.researcher)
    assert remove_coding(mine, actor=world.researcher) == Excerpt.objects.get()


def test_code_cannot_stand_under_itself(world: World) -> None:
    codes = make_codebook(world)
    book = codes["expert"].codebook
    with pytest.raises(Refusal, match="sous lui-même"):
        save_code(
            book,
            {"label": "Figure", "parent": codes["fear"]},
            actor=world.researcher,
            code=codes["expert"],
        )


def test_code_change_makes_the_next_version_of_a_book_in_use(world: World) -> None:
    codes = make_codebook(world)
    book = codes["expert"].codebook
    save_code(book, {"label": "Curiosité"}, actor=world.researcher)
    book.refresh_from_db()
    assert (book.version, book.codes.filter(slug="curiosite").count()) == (1, 1)
    code_words(make_text(world), "peur", codes["fear"])
    save_code(book, {"label": "Étonnement"}, actor=world.researcher)
    book.refresh_from_db()
    assert book.version == 2
    with pytest.raises(PermissionDenied):
        save_code(book, {"label": "Autre"}, actor=world.coordinator)
