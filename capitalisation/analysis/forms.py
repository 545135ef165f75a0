"""The questions put to the corpus, and the writing of a focus."""

from typing import Any

from django import forms
from django_countries import countries

from capitalisation.analysis.matrix import Dimension, Question
from capitalisation.analysis.models import Focus
from capitalisation.analysis.queries import choosable_evidence, evidence_of
from capitalisation.coding.models import Code, Excerpt
from capitalisation.corpus.models import Audience, Moment, Text, TextKind
from explor.accounts.models import User
from missions.dossier.models import MissionType, Programme

ALL = ("", "Tous")


class QuestionForm(forms.Form):
    """Lives in the address. Its choices are what the corpus holds."""

    by = forms.ChoiceField(
        label="Croiser les thèmes avec", required=False, choices=Dimension.choices
    )
    kind = forms.ChoiceField(label="Textes", required=False, choices=[ALL, *TextKind.choices])
    moment = forms.ChoiceField(label="Moment", required=False, choices=[ALL, *Moment.choices])
    audience = forms.ChoiceField(
        label="Parole de", required=False, choices=[ALL, *Audience.choices]
    )
    type = forms.ChoiceField(label="Typologie", required=False, choices=[ALL, *MissionType.choices])
    country = forms.ChoiceField(label="Pays", required=False)
    year = forms.ChoiceField(label="Année", required=False)

    def __init__(self, question: Question, *, programme: Programme) -> None:
        super().__init__(data={name: getattr(question, name) for name in self.base_fields})
        rows = Text.objects.filter(programme=programme, withdrawn_at=None).order_by()
        seen = set(rows.values_list("mission__country", "held_on__year"))
        codes = sorted({code for code, _ in seen if code})
        years = sorted({year for _, year in seen})
        self._choose("country", [(code, str(countries.name(code))) for code in codes])
        self._choose("year", [(str(year), str(year)) for year in years])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ALL, *choices]


class FocusForm(forms.ModelForm[Focus]):
    """`version` is the one that the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    evidence = forms.ModelMultipleChoiceField(
        label="Passages à l’appui",
        queryset=Excerpt.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Focus
        fields = ("title", "article", "codes")
        widgets = {
            "article": forms.Textarea(attrs={"rows": 18}),
            "codes": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "article": "Une ligne vide sépare les paragraphes ; « ## » ouvre un intertitre, "
            "« - » une liste.",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        focus = self.instance
        codes = self.fields["codes"]
        evidence = self.fields["evidence"]
        assert isinstance(codes, forms.ModelMultipleChoiceField)
        assert isinstance(evidence, forms.ModelMultipleChoiceField)
        codes.queryset = Code.objects.filter(
            codebook__programme=focus.programme, merged_into=None
        ).order_by("position", "pk")
        evidence.queryset = choosable_evidence(focus, user).order_by("version", "start")
        self.initial.setdefault("version", focus.version)
        self.initial.setdefault(
            "evidence", list(evidence_of(focus, user).values_list("pk", flat=True))
        )
