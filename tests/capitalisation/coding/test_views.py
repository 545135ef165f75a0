from collections.abc import Callable
from html import escape

import pytest
from django.test import Client

from capitalisation.coding.models import Code, Coding
from capitalisation.corpus.actions import NewBlock
from capitalisation.corpus.models import Text
from capitalisation.corpus.queries import reading_version
from tests.capitalisation.coding.samples import code_words, make_codebook, make_text
from tests.factories import World

As = Callable[[str], Client]


def passage(text: Text, words: str, code: str) -> dict[str, object]:
    version = reading_version(text)
    start = version.body.index(words)
    return {
        "version": version.pk,
        "sha256": version.sha256,
        "start": start,
        "end": start + len(words),
        "quote": words,
        "code": code,
    }


def test_researcher_codes_a_selection(world: World, as_role: As) -> None:
    make_codebook(world)
    text = make_text(world)
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/",
        passage(text, "peur 😀", "crainte"),
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "<mark" in answer.content.decode()
    assert Coding.objects.get().excerpt.quote == "peur 😀"


def test_passage_is_found_by_its_words_without_a_script(world: World, as_role: As) -> None:
    make_codebook(world)
    text = make_text(world)
    data = passage(text, "plaquer une méthode", "Crainte")
    del data["start"], data["end"]
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/", {**data, "block": 1}
    )
    assert answer.status_code == 302
    assert Coding.objects.get().excerpt.quote == "plaquer une méthode"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "licorne"}, "n’est pas un code de la grille"),
        ({"quote": "introuvable", "start": "", "end": ""}, "n’est pas dans le texte"),
        ({"quote": "e", "start": "", "end": ""}, "plusieurs fois"),
    ],
    ids=["code", "absent", "ambiguous"],
)
def test_bad_passage_is_told_in_french(
    world: World, as_role: As, change: dict[str, str], words: str
) -> None:
    make_codebook(world)
    text = make_text(world)
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/", {**passage(text, "peur", "crainte"), **change}
    )
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Coding.objects.count() == 0


def test_stale_selection_answers_409_with_the_block(world: World, as_role: As) -> None:
    make_codebook(world)
    text = make_text(world)
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/",
        {**passage(text, "peur", "crainte"), "sha256": "0" * 64},
        headers={"HX-Request": "true"},
    )
    assert (answer.status_code, "coding-text" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize(
    "role", ["coordinator", "administrator", "committee", "osim", "volunteer", "stranger"]
)
def test_text_is_not_found_by_others(world: World, as_role: As, role: str) -> None:
    text = make_text(world)
    assert as_role(role).get(f"/capitalisation/textes/{text.uuid}/").status_code == 404


def test_own_coding_is_taken_back_and_not_another_s(world: World, as_role: As) -> None:
    codes, text = make_codebook(world), make_text(world)
    mine = code_words(text, "peur", codes["fear"], world.researcher)
    other = code_words(text, "repris", codes["ownership"], None)
    client = as_role("researcher")
    address = f"/capitalisation/textes/{text.uuid}/retirer/"
    assert client.post(address, {"coding": other.pk}).status_code == 404
    assert client.post(address, {"coding": mine.pk}).status_code == 302
    assert list(Coding.objects.all()) == [other]


def test_news_tells_what_others_coded(world: World, as_role: As) -> None:
    codes, text = make_codebook(world), make_text(world)
    client = as_role("researcher")
    address = f"/capitalisation/textes/{text.uuid}/nouveautes/"
    assert client.get(address, {"depuis": "0"}).status_code == 204
    coding = code_words(text, "peur", codes["fear"], None)
    answer = client.get(address, {"depuis": "0"})
    assert f"depuis={coding.pk}" in answer.content.decode()
    assert client.get(address, {"depuis": str(coding.pk)}).status_code == 204


@pytest.mark.parametrize("count", [1, 3, 300])
def test_text_page_has_the_same_queries_whatever_its_passages(
    world: World, as_role: As, django_assert_max_num_queries: Callable[..., object], count: int
) -> None:
    codes = make_codebook(world)
    text = make_text(world)
    version = reading_version(text)
    for place in range(count):
        start, end = place % 70, place % 70 + 1 + place // 70
        code_words(
            text, version.body[start:end], codes["fear"], world.researcher, start=start, end=end
        )
    client = as_role("researcher")
    with django_assert_max_num_queries(12) as queries:
        assert client.get(f"/capitalisation/textes/{text.uuid}/").status_code == 200
    assert len(queries) == 11


def test_codebook_is_kept_by_researchers(world: World, as_role: As) -> None:
    make_codebook(world)
    client = as_role("researcher")
    assert "Crainte" in client.get("/capitalisation/grille/").content.decode()
    answer = client.post(
        "/capitalisation/grille/nouveau/", {"label": "crainte", "position": 1, "codable": "on"}
    )
    assert (answer.status_code, "porte déjà ce libellé" in answer.content.decode()) == (422, True)
    assert as_role("coordinator").get("/capitalisation/grille/").status_code == 404


def by_hand(text: Text, words: str, **more: str) -> dict[str, object]:
    """The form of a block, without a script."""
    version = reading_version(text)
    return {"version": version.pk, "sha256": version.sha256, "block": 2, "quote": words, **more}


def test_refused_coding_without_a_script_keeps_all_that_was_typed(
    world: World, as_role: As
) -> None:
    make_codebook(world)
    text = make_text(world, blocks=[NewBlock("Un."), NewBlock("Deux deux."), NewBlock("Trois.")])
    typed = by_hand(text, "Deux deux.", code="licorne", memo="À relire avec l’équipe")
    client, address = as_role("researcher"), f"/capitalisation/textes/{text.uuid}/coder/"
    answer = client.post(address, typed)
    page = answer.content.decode()
    block = page[page.index('id="bloc-2"') : page.index('id="bloc-3"')]
    assert answer.status_code == 422
    assert '<details class="coding-by-hand" open' in block
    for kept in (">Deux deux.</textarea>", 'value="licorne"', 'value="À relire avec l’équipe"'):
        assert kept in block
    assert page.count(" open>") == 1
    assert 'href="#code-2"' in page
    assert 'id="code-2"' in block
    stale = client.post(address, {**typed, "code": "crainte", "sha256": "0" * 64})
    assert stale.status_code == 409
    assert 'value="À relire avec l’équipe"' in stale.content.decode()
    assert client.post(address, {**typed, "code": "crainte"}).status_code == 302
    assert Coding.objects.get().memo == "À relire avec l’équipe"


def test_refused_selection_is_offered_again_in_its_block(world: World, as_role: As) -> None:
    make_codebook(world)
    text = make_text(world, blocks=[NewBlock("Un."), NewBlock("Deux deux.")])
    typed = {**passage(text, "Deux", "licorne"), "memo": "Un mémo"}
    page = as_role("researcher").post(f"/capitalisation/textes/{text.uuid}/coder/", typed)
    block = page.content.decode().split('id="bloc-2"')[1]
    assert 'value="Un mémo"' in block
    assert ">Deux</textarea>" in block


@pytest.mark.parametrize(
    "copied",
    [
        "« trop humide » disait-on, l'an passé",
        "«\u00a0trop humide\u00a0» disait-on,  l’an\npassé ",
        "« trop humide » disait\u2011on, l’an passé",
    ],
)
def test_words_copied_from_the_page_are_found(world: World, as_role: As, copied: str) -> None:
    make_codebook(world)
    words = "«\u00a0trop hu\u00admide\u202f» disait-on, l’an\u00a0passé"
    text = make_text(world, blocks=[NewBlock("Un."), NewBlock(f"C’était {words}.")])
    answer = as_role("researcher").post(
        f"/capitalisation/textes/{text.uuid}/coder/", by_hand(text, copied, code="crainte")
    )
    assert answer.status_code == 302
    assert Coding.objects.get().excerpt.quote == words


@pytest.mark.parametrize(
    "labels",
    [
        ("Eau", "Eau ?", "Eau !"),
        ("x" * 50 + " un", "x" * 50 + " deux"),
        ("الماء", "水", "؟"),
        ("Nouveau", "Nouveau !"),
    ],
    ids=["mark", "long", "script", "address"],
)
def test_labels_that_read_alike_are_all_saved(
    world: World, as_role: As, labels: tuple[str, ...]
) -> None:
    make_codebook(world)
    client = as_role("researcher")
    for label in labels:
        data = {"label": label, "position": 1, "codable": "on"}
        assert client.post("/capitalisation/grille/nouveau/", data).status_code == 302
        code = Code.objects.get(label=label)
        page = client.get(f"/capitalisation/grille/{code.slug}/")
        assert escape(label) in page.content.decode()
