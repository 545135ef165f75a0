from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from missions.funding.actions import NewLine, write_budget
from missions.funding.forms import EuroField, initial_of, lines_of
from missions.funding.models import Heading, Side
from missions.funding.queries import budget_of, euros
from tests.factories import World

TRAVEL = NewLine(Side.EXPENSE, Heading.TRAVEL, Decimal("900.50"), "un aller-retour")
SHARE = NewLine(Side.INCOME, Heading.PROGRAMME, Decimal("900.50"), "", True)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1 234,50", "1234.50"),
        ("1\u202f234,5\u00a0€", "1234.50"),
        ("60", "60"),
        ("0", "0"),
    ],
)
def test_amount_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert EuroField(required=False).clean(typed) == Decimal(read)


@pytest.mark.parametrize(
    "typed", ["-1", "mille", "1,234", "12.345,00", "NaN", "Infinity", "1e9999"]
)
def test_amount_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        EuroField(required=False).clean(typed)


def test_euros_are_written_the_french_way() -> None:
    assert euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u00a0€"


def test_budget_is_replaced_and_says_whether_it_changed(world: World) -> None:
    mission = world.mission()
    assert write_budget(mission, [TRAVEL, SHARE], actor=None) is True
    kept = mission.budget_lines.get(heading=Heading.TRAVEL).pk
    assert write_budget(mission, [TRAVEL, SHARE], actor=None) is False
    assert write_budget(mission, [TRAVEL], actor=None) is True
    assert mission.budget_lines.get().pk == kept


def test_budget_shown_in_a_form_comes_back_the_same(world: World) -> None:
    mission = world.mission()
    write_budget(mission, [TRAVEL, SHARE], actor=None)
    budget = budget_of(mission)
    assert lines_of(initial_of([*budget.expenses, *budget.incomes])) == [TRAVEL, SHARE]


def test_valorised_contributions_enter_no_total(world: World) -> None:
    mission = world.mission()
    gift = NewLine(Side.VALORISED, Heading.VOLUNTEER_TIME, Decimal(600), "40 h")
    write_budget(mission, [TRAVEL, SHARE, gift], actor=None)
    budget = budget_of(mission)
    assert (budget.gap, budget.given, budget.share) == (0, Decimal(600), 100)


def test_budget_without_expense_has_no_share(world: World) -> None:
    assert budget_of(world.mission()).share is None


def test_negative_amount_is_refused_by_the_database(world: World) -> None:
    mission = world.mission()
    with pytest.raises(IntegrityError), transaction.atomic():
        write_budget(mission, [NewLine(Side.EXPENSE, Heading.VISA, Decimal(-1))], actor=None)
