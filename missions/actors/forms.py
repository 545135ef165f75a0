"""Filters of the directory; plain fields, kept in the address."""

from django import forms
from django_countries import countries


class ActorFilter(forms.Form):
    nature = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Nom, ville, métier", required=False)
    pays = forms.ChoiceField(label="Pays", required=False)

    def __init__(self, *args: object, codes: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = [(code, str(countries.name(code))) for code in codes]
        choices = [("", "Tous"), *sorted(named, key=lambda pair: pair[1])]
        self.fields["pays"].choices = choices  # type: ignore[attr-defined]
