"""Passages are reached by one door for each reader: in the code, then on every page."""

import ast
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLResolver, resolve, reverse

from capitalisation import urls as capitalisation_urls
from capitalisation.analysis.models import FocusKind
from capitalisation.corpus.models import Circle, QuoteLevel
from capitalisation.interviews.actions import withdraw_consent
from capitalisation.practices.actions import set_evidence
from capitalisation.publications.actions import (
    approve_booklet,
    attach_pdf,
    create_booklet,
    propose_booklet,
)
from explor import clock
from explor.ui.errors import Refusal
from missions.dossier.models import ConflictOfInterest
from tests.capitalisation.story import Story

As = Callable[[str], Client]
ROOT = Path(__file__).parents[2]
#: Where passages are made, moved or erased, and where the doors are.
INSIDE = {
    f"capitalisation/{name}.py"
    for name in (
        "coding/actions",
        "coding/moving",
        "coding/queries",
        "coding/readers",
        "corpus/actions",
        "corpus/versions",
        "analysis/rereading",
    )
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
#: Relations that lead to passages from something else; a lookup inside a door is a keyword.
RELATIONS = {"excerpts", "evidence", "excerpt_set"}
READS = {"all", "filter", "exclude", "first", "last", "get", "values", "values_list", "count"}


def sources() -> Iterator[tuple[str, ast.AST]]:
    for folder in ("explor", "missions", "capitalisation"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/demo/" not in name and "/migrations/" not in name and name not in INSIDE:
                yield name, ast.parse(path.read_text())


def is_back_door(node: ast.AST) -> bool:
    """`Excerpt.objects.filter(…)`, `practice.evidence.all()`; not `Excerpt.objects.none()`."""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
        return False
    inner = node.value
    if inner.attr in RELATIONS:
        return node.attr in READS
    named = isinstance(inner.value, ast.Name) and inner.value.id == "Excerpt"
    return named and inner.attr in MANAGERS and node.attr != "none"


def test_no_code_starts_from_all_passages() -> None:
    found = [
        f"{name}:{node.lineno}"  # type: ignore[attr-defined]
        for name, tree in sources()
        for node in ast.walk(tree)
        if is_back_door(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "planted", ["Excerpt.objects.filter(pk=1)", "practice.evidence.all()", "version.excerpts.all()"]
)
def test_a_back_door_is_seen(planted: str) -> None:
    assert any(map(is_back_door, ast.walk(ast.parse(planted))))


WORDS = {
    "team": "Le secret de l’équipe",
    "committee": "La parole du comité",
    "funders": "La parole des bailleurs",
    "public": "La parole de tout le monde",
    "none": "La parole à ne pas citer",
    "gone": "La parole reprise",
    "tied": "La parole d’un proche",
}
OPEN_TO_TEAMS = {"committee", "funders", "public", "none"}
#: Role → the words it may meet anywhere.
READ = {
    "anonymous": {"public", "tied"},
    "osim": {"public", "tied"},
    "volunteer": {"public", "tied"},
    "stranger": {"public", "tied"},
    "administrator": {"public", "tied"},
    "coordinator": OPEN_TO_TEAMS | {"tied"},
    "other_coordinator": OPEN_TO_TEAMS | {"tied"},
    "committee": OPEN_TO_TEAMS | {"tied"},
    "researcher": OPEN_TO_TEAMS | {"team", "tied"},
}


@pytest.fixture
def told(story: Story) -> Story:
    """One passage of each kind, all of them behind a practice, a focus and one code."""
    for key, circle in (("team", Circle.TEAM), ("committee", Circle.COMMITTEE)):
        story.hear(WORDS[key], circle=circle)
    story.hear(WORDS["funders"], circle=Circle.FUNDERS)
    story.hear(WORDS["public"])
    story.hear(WORDS["none"], level=QuoteLevel.NONE)
    gone = story.hear(WORDS["gone"])
    story.hear(WORDS["tied"], mission=story.missions[1])
    story.practise(*story.excerpts)
    story.focus(*story.excerpts, kind=FocusKind.HOLDERS)
    booklet = create_booklet(
        story.world.programme, title="Livret", actor=story.world.researcher, token=uuid4()
    )
    attach_pdf(booklet, b"%PDF-1.7 essai", actor=story.world.researcher)
    propose_booklet(booklet, actor=story.world.researcher)
    approve_booklet(booklet, actor=story.world.coordinator)
    withdraw_consent(gone, actor=None)
    return story


def routes(patterns: list[Any]) -> Iterator[tuple[str, str]]:
    for row in patterns:
        if isinstance(row, URLResolver):
            yield from routes(row.url_patterns)
        elif row.name:
            yield row.name, str(row.pattern)


def test_every_route_of_a_practice_a_focus_or_a_booklet_is_tried(told: Story) -> None:
    """A new page about them has its place in `pages`, or is an act."""
    acts = {"practice_step", "practice_return", "booklet_step", "booklet_return", "booklet_make"}
    tried = {resolve(url.partition("?")[0]).url_name for url in pages(told)}
    for name, where in routes(capitalisation_urls.urlpatterns):
        if name.startswith(("practice", "focus", "booklet", "publication")) and name not in acts:
            assert name in tried, f"{name} ({where})"


def pages(story: Story) -> Iterator[str]:
    """Every address of this part of the house that a GET may reach, and the public pages."""
    practice = story.world.programme.practices.get()
    booklet = story.world.programme.booklets.get()
    filled: dict[str, list[Any]] = {
        "practice": [practice.slug],
        "practice_admin": [practice.slug],
        "practice_evidence": [practice.slug],
        "booklet": [booklet.slug],
        "booklet_printed": [booklet.slug],
        "publication": [booklet.slug],
        "focus": ["focus-1"],
        "focus_edit": ["focus-1"],
        "text": [story.excerpts[0].version.text.uuid],
    }
    for name in sorted({name for name, _ in routes(capitalisation_urls.urlpatterns)}):
        with suppress(NoReverseMatch):  # of something else than passages
            yield reverse(name, args=filled.get(name, []))
    for code in story.codes:
        for by in ("type", "moment", "actor"):
            yield f"{reverse('analysis_cell')}?code={code.slug}&by={by}"
            yield f"{reverse('analysis_cell')}?code={code.slug}&by={by}&kind="
    yield f"{reverse('practice_evidence', args=[practice.slug])}?q=parole"
    yield f"{reverse('corpus')}?q=parole"
    yield f"{reverse('booklet_words')}?q=parole"
    yield from ("/", "/accueil/", "/missions-realisees/")


def met(client: Client, story: Story) -> dict[str, set[str]]:
    """Address → the words found on it."""
    found = {}
    for url in pages(story):
        response = client.get(url)
        body = "" if response.streaming else response.content.decode(errors="replace")
        if seen := {key for key, words in WORDS.items() if words in body}:
            found[url] = seen
    return found


@pytest.mark.parametrize("role", sorted(READ))
def test_pages_show_a_role_only_what_each_person_accepted(
    told: Story, as_role: As, role: str
) -> None:
    found = met(as_role(role), told)
    assert {url: seen - READ[role] for url, seen in found.items() if seen - READ[role]} == {}
    if role not in {"anonymous", "osim", "volunteer", "stranger", "administrator"}:
        everywhere: set[str] = set().union(*found.values())
        assert everywhere == READ[role]


@pytest.mark.parametrize("role", ["coordinator", "committee", "researcher"])
def test_who_stood_aside_from_a_mission_reads_none_of_its_passages(
    told: Story, as_role: As, role: str
) -> None:
    ConflictOfInterest.objects.create(
        user=told.world.person(role),
        mission=told.missions[1],
        declared_at=clock.now(),
    )
    practice = told.world.programme.practices.get()
    pages = [reverse("practice_admin", args=[practice.slug]), reverse("focus", args=["focus-1"])]
    client = as_role(role)
    for url in pages:
        body = client.get(url).content.decode()
        assert WORDS["public"] in body
        assert WORDS["tied"] not in body


def test_counts_of_a_practice_are_those_of_the_reader(told: Story, as_role: As) -> None:
    def count(role: str) -> int:
        page = as_role(role).get(reverse("practice_admin_list"))
        return int(page.context["practices"][0].passages)

    assert {role: count(role) for role in ("researcher", "coordinator", "committee")} == {
        "researcher": 6,
        "coordinator": 5,
        "committee": 5,
    }


def test_evidence_kept_to_researchers_stays_when_somebody_else_chooses(
    told: Story, as_role: As
) -> None:
    practice = told.world.programme.practices.get()
    team, public = told.excerpts[0], told.excerpts[3]
    url = reverse("practice_evidence", args=[practice.slug])
    as_role("coordinator").post(url, {"excerpt": [public.pk]})
    rows = practice.evidence_rows.order_by("position").values_list("excerpt", flat=True)
    assert list(rows) == [public.pk, team.pk]


def test_writer_chooses_only_what_they_read(told: Story, as_role: As) -> None:
    practice = told.world.programme.practices.get()
    with pytest.raises(Refusal, match="ne vous est pas ouvert"):
        set_evidence(practice, told.excerpts[:1], actor=told.world.coordinator)
    set_evidence(practice, told.excerpts[:1], actor=told.world.researcher)
