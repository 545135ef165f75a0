"""Amounts and their currencies: what may be added, what a franc is worth, how it is written."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from moneyed import Money


class Currency(models.TextChoices):
    EUR = "EUR", "euro (€)"
    XOF = "XOF", "franc CFA d’Afrique de l’Ouest (XOF)"
    XAF = "XAF", "franc CFA d’Afrique centrale (XAF)"


#: The smallest amount of each currency: the CFA francs have no coin under the franc in use.
DECIMALS: dict[str, int] = {Currency.EUR: 2, Currency.XOF: 0, Currency.XAF: 0}
_SIGNS: dict[str, str] = {Currency.EUR: "€", Currency.XOF: "F CFA", Currency.XAF: "F CFA"}

#: Francs CFA (XOF as XAF) for one euro. The parity is fixed: 100 francs CFA are worth one French
#: franc since 1 January 1999 as before it (decision 98/683/EC of the Council, 23 November 1998),
#: and one euro is worth 6.55957 French francs (regulation 2866/98/EC of the Council, 31 December
#: 1998): 6.55957 × 100.
CFA_PARITY = Decimal("655.957")

#: From what Python writes: thousands, decimals, and a minus as wide as a figure.
_FRENCH = str.maketrans({",": "\u202f", ".": ",", "-": "\u2212"})

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def parity(currency: str) -> Decimal:
    """How much of `currency` one euro is worth."""
    return Decimal(1) if currency == Currency.EUR else CFA_PARITY


def rates(currency: str) -> tuple[Decimal, Decimal]:
    """What one euro may have been worth at an exchange office: the law's parity, give or take its
    fee (5 %)."""
    fixed = parity(currency)
    if currency == Currency.EUR:
        return fixed, fixed
    return (fixed * Decimal("0.95")).quantize(CENT), (fixed * Decimal("1.05")).quantize(CENT)


def figure(number: Decimal) -> str:
    """« 655,957 »."""
    return f"{number.normalize():f}".replace(".", ",")


def fits(amount: Decimal, currency: str) -> bool:
    """Whether the amount exists in that currency: no cent of a franc."""
    return amount == amount.quantize(Decimal(1).scaleb(-DECIMALS[currency]))


def to_euros(amount: Money, rate: Decimal | None = None) -> Money:
    """Rounded to the nearest cent, halves up. `rate` is what one euro was worth that day."""
    worth = amount.amount / (rate or parity(str(amount.currency)))
    return Money(worth.quantize(CENT, ROUND_HALF_UP), Currency.EUR)


def written(amount: Money) -> str:
    """« 1 234,50 € », « 98 394 F CFA », with the no-break spaces of French."""
    code = str(amount.currency)
    decimals = DECIMALS[code]
    rounded = amount.amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole = f"{rounded:,.{decimals}f}".translate(_FRENCH)
    return f"{whole}\u00a0{_SIGNS[code].replace(' ', chr(0xA0))}"


def euros(amount: Decimal) -> str:
    """« 1 234,50 € »."""
    return written(Money(amount, Currency.EUR))
