"""The fields that forms are made of, so that a thing is understood alike everywhere."""

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from explor import clock
from explor.intake.text import bare

#: What a column of addresses holds (and what a mail server takes: RFC 5321).
LONGEST_ADDRESS = 254


class EmailField(forms.EmailField):
    """Pasted from a web page or a phone's contacts: its invisible marks go."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_ADDRESS, **kwargs})

    def to_python(self, value: Any) -> Any:
        return super().to_python(bare(value) if isinstance(value, str) else value)


class JSONField(forms.JSONField):
    """Django's lets a number of five thousand digits through as an error of ours."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            if isinstance(error, ValidationError | json.JSONDecodeError):
                raise
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class DateField(forms.DateField):
    """A day of the work: far from today it is a slip, and the year meant is asked about.

    `before` and `after` are years around today.
    """

    def __init__(self, *, before: int = 10, after: int = 10, **kwargs: Any) -> None:
        self.before, self.after = before, after
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        today = clock.today()
        if day and not today.year - self.before <= day.year <= today.year + self.after:
            far = "une date à venir bien lointaine" if day > today else "bien loin d’aujourd’hui"
            raise ValidationError(
                f"Vérifiez l’année\u00a0: {day.year} est {far}. "
                f"Vouliez-vous dire {self._meant(day, today)}\u00a0?",
                code="odd_year",
            )
        return day

    def _meant(self, day: date, today: date) -> int:
        """The year near today that is written most like the one typed."""
        typed = f"{day.year:04d}"
        years = range(today.year - self.before, today.year + self.after + 1)
        slips = {year: sum(a != b for a, b in zip(str(year), typed, strict=True)) for year in years}
        return min(years, key=lambda year: (slips[year], abs(year - today.year)))
