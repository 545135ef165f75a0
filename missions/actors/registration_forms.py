"""Registering an association, joining one, inviting a colleague."""

from typing import Any

from django import forms

from explor.accounts.actions import MEMBERS_ONLY
from explor.accounts.models import Organisation, OrganisationKind, Role
from explor.accounts.numbers import RnaField, SiretField
from explor.accounts.queries import Candidate, candidates
from explor.intake.fields import EmailField


class RegistrationForm(forms.Form):
    kind = forms.ChoiceField(
        label="Nature", choices=OrganisationKind.choices, initial=OrganisationKind.OSIM
    )
    name = forms.CharField(
        label="Nom de l’association",
        max_length=200,
        help_text="En entier, comme dans les statuts.",
    )
    acronym = forms.CharField(label="Sigle", max_length=30, required=False)
    city = forms.CharField(label="Ville", max_length=120)
    department = forms.CharField(label="Département", max_length=60, required=False)
    rna = RnaField(
        help_text="La lettre W et neuf chiffres ; il est sur le récépissé de la préfecture."
    )
    siret = SiretField(help_text="Si l’association en a un.")
    website = forms.URLField(label="Site", required=False, assume_scheme="https")
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, any_kind: bool, **kwargs: Any) -> None:
        """Only the administration registers anything but an association."""
        super().__init__(*args, **kwargs)
        if not any_kind:
            del self.fields["kind"]

    def looks_like(self) -> list[Candidate]:
        """The associations already here that may be this one."""
        data = self.cleaned_data
        return candidates(
            data["name"],
            kind=data.get("kind", OrganisationKind.OSIM),
            acronym=data["acronym"],
            rna=data["rna"],
            siret=data["siret"],
        )

    def is_numbered(self, organisation: Organisation) -> bool:
        """Whether one of the numbers typed is exactly the one of `organisation`."""
        typed = {self.cleaned_data["rna"], self.cleaned_data["siret"]} - {""}
        return bool(typed & {organisation.rna, organisation.siret})


class JoinForm(forms.Form):
    message = forms.CharField(
        label="Dites qui vous êtes aux membres de l’association",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)


class InvitationForm(forms.Form):
    email = EmailField(
        label="Adresse e-mail de la personne",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Elle reçoit un lien personnel, valable deux semaines.",
    )
    role = forms.ChoiceField(label="Rôle", choices=Role.choices, initial=Role.MEMBER)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, organisation: Organisation, any_role: bool, **kwargs: Any
    ) -> None:
        """Only the administration offers team roles, where the body may hold them."""
        super().__init__(*args, **kwargs)
        if not any_role or organisation.kind in MEMBERS_ONLY:
            del self.fields["role"]
