"""The committee's decision, and the letter that tells it."""

from typing import Any

from django import forms

from missions.funding.forms import EuroField
from missions.review.decision_models import DecisionOutcome
from missions.review.forms import LONG

#: No decision: the dossier goes back to who reviews it.
RETURNED = "returned"


def _text(rows: int = 4, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "maxlength": LONG})
    return forms.CharField(max_length=LONG, widget=area, **kwargs)


class DecisionForm(forms.Form):
    """`in_session`: the sitting says by itself whether its quorum is met."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Décision",
        choices=[*DecisionOutcome.choices, (RETURNED, "Ajournée : renvoyée en instruction")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez : retenue, non retenue ou ajournée."},
    )
    reason = _text(
        label="Motif",
        help_text="L’association le lira.",
        error_messages={"required": "Donnez le motif de la décision."},
    )
    conditions = _text(
        3,
        label="Conditions",
        required=False,
        help_text="Ce que l’association devra faire avant le départ.",
    )
    amount = EuroField(label="Montant engagé (€)", required=False)
    delegation = _text(
        2,
        label="Décision hors séance : par quelle délégation, ou à quelle réunion ?",
        help_text="Lu par l’équipe seulement.",
        error_messages={"required": "Dites pourquoi la décision est prise hors séance."},
    )

    def __init__(
        self, *args: Any, in_session: bool = False, quorate: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if in_session:
            field = self.fields["delegation"]
            field.label = "Sans quorum : par quelle délégation le comité décide-t-il ?"
            field.error_messages["required"] = (
                "Le quorum n’est pas atteint : dites par quelle délégation vous décidez."
            )
            if quorate:
                del self.fields["delegation"]

    def clean(self) -> dict[str, Any]:
        """An adjournment asks for a reason and nothing else."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == RETURNED:
            self.errors.pop("delegation", None)
        return cleaned


class LetterForm(forms.Form):
    body = forms.CharField(
        label="Texte de la lettre",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 16, "maxlength": LONG}),
        help_text="La décision, son motif, les conditions et le montant s’ajoutent d’eux-mêmes.",
        error_messages={"required": "Une lettre a un texte."},
    )
    valid_until = forms.DateField(
        label="Décision valable jusqu’au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact = forms.CharField(
        label="À qui écrire",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 600}),
        error_messages={"required": "Dites à qui l’association peut écrire."},
    )
