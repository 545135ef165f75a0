from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms

from capitalisation.publications.models import Booklet, BookletSection
from explor import clock
from missions.dossier.models import Programme, Territory


class ScopeForm(forms.Form):
    """What a booklet is called and what it is about."""

    title = forms.CharField(label="Titre", max_length=160)
    subtitle = forms.CharField(label="Sous-titre", max_length=200, required=False)
    territory = forms.ModelChoiceField(
        label="Territoire",
        queryset=Territory.objects.none(),
        required=False,
        empty_label="Tous les territoires",
    )
    years = forms.TypedMultipleChoiceField(
        label="Années des missions",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans année cochée : toutes les missions.",
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        territory, years = self.fields["territory"], self.fields["years"]
        assert isinstance(territory, forms.ModelChoiceField)
        assert isinstance(years, forms.TypedMultipleChoiceField)
        territory.queryset = programme.territories.all()
        found = range(programme.starts_on.year, clock.today().year + 1)
        years.choices = [(str(year), str(year)) for year in found]


class NewBookletForm(ScopeForm):
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid4())


class BookletForm(ScopeForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, booklet: Booklet) -> None:
        initial = {
            "title": booklet.title,
            "subtitle": booklet.subtitle,
            "territory": booklet.territory_id,
            "years": [str(year) for year in booklet.years],
            "version": booklet.version,
        }
        super().__init__(data, initial=initial, programme=booklet.programme)


class SectionForm(forms.ModelForm[BookletSection]):
    class Meta:
        model = BookletSection
        fields = ("included", "position", "title", "introduction")
        labels = {"position": "Ordre", "introduction": "Texte d’introduction"}
        widgets = {"introduction": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"introduction": "« ## » ouvre un intertitre, « - » une liste."}

    def _post_clean(self) -> None:
        """The action writes, not the form: the instance stays as it was read."""


def section_forms(
    data: Mapping[str, Any] | None, sections: list[BookletSection]
) -> list[SectionForm]:
    return [SectionForm(data, instance=row, prefix=row.kind) for row in sections]


def section_data(forms_: list[SectionForm]) -> dict[str, dict[str, Any]]:
    """Kind → what was typed, for `save_booklet`."""
    return {form.instance.kind: dict(form.cleaned_data) for form in forms_}
