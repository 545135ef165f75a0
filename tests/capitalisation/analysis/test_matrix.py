from collections.abc import Callable

import pytest
from django.test import Client

from capitalisation.analysis.cells import cell_excerpts, counted
from capitalisation.analysis.matrix import Matrix, Question, matrix
from capitalisation.coding.models import Code
from capitalisation.coding.queries import excerpts_for
from capitalisation.corpus.actions import withdraw_text
from capitalisation.corpus.models import Circle, Moment
from missions.dossier.models import Component, MissionType
from tests.capitalisation.coding.samples import code_words, make_codebook, make_text
from tests.factories import World

As = Callable[[str], Client]


def cells(found: Matrix, code: Code) -> dict[str, tuple[int, int, int]]:
    """Column → (texts, of, passages) of one row."""
    row = next(row for row in found.rows if row.code == code)
    return {cell.column.key: (cell.texts, cell.column.of, cell.passages) for cell in row.cells}


def test_cell_counts_texts_of_its_column_and_their_passages(world: World) -> None:
    codes = make_codebook(world)
    mission = world.mission("capitalisation")
    first, second = make_text(world, mission), make_text(world, mission)
    make_text(world, mission, moment=Moment.BEFORE)
    code_words(first, "peur", codes["fear"])
    code_words(first, "plaquer", codes["fear"])
    code_words(second, "peur", codes["fear"])
    found = matrix(world.programme, Question(by="moment"))
    assert cells(found, codes["fear"]) == {"before": (0, 1, 0), "after": (2, 2, 3)}
    assert (found.n, found.codebook_version) == (3, 1)


def test_theme_gathers_what_is_under_it_once(world: World) -> None:
    codes = make_codebook(world)
    text = make_text(world)
    code_words(text, "peur", codes["fear"])
    code_words(text, "peur", codes["ownership"])
    code_words(text, "repris", codes["ownership"])
    found = matrix(world.programme, Question(by="actor"))
    assert cells(found, codes["expert"])["volunteer"] == (1, 1, 2)


def test_mission_of_two_types_counts_in_both(world: World) -> None:
    codes = make_codebook(world)
    mission = world.mission("capitalisation")
    Component.objects.create(mission=mission, position=2, type=MissionType.STUDY)
    code_words(make_text(world, mission), "peur", codes["fear"])
    found = matrix(world.programme, Question(by="type"))
    assert cells(found, codes["fear"]) == {"study": (1, 1, 1), "training": (1, 1, 1)}
    assert found.n == 1


def test_merged_code_counts_where_it_went(world: World) -> None:
    codes = make_codebook(world)
    code_words(make_text(world), "peur", codes["fear"])
    codes["fear"].merged_into = codes["ownership"]
    codes["fear"].save()
    found = matrix(world.programme, Question(by="moment"))
    assert cells(found, codes["ownership"])["after"] == (1, 1, 1)


def test_withdrawn_text_leaves_the_counts(world: World) -> None:
    codes = make_codebook(world)
    text = make_text(world)
    code_words(text, "peur", codes["fear"])
    withdraw_text(text, actor=None)
    found = matrix(world.programme, Question(by="moment"))
    assert (found.n, found.columns) == (0, [])


@pytest.mark.parametrize("by", ["type", "actor", "moment", "country", "territory", "year"])
def test_every_cell_opens_just_the_passages_it_counts(world: World, by: str) -> None:
    codes = make_codebook(world)
    one, two = world.mission("capitalisation"), world.mission("closed", country="SN")
    for mission, moment in ((one, Moment.BEFORE), (one, Moment.AFTER), (two, Moment.AFTER)):
        text = make_text(world, mission, moment=moment)
        code_words(text, "peur", codes["fear"])
        code_words(text, "repris", codes["ownership"])
    question = Question(by=by)
    seen = 0
    for row in matrix(world.programme, question).rows:
        for cell in row.cells:
            asked = (world.programme, question, row.code, cell.column.key)
            behind = cell_excerpts(excerpts_for(world.researcher, world.programme), *asked)
            assert behind.count() == counted(*asked) == cell.passages
            seen += cell.passages
    assert seen >= 12


def test_unknown_filters_count_as_none() -> None:
    asked = Question.read({"by": "'; drop", "kind": "x", "year": "deux mille", "moment": "after"})
    assert asked == Question(moment="after")


def test_matrix_page_links_each_cell_to_its_passages(world: World, as_role: As) -> None:
    codes = make_codebook(world)
    code_words(make_text(world), "plaquer une méthode", codes["fear"])
    client = as_role("committee")
    page = client.get("/capitalisation/analyse-croisee/?by=moment").content.decode()
    assert "code=fear&amp;colonne=after" in page
    behind = client.get(
        "/capitalisation/analyse-croisee/passages/?by=moment&code=fear&colonne=after"
    ).content.decode()
    assert "plaquer une méthode" in behind


def test_words_kept_to_the_team_are_counted_but_not_shown(world: World, as_role: As) -> None:
    codes = make_codebook(world)
    code_words(make_text(world, circle=Circle.TEAM), "plaquer une méthode", codes["fear"])
    address = "/capitalisation/analyse-croisee/passages/?code=fear"
    seen = as_role("coordinator").get(address).content.decode()
    assert ("plaquer une méthode" in seen, "restent hors de vue" in seen) == (False, True)
    assert "plaquer une méthode" in as_role("researcher").get(address).content.decode()


@pytest.mark.parametrize("role", ["osim", "volunteer", "administrator", "stranger"])
def test_analysis_is_not_found_by_others(world: World, as_role: As, role: str) -> None:
    make_codebook(world)
    assert as_role(role).get("/capitalisation/analyse-croisee/").status_code == 404
    passages = "/capitalisation/analyse-croisee/passages/?code=fear"
    assert as_role(role).get(passages).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 300])
def test_matrix_has_the_same_queries_whatever_its_rows(
    world: World, as_role: As, django_assert_max_num_queries: Callable[..., object], count: int
) -> None:
    codes = make_codebook(world)
    mission = world.mission("capitalisation")
    for _ in range(count):
        code_words(make_text(world, mission), "peur", codes["fear"])
    client = as_role("researcher")
    with django_assert_max_num_queries(12) as queries:
        client.get("/capitalisation/analyse-croisee/")
    assert len(queries) == 9
