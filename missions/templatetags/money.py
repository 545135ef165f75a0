"""`{% load money %}{{ amount|euros }}` writes « 1 234,50 € »."""

from decimal import Decimal

from django import template

from missions.funding.queries import euros as written

register = template.Library()


@register.filter
def euros(amount: Decimal | None) -> str:
    return written(amount) if amount is not None else ""
