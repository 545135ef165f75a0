"""Amounts as people type them, and the fields of a budget."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from explor.intake.text import bare
from missions.funding.actions import NewLine
from missions.funding.models import (
    EXPENSE_HEADINGS,
    INCOME_HEADINGS,
    VALORISED_HEADINGS,
    Heading,
    Side,
)

SPACES = re.compile(r"[\s\u00a0\u202f€]")
HOW = {
    Side.EXPENSE: "Mode de calcul",
    Side.INCOME: "Auprès de qui, à quelles conditions",
    Side.VALORISED: "Mode de calcul",
}
HEADINGS: dict[Side, tuple[Heading, ...]] = {
    Side.EXPENSE: EXPENSE_HEADINGS,
    Side.INCOME: INCOME_HEADINGS,
    Side.VALORISED: VALORISED_HEADINGS,
}


class EuroField(forms.DecimalField):
    """« 1 234,50 », « 1234.5 », « 60 € »: euros, never negative, two decimals."""

    default_error_messages = {
        "invalid": "Écrivez un montant en euros, par exemple 1 234,50.",
        "min_value": "Un montant ne peut pas être négatif.",
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "number"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        super().__init__(min_value=0, max_digits=12, decimal_places=2, **kwargs)
        self.error_messages["min_value"] = self.default_error_messages["min_value"]

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = plain_amount(value)
            if not re.fullmatch(r"-?[0-9.]*", value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return (
                f"{value.normalize():f}".replace(".", ",")
                if value == value.to_integral()
                else (f"{value:.2f}".replace(".", ","))
            )
        return value


def plain_amount(text: str) -> str:
    """« 1 234,50 € », « 4€50 », « 12 € 50 » as Python writes them; `static/js/budget.js` alike."""
    text = re.sub(r"(\d)\s*€\s*(\d{2})$", r"\1,\2", bare(text))
    if re.search(r"€.*\d", text):
        return text
    return SPACES.sub("", text).replace(",", ".")


def budget_fields() -> dict[str, forms.Field]:
    """`expense_travel_amount`, `expense_travel_how`, `income_programme_secured`…"""
    found: dict[str, forms.Field] = {}
    for side, headings in HEADINGS.items():
        for heading in headings:
            name, label = f"{side}_{heading}", str(heading.label)
            found[f"{name}_amount"] = EuroField(label=f"{label} (€)", required=False)
            found[f"{name}_how"] = forms.CharField(
                label=f"{HOW[side]} : {label}", max_length=300, required=False
            )
            if side == Side.INCOME:
                found[f"{name}_secured"] = forms.BooleanField(
                    label=f"Acquis : {label}", required=False
                )
    return found


def lines_of(cleaned: dict[str, Any]) -> list[NewLine]:
    """The lines that hold something, from the cleaned data of `budget_fields`."""
    found = []
    for side, headings in HEADINGS.items():
        for heading in headings:
            name = f"{side}_{heading}"
            amount, how = cleaned.get(f"{name}_amount"), cleaned.get(f"{name}_how", "")
            secured = cleaned.get(f"{name}_secured", False)
            if amount or how:
                found.append(NewLine(side.value, heading.value, amount or Decimal(0), how, secured))
    return found


def initial_of(lines: list[Any]) -> dict[str, Any]:
    """The values of `budget_fields` for lines already written."""
    found: dict[str, Any] = {}
    for line in lines:
        name = f"{line.side}_{line.heading}"
        found[f"{name}_amount"] = line.amount or None
        found[f"{name}_how"] = line.how
        found[f"{name}_secured"] = line.secured
    return found
