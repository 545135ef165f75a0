"""What is measured on the sites, and the lines that come of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench import aggregates
from bench.floor import ADDRESS, COUNT
from bench.pages import PAGES, Page
from bench.servers import Servers, Site
from bench.table import Line, ms, number
from bench.timing import Browser, Pair, Times, WrongAnswer

QUERIES, GROWTH = 12, 1.3
OPEN_TEXT, ADD_PASSAGE = 12.0, 3.0
SQL_SHARE, SQL_FLOORS = 1.5, 6.0
WARM_UP = 10


@dataclass
class Looked:
    """A site being measured: what its scene told, and the times of each page."""

    missions: int
    site: Site
    told: dict[str, Any]
    times: dict[Page, Pair] = field(default_factory=dict)
    queries: dict[Page, int] = field(default_factory=dict)
    wrong: dict[Page, str] = field(default_factory=dict)
    sql: dict[str, Times] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser = Browser(self.site.port)

    def floor(self, role: str) -> None:
        self.browser.get(f"/{ADDRESS}", self.told["cookies"][role])

    def page(self, page: Page, *, count: bool = False) -> int:
        path = self.told["paths"][page.key]
        return self.browser.get(path, self.told["cookies"][page.role], count=count).queries


def scene(servers: Servers, site: Site, *options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        servers.python(site.environment, "-m", "bench.scene", *options)
    )
    return told


def time_pages(looked: Sequence[Looked], rounds: int, servers: Servers) -> None:
    """Every page of every site in turn, its floor just before it."""
    for each in looked:
        for page in PAGES:
            try:
                each.queries[page] = each.page(page, count=True)
                each.times[page] = Pair()
            except (WrongAnswer, KeyError) as error:
                each.wrong[page] = str(error)
        for _ in range(WARM_UP):
            each.floor("coordinator")
    for _ in range(rounds):
        for page in PAGES:
            for each in looked:
                if pair := each.times.get(page):
                    pair.take(
                        lambda each=each, page=page: each.page(page),
                        lambda each=each, page=page: each.floor(page.role),
                    )
        for each in looked:
            _time_sql(each, servers)


def _time_sql(each: Looked, servers: Servers) -> None:
    name = each.site.database.rpartition("/")[2]
    with servers.postgres.connect(name) as connection:
        connection.execute("SELECT 1")
        for key, statements in (
            ("analysis_matrix", aggregates.MATRIX),
            ("committee_month", aggregates.MONTH),
        ):
            each.sql.setdefault(key, Times()).take(
                lambda statements=statements: _run(connection, statements)
            )


def _run(connection: psycopg.Connection[Any], statements: Sequence[Any]) -> None:
    for statement in statements:
        connection.execute(statement).fetchall()


def page_lines(each: Looked) -> Iterator[Line]:
    """The pages with a target of their own."""
    for page in PAGES:
        if page in each.wrong and page.target:
            yield Line(_at(page.label, each), 0, "", each.wrong[page], "", "", False)
        elif page.target:
            yield _line(_at(page.label, each), each.times[page], page.target)
    for page in PAGES:
        if page.key in each.sql and page in each.times:
            yield _sql_line(each, page)


def _sql_line(each: Looked, page: Page) -> Line:
    pair, sql = each.times[page], each.sql[page.key]
    allowed = sql.median * SQL_SHARE + pair.floor.median * SQL_FLOORS
    return Line(
        _at(page.label, each),
        pair.ours.n,
        f"SQL nu {ms(sql.median)}, page {ms(pair.floor.median)}",
        ms(pair.ours.median),
        number(pair.ours.median / allowed, 2),
        f"≤ {ms(allowed)}",
        pair.ours.median <= allowed,
    )


def _line(work: str, pair: Pair, target: float) -> Line:
    return Line(
        work,
        pair.ours.n,
        ms(pair.floor.median),
        ms(pair.ours.median),
        number(pair.ratio),
        f"≤ {number(target, 0)}",
        pair.ratio <= target,
    )


def _at(label: str, each: Looked) -> str:
    return f"{label} ({each.missions} missions)"


def growth_lines(small: Looked, large: Looked) -> Iterator[Line]:
    """Every page at both sizes, as multiples of their own floors, with its queries."""
    for page in PAGES:
        if page in small.wrong or page in large.wrong:
            wrong = small.wrong.get(page) or large.wrong.get(page) or ""
            yield Line(f"{page.label}", 0, "", wrong, "", "", False)
            continue
        few, many = small.times[page], large.times[page]
        grown = many.ratio / few.ratio
        queries = max(small.queries[page], large.queries[page])
        yield Line(
            f"{page.label}, {_counted(small, large, page)}",
            many.ours.n,
            ms(few.ours.median),
            ms(many.ours.median),
            number(grown, 2),
            f"≤ {number(GROWTH)} et ≤ {QUERIES} requêtes",
            grown <= GROWTH and queries <= QUERIES,
        )


def _counted(small: Looked, large: Looked, page: Page) -> str:
    few, many = small.queries[page], large.queries[page]
    return f"{few} requêtes" if few == many else f"{few} puis {many} requêtes"


def text_lines(each: Looked, rounds: int) -> Iterator[Line]:
    """Opening a text of 1,500 passages, and adding one passage after the other."""
    told, cookie = each.told["long_text"], each.told["cookies"]["researcher"]
    opened, added, size = Pair(), Pair(), 0
    each.browser.get(told["path"], cookie)
    for turn in range(rounds):
        opened.take(
            lambda: each.browser.get(told["path"], cookie), lambda: each.floor("researcher")
        )
        form = _passage(told, turn)
        answers: list[bytes] = []
        added.take(
            lambda form=form, answers=answers: answers.append(_add(each, form, cookie)),
            lambda: each.floor("researcher"),
        )
        size = len(answers[0])
    what = f"texte de {told['characters']} caractères et 1 500 passages"
    yield _line(f"Ouvrir un {what}", opened, OPEN_TEXT)
    yield _line(f"Ajouter un passage, un bloc renvoyé ({size // 1024} Kio)", added, ADD_PASSAGE)


def _passage(told: dict[str, Any], turn: int) -> dict[str, Any]:
    start, end = turn, turn + 40
    return {
        "version": told["version"],
        "sha256": told["sha256"],
        "start": told["start"] + start,
        "end": told["start"] + end,
        "quote": told["body"][start:end],
        "code": told["code"],
    }


def _add(each: Looked, form: dict[str, Any], cookie: str) -> bytes:
    token = "a" * 32
    headers = {
        "Cookie": f"{cookie}; csrftoken={token}",
        "X-CSRFToken": token,
        "HX-Request": "true",
        COUNT: "1",
    }
    return each.browser.post(each.told["long_text"]["post"], urlencode(form), headers).body
