"""The sheets of an organisation and of a volunteer, and what two people changed in one."""

from typing import Any

from django import forms
from django_countries import countries

from explor.accounts.models import Organisation, OrganisationKind
from explor.accounts.numbers import RnaField, SiretField
from explor.accounts.queries import number_is_taken
from missions.actors.editing import ORGANISATION, PERSON, PROFILE, VOLUNTEER
from missions.actors.languages import LANGUAGES
from missions.actors.models import Channel, Frame, OsimProfile, Skill, Volunteer, VolunteerStatus


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _long(label: str, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "maxlength": 3000})
    return forms.CharField(label=label, required=False, max_length=3000, widget=area, **kwargs)


def _short(label: str, length: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


class VersionedForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def data_to_save(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "version"}


class OrganisationForm(VersionedForm):
    name = _short("Nom", 200, required=True)
    acronym = _short("Sigle", 30)
    city = _short("Ville", 120)
    department = _short("Département", 60)
    rna = RnaField()
    siret = SiretField()
    website = forms.URLField(label="Site", required=False, assume_scheme="https")
    description = _long("Présentation", help_text="Quelques phrases, lues par les équipes.")
    address = _long("Adresse")
    legal_representative = _short("Représentant·e légal·e", 120)
    contact_name = _short("Personne de contact", 120)
    contact_phone = _short("Téléphone du contact", 30)
    preferred_channel = forms.ChoiceField(label="Canal préféré", choices=Channel.choices)
    members_count = forms.IntegerField(
        label="Nombre de membres", required=False, min_value=0, max_value=1_000_000
    )
    fields_of_action = _short("Domaines d’action", 300)
    past_projects = _long("Projets passés")

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        initial = {name: getattr(organisation, name) for name in ORGANISATION}
        profile = OsimProfile.objects.filter(organisation=organisation).first() or OsimProfile()
        initial |= {name: getattr(profile, name) for name in PROFILE}
        super().__init__(data, initial={**initial, "version": organisation.version})
        self.organisation = organisation
        if organisation.kind != OrganisationKind.OSIM:
            for name in PROFILE:
                del self.fields[name]

    def clean_rna(self) -> str:
        return self._not_of_another("rna")

    def clean_siret(self) -> str:
        return self._not_of_another("siret")

    def _not_of_another(self, name: str) -> str:
        value: str = self.cleaned_data[name]
        if value and number_is_taken(name, value, besides=self.organisation):
            raise forms.ValidationError("Ce numéro est déjà celui d’une autre organisation.")
        return value


class VolunteerForm(VersionedForm):
    first_name = _short("Prénom", 150, required=True)
    last_name = _short("Nom (facultatif)", 150)
    phone = _short("Téléphone", 30)
    job = _short("Métier", 160)
    status = forms.ChoiceField(label="Statut", choices=VolunteerStatus.choices)
    frame = forms.ChoiceField(label="Cadre de départ", choices=Frame.choices)
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(),
        label="Compétences",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label="Langues",
        required=False,
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    countries_accepted = forms.MultipleChoiceField(
        label="Pays où vous partiriez",
        required=False,
        help_text="Aucun choisi : tous les pays.",
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    longest_stay_days = forms.IntegerField(
        label="Séjour le plus long, en jours", min_value=1, max_value=90
    )
    available_from = forms.DateField(
        label="Disponible à partir du", required=False, widget=DayInput()
    )
    available_to = forms.DateField(label="Disponible jusqu’au", required=False, widget=DayInput())
    intercultural_experience = _long("Expérience interculturelle")

    def __init__(self, data: Any = None, *, volunteer: Volunteer) -> None:
        initial: dict[str, Any] = {name: getattr(volunteer.user, name) for name in PERSON}
        initial |= {name: getattr(volunteer, name) for name in VOLUNTEER}
        initial["skills"] = list(volunteer.skills.all())
        super().__init__(data, initial={**initial, "version": volunteer.version})
        field = self.fields["countries_accepted"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(countries)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("available_from"), cleaned.get("available_to")
        if first and last and last < first:
            self.add_error("available_to", "La fin de la disponibilité vient avant son début.")
        return cleaned
