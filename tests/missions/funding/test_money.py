from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from missions.funding.money import CFA_PARITY, Currency, fits, parity, to_euros, written

FRANCS = [Currency.XOF, Currency.XAF]


@pytest.mark.parametrize("one", Currency.values)
@pytest.mark.parametrize("other", Currency.values)
def test_two_currencies_are_never_added_nor_compared(one: str, other: str) -> None:
    left, right = Money(1, one), Money(2, other)
    if one == other:
        assert left + right == Money(3, one)
        return
    with pytest.raises(TypeError):
        left + right
    with pytest.raises(TypeError):
        assert left < right


@pytest.mark.parametrize("code", FRANCS)
def test_franc_is_worth_its_fixed_parity(code: str) -> None:
    assert to_euros(Money(655_957, code)) == Money(1000, "EUR")
    assert to_euros(Money(1000, code), Decimal(640)) == Money("1.56", "EUR")


def test_euro_is_worth_itself() -> None:
    assert (parity(Currency.EUR), parity(Currency.XAF)) == (1, CFA_PARITY)
    assert to_euros(Money("12.345", "EUR")) == Money("12.35", "EUR")


@given(st.integers(min_value=0, max_value=10**12))
def test_francs_made_euros_and_back_lose_less_than_four_francs(francs: int) -> None:
    worth = to_euros(Money(francs, Currency.XOF)).amount
    assert abs(worth * CFA_PARITY - francs) < 4


@pytest.mark.parametrize(
    ("amount", "code", "words"),
    [
        ("1234567.5", "EUR", "1\u202f234\u202f567,50\u00a0€"),
        ("0", "EUR", "0,00\u00a0€"),
        ("-12.3", "EUR", "\u221212,30\u00a0€"),
        ("98394", "XOF", "98\u202f394\u00a0F\u00a0CFA"),
        ("250.5", "XAF", "251\u00a0F\u00a0CFA"),
    ],
)
def test_amount_is_written_the_french_way(amount: str, code: str, words: str) -> None:
    assert written(Money(amount, code)) == words


@pytest.mark.parametrize(
    ("amount", "code", "exists"),
    [("1.05", "EUR", True), ("1.005", "EUR", False), ("10", "XOF", True), ("10.5", "XAF", False)],
)
def test_amount_fits_the_coins_of_its_currency(amount: str, code: str, exists: bool) -> None:
    assert fits(Decimal(amount), code) is exists
