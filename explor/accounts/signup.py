"""What creating an account asks besides the e-mail: a name, and no password."""

from django import forms
from django.http import HttpRequest

from explor.accounts.models import User


class NameForm(forms.Form):
    """The base of allauth's sign-up form. The code sent by e-mail opens the account."""

    first_name = forms.CharField(
        label="Prénom",
        max_length=150,
        help_text="Si vous n’avez qu’un nom, écrivez-le ici.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label="Nom (facultatif)",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    field_order = ("first_name", "last_name", "email")

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth has saved the names already; nothing else is asked."""
