"""A programme and a territory, as the administration opens them."""

from typing import Any
from uuid import uuid4

from django import forms

from explor.accounts.models import Organisation, OrganisationKind
from missions.actors.editing_forms import DayInput
from missions.dossier.models import PartnerRole, Programme, Territory

PARTNERS = (
    OrganisationKind.SUPPORT_NETWORK,
    OrganisationKind.ESS,
    OrganisationKind.FUNDER,
)


def _bodies(*kinds: str) -> Any:
    return Organisation.objects.filter(kind__in=kinds).order_by("name", "pk")


class ProgrammeForm(forms.Form):
    name = forms.CharField(label="Nom", max_length=120)
    reference_prefix = forms.RegexField(
        r"^[A-Z]{2,4}$",
        label="Préfixe des références",
        strip=True,
        help_text="Deux à quatre majuscules : EX donne EX-2026-001.",
        error_messages={"invalid": "Deux à quatre lettres majuscules, sans accent."},
    )
    tagline = forms.CharField(label="En une phrase", max_length=250, required=False)
    starts_on = forms.DateField(label="Début", widget=DayInput())
    ends_on = forms.DateField(label="Fin", required=False, widget=DayInput())
    territories = forms.ModelMultipleChoiceField(
        Territory.objects.all(), label="Territoires", widget=forms.CheckboxSelectMultiple
    )
    leads = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Qui porte le programme"
    )
    coordinates = forms.ModelMultipleChoiceField(Organisation.objects.none(), label="Qui coordonne")
    accompanies = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label="Qui accompagne"
    )
    funds = forms.ModelMultipleChoiceField(Organisation.objects.none(), label="Qui finance")
    presentation = forms.CharField(
        label="Présentation", required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    is_open = forms.BooleanField(label="Reçoit des demandes", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, programme: Programme | None = None) -> None:
        super().__init__(data, initial=_initial(programme) if programme else {"token": uuid4()})
        rows = _bodies(*PARTNERS)
        choices = [(row.pk, str(row)) for row in rows]
        for role in PartnerRole:
            field = self.fields[role.value]
            assert isinstance(field, forms.ModelMultipleChoiceField)
            field.queryset = rows
            field.choices = choices  # read once for the four
            field.required = False
            field.widget.attrs["size"] = 5

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "La fin du programme vient avant son début.")
        return cleaned

    def texts(self) -> dict[str, Any]:
        return {
            key: value
            for key, value in self.cleaned_data.items()
            if key not in ("version", "token")
        }


def _initial(programme: Programme) -> dict[str, Any]:
    partners = list(programme.partner_rows.select_related("organisation"))
    return {
        **{name: getattr(programme, name) for name in ("name", "tagline", "reference_prefix")},
        **{name: getattr(programme, name) for name in ("starts_on", "ends_on", "presentation")},
        "is_open": programme.is_open,
        "version": programme.version,
        "territories": list(programme.territories.all()),
        **{
            role.value: [row.organisation for row in partners if row.role == role]
            for role in PartnerRole
        },
    }


class TerritoryForm(forms.Form):
    name = forms.CharField(label="Nom", max_length=100, help_text="Une région française.")
    networks = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(kind=OrganisationKind.SUPPORT_NETWORK).order_by("name", "pk"),
        label="Structures qui la coordonnent",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, territory: Territory | None = None) -> None:
        initial: dict[str, Any] = {"token": uuid4()}
        if territory is not None:
            initial = {
                "name": territory.name,
                "networks": list(territory.networks.all()),
                "version": territory.version,
            }
        super().__init__(data, initial=initial)
