"""What our scripts do on the budget and on the papers of a request; no site is needed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, Route, expect

from missions.funding.forms import lines_of
from missions.funding.models import BudgetLine
from missions.funding.queries import Budget
from missions.request.forms import RequestForm
from missions.request.models import AnnexKind
from missions.request.reading import budget_tables, papers_in

DIST = Path(settings.STATICFILES_DIRS[0])
HERE = "http://localhost:9"
PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title>
<script type="module" src="/static/js/app.js"></script></head><body><main id="contenu">
<div id="messages"></div><form method="post" id="demande">
<input type="hidden" name="csrfmiddlewaretoken" value="jeton">{}</form></main></body></html>"""
EMPTY = Budget([], [], [])


def form() -> RequestForm:
    return RequestForm(found={"budget": EMPTY}, steps=("budget", "securite"))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(base_url=HERE, reduced_motion="reduce", locale="fr-FR")

    def built(route: Route) -> None:
        path = route.request.url.split("/static/")[1]
        route.fulfill(content_type="text/javascript", body=(DIST / path).read_bytes())

    context.route(f"{HERE}/**", lambda route: route.fulfill(status=404, body=""))
    context.route(f"{HERE}/static/**", built)
    yield context.new_page()
    context.close()


def show(page: Page, template: str, **context: object) -> None:
    body = PAGE.format(render_to_string(template, context))
    page.route(
        f"{HERE}/essai/",
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body),
    )
    page.goto("/essai/")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def totals(**typed: str) -> str:
    """The same block as the server draws it for what is typed."""
    query = QueryDict(mutable=True)
    query.update(typed)
    read = RequestForm(query, found={"budget": EMPTY}, steps=("budget",))
    assert read.is_valid(), read.errors
    lines = [
        BudgetLine(side=one.side, heading=one.heading, amount=one.amount, secured=one.secured)
        for one in lines_of(read.cleaned_data)
    ]
    sides = [[line for line in lines if line.side == side] for side in SIDES]
    budget = Budget(*sides)
    return render_to_string(
        "missions/request/_budget_form.html",
        {
            "budget_tables": [],
            "budget": budget,
            "secured": sum((one.amount for one in budget.incomes if one.secured), Decimal(0)),
            "excess": -budget.gap,
        },
    )


SIDES = ("expense", "income", "valorised")


@pytest.mark.parametrize(
    "typed",
    [
        {"expense_travel_amount": "1 100,50", "income_programme_amount": "1000"},
        {
            "expense_travel_amount": "0,10",
            "expense_stay_amount": "0,20",
            "income_programme_amount": "0,10",
            "income_own_funds_amount": "0,20 €",
        },
        {"income_other_funder_amount": "12", "valorised_volunteer_time_amount": "600.5"},
    ],
)
def test_totals_of_the_budget_are_those_of_the_server(page: Page, typed: dict[str, str]) -> None:
    show(
        page,
        "missions/request/_budget_form.html",
        budget_tables=budget_tables(form()),
        budget=EMPTY,
        secured=Decimal(0),
        excess=Decimal(0),
    )
    expect(page.get_by_role("button", name="Recalculer")).to_be_hidden()
    for name, text in typed.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("#id_income_programme_secured").check()
    live = plain(page.locator(".budget-live dl").inner_text())
    page.route(
        f"{HERE}/serveur/",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body=totals(**typed, income_programme_secured="on"),
        ),
    )
    page.goto("/serveur/")
    assert live == plain(page.locator(".budget-live dl").inner_text())


def paper(name: str, size: int = 20) -> dict[str, object]:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-" + b"x" * size}


def test_each_paper_leaves_alone_and_says_what_became_of_it(page: Page) -> None:
    show(
        page,
        "missions/request/_papers.html",
        papers=papers_in([], form()),
        kinds=list(AnnexKind),
        accepted=".pdf",
        limit=1000,
        mission={"reference": "EX-2026-001"},
    )
    sent: list[str] = []

    def answer(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        kind = "board" if b"board" in body else "statutes"
        sent.append(kind)
        assert route.request.headers["x-csrftoken"] == "jeton"
        if kind == "board":
            words = "Le contenu de bureau.pdf n’est pas un PDF."
            route.fulfill(status=422, content_type="text/plain; charset=utf-8", body=words)
        else:
            route.fulfill(content_type="text/html; charset=utf-8", body="<li>statuts.pdf</li>")

    page.route(f"{HERE}/missions/EX-2026-001/demande/pieces/", answer)
    for kind, name in (("board", "bureau.pdf"), ("statutes", "statuts.pdf")):
        page.locator(f"#id_annex_{kind}").set_input_files([paper(name)])  # type: ignore[list-item]
    card = page.locator("[data-paper=board]")
    expect(card.get_by_role("status")).to_have_text("Le contenu de bureau.pdf n’est pas un PDF.")
    card = page.locator("[data-paper=statutes]")
    expect(card.locator("[data-joined]")).to_have_text("statuts.pdf")
    assert page.locator("#id_annex_statutes").input_value() == ""
    heavy = [paper("lourd.pdf", 2000)]
    page.locator("#id_annex_accounts").set_input_files(heavy)  # type: ignore[arg-type]
    expect(page.locator("[data-paper=accounts]")).to_contain_text("trop lourd")
    assert sorted(sent) == ["board", "statutes"]


def test_paper_that_did_not_leave_says_so(page: Page) -> None:
    show(
        page,
        "missions/request/_papers.html",
        papers=papers_in([], form()),
        kinds=[AnnexKind.STATUTES],
        accepted=".pdf",
        limit=1000,
        mission={"reference": "EX-2026-001"},
    )
    where = f"{HERE}/missions/EX-2026-001/demande/pieces/"
    page.route(where, lambda route: route.abort())
    page.locator("#id_annex_statutes").set_input_files([paper("a.pdf")])  # type: ignore[list-item]
    expect(page.locator("[data-paper=statutes]")).to_contain_text("n’est pas parti")
    page.unroute(where)
    # a portal that answers for the server
    page.route(
        where, lambda route: route.fulfill(content_type="text/html", body="<html>Wi-Fi</html>")
    )
    page.locator("#id_annex_statutes").set_input_files([paper("b.pdf")])  # type: ignore[list-item]
    expect(page.locator("[data-paper=statutes]")).to_contain_text("b.pdf n’est pas parti")
    assert page.locator("[data-joined] li").count() == 0
