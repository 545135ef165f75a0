from datetime import date
from typing import Any

from django import forms

from explor.intake.fields import DateField
from missions.request.forms import DayInput


class DatesForm(forms.Form):
    departs_on = DateField(label="Départ", widget=DayInput())
    returns_on = DateField(label="Retour", widget=DayInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first: date | None = cleaned.get("departs_on")
        last: date | None = cleaned.get("returns_on")
        if first and last and last < first:
            self.add_error("returns_on", "La date de retour vient avant la date de départ.")
        return cleaned
