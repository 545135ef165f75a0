"""What a draft needs to exist."""

from typing import Any

from django import forms

from explor.accounts.models import Organisation, OrganisationKind, Role, User
from missions.dossier.models import Mission, Programme, Territory


class StartForm(forms.Form):
    """The five answers that open a draft."""

    holder = forms.ModelChoiceField(Organisation.objects.none(), label="Association")
    programme = forms.ModelChoiceField(Programme.objects.filter(is_open=True), label="Programme")
    territory = forms.ModelChoiceField(
        Territory.objects.all(),
        label="Territoire",
        help_text="La région française de votre association.",
    )
    title = forms.CharField(
        label="Titre de la mission",
        max_length=200,
        help_text="En quelques mots\u00a0; vous pourrez le changer.",
    )
    country = Mission._meta.get_field("country").formfield()
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = user.standing.organisations(Role.MEMBER)
        rows = Organisation.objects.filter(kind=OrganisationKind.OSIM)
        self.coordinates = user.has_perm("missions.add_request_on_behalf")
        self.own = own
        choice = self.fields["holder"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = rows if self.coordinates else rows.filter(pk__in=own)
        for name in ("holder", "programme", "territory"):
            self._offer(name)

    def _offer(self, name: str) -> None:
        """Read the choices once; the only one there is, is chosen already."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField) and field.queryset is not None
        rows = [(row.pk, str(row)) for row in field.queryset]
        field.choices = rows if len(rows) == 1 else [("", "—"), *rows]

    @property
    def on_behalf(self) -> bool:
        """The coordination types for an association it is no member of."""
        holder: Organisation = self.cleaned_data["holder"]
        return self.coordinates and holder.pk not in self.own
