"""The fields of a return report. Nothing is required here: filing says what lacks."""

from typing import Any

from django import forms

from capitalisation.corpus.forms import DayInput
from capitalisation.reports.models import ReturnReport
from capitalisation.reports.queries import ObjectiveLine
from missions.dossier.models import Outcome


class ReportForm(forms.ModelForm[ReturnReport]):
    """The report's own columns; `version` tells which wording the writer had before them."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ReturnReport
        fields = (
            "departed_on",
            "returned_on",
            "places",
            "no_incident",
            "security_incident",
            "story",
            "findings",
            "difficulties",
            "gaps",
            "next_steps",
            "women",
            "men",
            "under_30",
            "remote_months",
        )
        widgets = {
            "departed_on": DayInput(),
            "returned_on": DayInput(),
            "security_incident": forms.Textarea(attrs={"rows": 3}),
            "story": forms.Textarea(attrs={"rows": 8}),
            "findings": forms.Textarea(attrs={"rows": 5}),
            "difficulties": forms.Textarea(attrs={"rows": 5}),
            "gaps": forms.Textarea(attrs={"rows": 4}),
            "next_steps": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "places": "Villes et villages, séparés par des virgules.",
            "security_incident": "Ce qui s’est passé, même sans suite. Pas de nom, pas de détail "
            "de santé.",
            "story": "Jour après jour, ce que vous avez fait et avec qui (fonctions, pas de noms).",
            "findings": "Ce que vous avez constaté sur place.",
            "gaps": "Ce qui n’a pas été fait comme prévu, et pourquoi.",
            "women": "Laissez vide si vous ne savez pas : zéro veut dire « aucune ».",
            "under_30": "Femmes et hommes ensemble.",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("no_incident") and data.get("security_incident"):
            self.add_error(
                "no_incident",
                "Vous décrivez un incident et cochez « aucun » : gardez l’un des deux.",
            )
        young = data.get("under_30")
        people = [data.get(name) for name in ("women", "men")]
        if young is not None and None not in people and young > sum(people):  # type: ignore[arg-type]
            self.add_error("under_30", "C’est plus que les femmes et les hommes ensemble.")
        return data

    def columns(self) -> dict[str, Any]:
        """What `save_report` takes under the columns' own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ResultForm(forms.Form):
    """What was done about one objective, written beside it."""

    outcome = forms.ChoiceField(
        label="Résultat", choices=[("", "À dire…"), *Outcome.choices], required=False
    )
    why = forms.CharField(
        label="Pourquoi", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    achievements = forms.CharField(
        label="Réalisations, une par ligne",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, line: ObjectiveLine, **kwargs: Any) -> None:
        kwargs["prefix"] = f"objectif-{line.objective.pk}"
        kwargs["initial"] = {
            "outcome": line.outcome,
            "why": line.why,
            "achievements": line.achievements,
        }
        super().__init__(*args, **kwargs)
        self.line = line

    def row(self) -> dict[str, Any]:
        return {"objective": self.line.objective.pk, **self.cleaned_data}
