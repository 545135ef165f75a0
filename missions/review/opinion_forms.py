"""Asking for opinions, giving one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms

from explor import clock
from explor.intake.fields import EmailField
from missions.review.forms import long_text
from missions.review.opinion_models import OpinionVerdict

USUAL_DELAY = timedelta(days=10)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AskForm(forms.Form):
    """The people ticked are read beside: their list depends on what was searched."""

    due_on = forms.DateField(
        label="Réponse attendue pour le",
        widget=DayInput,
        error_messages={
            "required": "Choisissez la date.",
            "invalid": "Écrivez une date, par exemple 15/03/2027.",
        },
    )
    question = long_text(
        "Ce que vous demandez",
        rows=3,
        required=False,
        help_text="Par exemple : le calendrier est-il tenable ? "
        "Le matériel existe-t-il sur place ?",
    )
    name = forms.CharField(label="Nom", max_length=150, required=False)
    email = EmailField(
        label="Adresse e-mail",
        required=False,
        error_messages={"invalid": "Cette adresse e-mail n’est pas complète."},
    )
    capacity = forms.CharField(
        label="À quel titre", max_length=120, required=False, help_text="Son métier, sa structure."
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, token: UUID) -> None:
        initial = {"due_on": clock.today() + USUAL_DELAY, "token": token}
        super().__init__(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Écrivez l’adresse où envoyer le lien.")
        if cleaned.get("email") and not cleaned.get("name"):
            self.add_error("name", "Écrivez le nom de la personne.")
        return cleaned


class OpinionForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Votre avis",
        choices=OpinionVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez : favorable, avec réserves ou défavorable."},
    )
    text = long_text(
        "Ce qui fonde votre avis",
        rows=6,
        help_text="Lu par la coordination et le comité, pas par l’association.",
        error_messages={"required": "Écrivez en quelques mots ce qui fonde votre avis."},
    )
