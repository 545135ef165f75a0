"""Amounts and days as people type them; what cannot be right is asked about."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from explor import clock
from explor.intake.fields import DateField, EmailField
from explor.ui.errors import Refusal
from missions.dossier.models import Mission
from missions.funding.expenses import record_expense
from missions.funding.forms import EuroField
from tests.factories import World
from tests.missions.funding.words import BILL


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4€50", "4.50"),
        ("12 € 50", "12.50"),
        ("1 234,50 €", "1234.50"),
        ("1\u202f234\u00a0€", "1234"),
        ("\u202d60\u202c", "60"),
    ],
)
def test_an_amount_is_read_as_it_is_said(typed: str, read: str) -> None:
    assert EuroField().clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["4€5", "4 € 500", "€ 4", "4€50€", "NaN", "1e9", "²", "9" * 5000])
def test_an_amount_that_says_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        EuroField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2926-05-12", 2026), ("0026-05-12", 2026), ("0020-05-12", 2020), ("1926-05-12", 2026)],
)
def test_a_year_far_away_is_asked_about(typed: str, meant: int) -> None:
    with clock.at(datetime(2026, 3, 1, 12)):
        with pytest.raises(ValidationError, match=f"Vouliez-vous dire {meant}"):
            DateField().clean(typed)
        assert DateField().clean("2027-05-12") == date(2027, 5, 12)


def test_an_address_pasted_with_marks_is_read() -> None:
    assert EmailField().clean("\u200bawa@example.org\u00a0") == "awa@example.org"


@pytest.mark.parametrize("rate", [1, 65, 600, 700, 65596])
def test_a_franc_is_worth_what_the_law_says(world: World, rate: int) -> None:
    mission: Mission = world.mission("preparation")
    with pytest.raises(Refusal, match="655,957"):
        record_expense(mission, BILL | {"rate": Decimal(rate)}, actor=world.coordinator)
    assert not mission.expenses.exists()
