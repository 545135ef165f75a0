"""`{{ amount|euros }}` writes « 1 234,50 € », `{{ expense.money|money }}` its own currency."""

from decimal import Decimal

from django import template
from moneyed import Money

from missions.funding import money as amounts

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    return amounts.euros(amount) if amount is not None else ""


@register.filter
def money(amount: Money | None) -> str:
    return amounts.written(amount) if amount is not None else ""


@register.filter
def rate(value: Decimal) -> str:
    """« 655,957 »: as many decimals as it has."""
    return f"{value.normalize():f}".replace(".", ",")
