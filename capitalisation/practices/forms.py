from datetime import date
from typing import Any

from django import forms

from capitalisation.coding.models import Code
from capitalisation.coding.queries import codes_of
from capitalisation.corpus.models import Circle, QuoteLevel
from capitalisation.practices.models import GoodPractice, Workshop
from explor import clock
from missions.dossier.models import Programme


class PracticeForm(forms.ModelForm[GoodPractice]):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = GoodPractice
        fields = ("title", "summary", "body", "how_to", "position")
        labels = {"how_to": "Comment faire", "position": "Place dans la liste"}
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2, "data-count": "", "maxlength": 300}),
            "body": forms.Textarea(attrs={"rows": 10}),
            "how_to": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "body": "Une ligne vide sépare les paragraphes ; « ## » ouvre un intertitre, "
            "« - » une liste.",
            "how_to": "Une étape par ligne.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.initial.setdefault("version", self.instance.version)

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or self.instance.position

    def _post_clean(self) -> None:
        """The action writes, not the form: the instance stays as it was read."""


class EvidenceForm(forms.Form):
    """Which passages to look among."""

    code = forms.ModelChoiceField(
        label="Thème", queryset=Code.objects.none(), required=False, empty_label="Tous les thèmes"
    )
    q = forms.CharField(label="Mots du passage", max_length=100, required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = self.fields["code"]
        assert isinstance(codes, forms.ModelChoiceField)
        codes.queryset = codes_of(programme).filter(codable=True)


class AnswersForWorkshop(forms.Form):
    """What the people who were there accept; unanswered, their words stay with the team."""

    quote_level = forms.ChoiceField(
        label="Les personnes présentes acceptent-elles que ces paroles soient citées ?",
        choices=[
            (QuoteLevel.NONE, "Non, ou la question ne leur a pas été posée"),
            (QuoteLevel.ANONYMOUS, "Oui, comme la parole de l’atelier, sans nom ni fonction"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    circle = forms.ChoiceField(
        label="Auprès de qui ?", choices=Circle.choices, required=False, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["quote_level"] = data.get("quote_level") or QuoteLevel.NONE
        data["circle"] = data.get("circle") or Circle.TEAM
        return data


class WorkshopForm(AnswersForWorkshop, forms.ModelForm[Workshop]):
    class Meta:
        model = Workshop
        fields = ("title", "held_on", "place", "participants", "notes")
        labels = {"participants": "Nombre de personnes présentes"}
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}),
            "notes": forms.Textarea(attrs={"rows": 10}),
        }
        help_texts = {
            "notes": "Une ligne vide sépare les idées. Ces notes entrent dans le corpus ; les "
            "pseudonymes du programme et de ses missions y sont remplacés.",
        }

    def clean_held_on(self) -> date:
        held_on: date = self.cleaned_data["held_on"]
        if held_on > clock.today():
            raise forms.ValidationError("L’atelier n’a pas encore eu lieu.")
        return held_on
