"""The committee's decision."""

from django import forms

from missions.funding.forms import EuroField
from missions.review.decision_models import DecisionOutcome
from missions.review.forms import LONG


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Décision",
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez : retenue ou non retenue."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONG}),
        help_text="L’association le lira.",
        error_messages={"required": "Donnez le motif de la décision."},
    )
    conditions = forms.CharField(
        label="Conditions",
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONG}),
        help_text="Ce que l’association devra faire avant le départ.",
    )
    amount = EuroField(label="Montant engagé (€)", required=False)
