"""Passages follow their text; what they said before leaves the team nowhere."""

import re
from collections.abc import Callable
from io import StringIO

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from capitalisation.analysis.matrix import Question, matrix
from capitalisation.analysis.models import Focus
from capitalisation.coding.actions import code_passage, drop_passage, keep_passage
from capitalisation.coding.models import Code, Coding, CodingStatus, Excerpt
from capitalisation.coding.queries import codes_of, excerpts_for, quotable
from capitalisation.corpus.actions import NewBlock, add_pseudonym, remove_pseudonym
from capitalisation.corpus.models import Text, VersionKind
from capitalisation.corpus.queries import latest_version, reading_version, texts_for
from explor.ui.errors import Refusal
from tests.capitalisation.coding.samples import code_words, make_codebook, make_text
from tests.factories import World

As = Callable[[str], Client]

SAID = "On a visité Ouidah avec Hélène Dossou. Puis nous avons eu peur du tranport, un peu."
NAME = re.compile(r"ouidah|h[ée]l[èe]ne|dossou", re.IGNORECASE)


def said(world: World, *lines: str, **fields: object) -> Text:
    """The same interview, written again with these answers."""
    mission = world.mission("capitalisation") if not Text.objects.exists() else None
    text = Text.objects.first()
    return make_text(
        world,
        mission or (text and text.mission),
        source="interview:dite",
        blocks=[NewBlock(line) for line in lines],
        **fields,
    )


def hide(text: Text, term: str = "Ouidah", instead: str = "une commune") -> None:
    assert text.mission is not None
    add_pseudonym(text.mission, term=term, replacement=instead, actor=None)


def figure(world: World, code: Code) -> tuple[int, int]:
    """Passages of the code in the codebook and in the matrix."""
    rows = {row.code.pk: row.passages for row in matrix(world.programme, Question()).rows}
    return codes_of(world.programme).get(pk=code.pk).passages, rows[code.pk]


def test_a_name_hidden_after_coding_is_nowhere_that_leaves_the_team(
    world: World, as_role: As
) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    coding = code_words(text, "visité Ouidah avec Hélène", codes["fear"], world.researcher)
    focus = Focus.objects.create(programme=world.programme, number=1, kind="expert", slug="expert")
    focus.evidence_rows.create(excerpt=coding.excerpt)
    hide(text)
    hide(text, "Hélène Dossou", "une habitante")
    excerpt = Excerpt.objects.get()
    assert (excerpt.pk, excerpt.version) == (coding.excerpt_id, reading_version(text))
    assert excerpt.quote == "visité une commune avec une habitante"
    assert not NAME.search(excerpt.quote + excerpt.prefix + excerpt.suffix)
    assert Coding.objects.get().status == CodingStatus.TO_REVIEW
    assert not quotable(Excerpt.objects.all()).exists()
    focus.refresh_from_db()
    assert focus.to_reread
    cell = reverse("analysis_cell") + f"?code={codes['fear'].slug}"
    for role in ("coordinator", "committee", "researcher"):
        client = as_role(role)
        for address in (cell, reverse("focus", args=[focus.slug])):
            page = client.get(address).content.decode()
            assert not NAME.search(page), (role, address)
    keep_passage(excerpt, actor=world.researcher)
    assert [row.quote for row in quotable(Excerpt.objects.all())] == [excerpt.quote]
    assert excerpt in excerpts_for(world.coordinator, world.programme)


def test_a_search_finds_no_text_by_a_hidden_name(world: World, as_role: As) -> None:
    codes, text = make_codebook(world), said(world, SAID, title="Un entretien à trouver")
    code_words(text, "peur", codes["fear"], world.researcher)
    client = as_role("researcher")
    assert "à trouver" in client.get(reverse("corpus"), {"q": "Ouidah"}).content.decode()
    hide(text)
    assert "à trouver" not in client.get(reverse("corpus"), {"q": "Ouidah"}).content.decode()


def test_who_speaks_is_hidden_too(world: World) -> None:
    text = said(world, SAID, attribution_function="Maire de OUIDAH", quote_level="function")
    hide(text)
    text.refresh_from_db()
    assert text.attribution == "Maire de une commune"
    text = said(world, SAID, attribution_function="Maire de Ouidah", quote_level="function")
    assert text.attribution == "Maire de une commune"


def test_a_mended_letter_elsewhere_changes_nothing_of_a_passage(world: World, as_role: As) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    coding = code_words(text, "visité Ouidah", codes["fear"], world.researcher)
    text = said(world, "Un mot de plus.", SAID.replace("tranport", "transport"))
    excerpt = Excerpt.objects.get()
    assert excerpt.version == reading_version(text)
    assert excerpt.version.body[excerpt.start : excerpt.end] == "visité Ouidah"
    assert Coding.objects.get().status == CodingStatus.KEPT
    assert code_words(text, "visité Ouidah", codes["fear"], world.researcher) == coding
    assert figure(world, codes["fear"]) == (1, 1)
    page = as_role("researcher").get(f"/capitalisation/textes/{text.uuid}/").content.decode()
    assert "<mark" in page
    assert "à revoir" not in page


def test_a_mended_letter_inside_a_passage_sends_it_to_be_looked_at(
    world: World, as_role: As
) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    code_words(text, "peur du tranport", codes["fear"], world.researcher)
    text = said(world, SAID.replace("tranport", "transport"))
    excerpt = Excerpt.objects.get()
    assert excerpt.quote == "peur du transport"
    assert figure(world, codes["fear"]) == (1, 1)
    client, address = as_role("researcher"), f"/capitalisation/textes/{text.uuid}/"
    page = client.get(address).content.decode()
    assert "Passages à revoir" in page
    assert "À revoir" in client.get(reverse("corpus")).content.decode()
    kept = client.post(f"{address}passages/{excerpt.pk}/revoir/", {"keep": "1"})
    assert kept.status_code == 302
    assert Coding.objects.get().status == CodingStatus.KEPT
    assert "Passages à revoir" not in client.get(address).content.decode()


def test_coding_a_changed_passage_again_settles_it(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    code_words(text, "peur du tranport", codes["fear"], world.researcher)
    text = said(world, SAID.replace("tranport", "transport"))
    code_words(text, "peur du transport", codes["fear"], world.researcher)
    assert Coding.objects.get().status == CodingStatus.KEPT
    assert figure(world, codes["fear"]) == (1, 1)


def test_a_passage_that_is_gone_counts_no_more_and_is_taken_out(world: World, as_role: As) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    code_words(text, "visité Ouidah avec Hélène", codes["fear"], None)
    text = said(world, "Il n’y a rien à dire de plus, merci.")
    excerpt = Excerpt.objects.get()
    assert figure(world, codes["fear"]) == (0, 0)
    assert not excerpts_for(world.researcher, world.programme).exists()
    client, address = as_role("researcher"), f"/capitalisation/textes/{text.uuid}/"
    assert "Passages qui ne sont plus dans le texte" in client.get(address).content.decode()
    with pytest.raises(Refusal, match="plus dans le texte"):
        keep_passage(excerpt, actor=world.researcher)
    client.post(f"{address}passages/{excerpt.pk}/revoir/", {"drop": "1"})
    assert not Excerpt.objects.exists()
    assert "ne sont plus" not in client.get(address).content.decode()


def test_a_passage_nothing_put_in_doubt_is_not_dropped_by_another_door(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    excerpt = code_words(text, "peur", codes["fear"], None).excerpt
    with pytest.raises(Refusal, match="n’est pas à revoir"):
        drop_passage(excerpt, actor=world.researcher)
    for act in (keep_passage, drop_passage):
        with pytest.raises(PermissionDenied):
            act(excerpt, actor=world.coordinator)


def test_two_passages_that_meet_stay_two(world: World) -> None:
    """The names alone, coded apart, become the same words: one stays behind, none is lost."""
    codes, text = make_codebook(world), said(world, "Vu Jean-Luc ici.")
    code_words(text, "Jean", codes["fear"], None)
    code_words(text, "Luc", codes["ownership"], None)
    hide(text, "Jean-Luc", "un élu")
    found = {row.quote: row.version.current for row in Excerpt.objects.select_related("version")}
    assert found in ({"un élu": True, "Luc": False}, {"un élu": True, "Jean": False})
    assert Coding.objects.count() == 2


def test_a_name_shown_again_moves_its_passages_back(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    code_words(text, "visité Ouidah avec", codes["fear"], None)
    hide(text)
    assert text.mission is not None
    remove_pseudonym(text.mission.pseudonyms.get(), actor=None)
    assert Excerpt.objects.get().quote == "visité Ouidah avec"


def test_a_passage_nobody_codes_any_more_does_not_leave_with_changed_words(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    excerpt = code_words(text, "visité Ouidah", codes["fear"], None).excerpt
    excerpt.codings.all().delete()
    hide(text)
    assert not quotable(Excerpt.objects.all()).exists()


def original_passage(text: Text) -> dict[str, object]:
    version = latest_version(text, VersionKind.ORIGINAL)
    assert version is not None
    start = version.body.index("Ouidah")
    return {"version": version, "start": start, "end": start + 6, "quote": "Ouidah"}


@pytest.mark.parametrize("door", ["htmx", "page"])
def test_the_original_wording_is_not_coded(world: World, as_role: As, door: str) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    hide(text)
    found = original_passage(text)
    version = found["version"]
    data = {**found, "version": version.pk, "sha256": version.sha256, "code": "Crainte"}
    headers = {"HX-Request": "true"} if door == "htmx" else {}
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/", data, headers=headers
    )
    assert answer.status_code == 422
    assert "ne se code pas" in answer.content.decode()
    with pytest.raises(Refusal, match="ne se code pas"):
        code_passage(**found, sha256=version.sha256, code=codes["fear"], actor=world.researcher)
    assert not Coding.objects.exists()


def test_no_row_of_a_passage_stands_on_the_original_or_a_former_wording(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    with pytest.raises(IntegrityError), transaction.atomic():
        Excerpt.objects.create(**original_passage(text))
    former = code_words(text, "peur", codes["fear"], None).excerpt.version
    hide(text)
    with pytest.raises(IntegrityError), transaction.atomic():
        Excerpt.objects.create(version=former, start=0, end=2, quote="On")
    assert Excerpt.objects.count() == 1


def test_a_former_wording_is_read_by_no_door(world: World, as_role: As) -> None:
    """As if the rows were there: the reads do not rest on the writes alone."""
    codes, text = make_codebook(world), said(world, SAID)
    excerpt = code_words(text, "peur", codes["fear"], world.researcher).excerpt
    type(excerpt.version).objects.filter(text=text).update(current=False)
    assert not excerpts_for(world.researcher, world.programme).exists()
    assert not excerpts_for(world.coordinator, world.programme).exists()
    assert not quotable(Excerpt.objects.all()).exists()
    assert figure(world, codes["fear"]) == (0, 0)
    cell = as_role("coordinator").get(reverse("analysis_cell") + "?code=fear").content.decode()
    assert "« peur »" not in cell
    assert "0 passage" in cell


def test_another_text_is_not_coded_through_this_one(world: World, as_role: As) -> None:
    make_codebook(world)
    here, there = make_text(world), make_text(world)
    version = reading_version(there)
    data = {"version": version.pk, "sha256": version.sha256, "start": 0, "end": 4, "quote": "Nous"}
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{here.uuid}/coder/", {**data, "code": "Crainte"}
    )
    assert answer.status_code == 422
    assert not Coding.objects.exists()


def test_a_declared_tie_hides_the_passages_of_the_mission(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    code_words(text, "peur", codes["fear"], None)
    assert text.mission is not None
    for person in (world.researcher, world.coordinator):
        assert excerpts_for(person, world.programme).count() == 1
        text.mission.conflicts.create(user=person, declared_at=text.created_at, nature="parenté")
        assert not excerpts_for(person, world.programme).exists()
    assert not texts_for(world.researcher).exists()


def test_moving_many_passages_takes_the_same_queries(
    world: World, django_assert_max_num_queries: Callable[..., object]
) -> None:
    codes, text = make_codebook(world), said(world, f"{SAID} " * 30)
    version = reading_version(text)
    for place in range(0, 1500, 5):
        code_words(
            text, version.body[place : place + 30], codes["fear"], None, start=place, end=place + 30
        )
    with django_assert_max_num_queries(40):
        hide(text)
    moved = Excerpt.objects.filter(version=reading_version(text))
    assert moved.count() > 200
    for row in moved.select_related("version"):
        assert row.quote == row.version.body[row.start : row.end]


def test_names_known_since_are_hidden_again_and_strays_brought_back(world: World) -> None:
    codes, text = make_codebook(world), said(world, SAID)
    excerpt = code_words(text, "visité Ouidah", codes["fear"], None).excerpt
    assert text.mission is not None
    text.mission.pseudonyms.create(term="ouïdah", replacement="une commune")
    call_command("hide_names", stdout=StringIO())
    excerpt.refresh_from_db()
    assert excerpt.quote == "visité une commune"
    versions = text.versions.filter(kind="pseudonymised").order_by("no")
    # as an older base left it: the passage stays on the first wording
    with pgtrigger.ignore("capitalisation.Excerpt:excerpt_of_what_is_read"):
        start = SAID.index("visité")
        Excerpt.objects.update(
            version=versions[0], start=start, end=start + 13, quote="visité Ouidah"
        )
    told = StringIO()
    call_command("hide_names", stdout=told)
    excerpt.refresh_from_db()
    assert told.getvalue().startswith("1 passage")
    assert (excerpt.version, excerpt.quote) == (versions[1], "visité une commune")
    assert text.versions.filter(kind="pseudonymised").count() == 2
