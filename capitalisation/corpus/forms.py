from typing import Any

from django import forms
from django.db.models import QuerySet

from capitalisation.corpus.models import Audience, Moment, Pseudonym, Text, TextKind
from capitalisation.corpus.queries import matching_words
from missions.dossier.models import MissionType

Choice = list[tuple[str, str]]


class DayInput(forms.DateInput):
    """The browser's own calendar, which wants ISO dates."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


def any_or(choices: Any, label: str) -> Choice:
    """The choices of a filter, with « all » first."""
    return [("", label), *choices]


class CorpusFilter(forms.Form):
    """Filters of the list, kept in the address; a value nobody knows filters nothing."""

    q = forms.CharField(label="Mots", required=False, max_length=200)
    nature = forms.ChoiceField(
        label="Nature", required=False, choices=any_or(TextKind.choices, "Toutes")
    )
    moment = forms.ChoiceField(
        label="Moment", required=False, choices=any_or(Moment.choices, "Tous")
    )
    parole = forms.ChoiceField(
        label="Parole de", required=False, choices=any_or(Audience.choices, "Tout le monde")
    )
    type = forms.ChoiceField(
        label="Typologie", required=False, choices=any_or(MissionType.choices, "Toutes")
    )

    def apply(self, texts: QuerySet[Text]) -> QuerySet[Text]:
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        columns = {"nature": "kind", "moment": "moment", "parole": "audience"}
        found = {column: wanted[name] for name, column in columns.items() if name in wanted}
        texts = texts.filter(**found)
        if "type" in wanted:
            texts = texts.filter(mission__components__type=wanted["type"]).distinct()
        return matching_words(texts, wanted["q"]) if "q" in wanted else texts


class PseudonymForm(forms.ModelForm[Pseudonym]):
    class Meta:
        model = Pseudonym
        fields = ("term", "replacement")
        help_texts = {
            "term": "Un nom, un lieu, une fonction qui désigne quelqu’un ; majuscules ou non.",
            "replacement": "Plus général : « un village du littoral », « une élue ».",
        }
