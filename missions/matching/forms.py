from django import forms

from missions.actors.models import Volunteer


class ProposalForm(forms.Form):
    """Whom to ask, and the word that goes with it."""

    volunteer = forms.ModelChoiceField(
        Volunteer.objects.filter(user__is_active=True),
        to_field_name="uuid",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Cette personne n’est plus proposée."},
    )
    why = forms.CharField(
        label="Pourquoi vous pensez à cette personne",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites à la personne pourquoi vous pensez à elle."},
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Un mot à la coordination",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        help_text="Une question, une contrainte de date, la raison d’un refus…",
    )
    accept = forms.ChoiceField(choices=[("yes", "Oui"), ("no", "Non")])
