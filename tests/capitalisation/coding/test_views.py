from collections.abc import Callable

import pytest
from django.test import Client

from capitalisation.coding.models import Coding
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
