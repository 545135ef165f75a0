"""The repeated lines of a report. An empty line is no line; saving offers new ones."""

from typing import Any

from django import forms

from capitalisation.corpus.forms import DayInput
from capitalisation.reports.models import Level, Opened, TieEvent, TieKind
from capitalisation.reports.queries import RECOMMENDATIONS_NEEDED, ReportRows

Rows = list[dict[str, Any]]


class RecommendationForm(forms.Form):
    action = forms.CharField(label="Action", max_length=300, required=False)
    who = forms.CharField(label="Par qui", max_length=120, required=False)
    due = forms.CharField(label="Quand", max_length=80, required=False)


class MeetingForm(forms.Form):
    institution = forms.CharField(label="Institution", max_length=200, required=False)
    level = forms.ChoiceField(
        label="Niveau", choices=[("", "À dire…"), *Level.choices], required=False
    )
    opened = forms.MultipleChoiceField(
        label="Ce que la rencontre a ouvert",
        choices=Opened.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TieForm(forms.Form):
    name = forms.CharField(label="Structure", max_length=200, required=False)
    kind = forms.ChoiceField(
        label="Nature", choices=[("", "À dire…"), *TieKind.choices], required=False
    )
    event = forms.ChoiceField(
        label="Ce qui change", choices=[("", "À dire…"), *TieEvent.choices], required=False
    )


class DeliverableForm(forms.Form):
    """A file is looked at when it is kept, so that a refused one blocks nothing else."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label="Titre", max_length=200, required=False)
    for_whom = forms.CharField(label="Pour qui", max_length=160, required=False)
    handed_on = forms.DateField(label="Remis le", required=False, widget=DayInput())
    upload = forms.FileField(label="Fichier", required=False)
    delete = forms.BooleanField(label="Retirer ce livrable", required=False)


class Lines(forms.BaseFormSet[forms.Form]):
    """`main` is the field without which a line is empty."""

    main = ""

    def rows(self) -> Rows:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get(self.main)]


class Recommendations(Lines):
    main = "action"


class Meetings(Lines):
    main = "institution"


class Ties(Lines):
    main = "name"


class Deliverables(Lines):
    main = "title"


KINDS: tuple[tuple[str, type[forms.Form], type[Lines], int], ...] = (
    ("recommendations", RecommendationForm, Recommendations, RECOMMENDATIONS_NEEDED),
    ("meetings", MeetingForm, Meetings, 2),
    ("ties", TieForm, Ties, 2),
    ("deliverables", DeliverableForm, Deliverables, 1),
)


def make_lines(rows: ReportRows, post: Any = None, files: Any = None) -> dict[str, Lines]:
    """Each list with what is saved, then at least one blank line (and `least` lines in all)."""
    made: dict[str, Lines] = {}
    for name, form, base, least in KINDS:
        saved = _initial(rows, name)
        extra = max(least - len(saved), 1)
        kind = forms.formset_factory(form, formset=base, extra=extra, max_num=60)
        # every line sent is read, even one that says what is already saved
        always = {"empty_permitted": False}
        made[name] = kind(  # type: ignore[assignment]
            post, files, prefix=name, initial=saved, form_kwargs=always
        )
    return made


def _initial(rows: ReportRows, name: str) -> Rows:
    if name != "deliverables":
        return list(getattr(rows, name))
    return [
        {
            "id": row.pk,
            "title": row.title,
            "for_whom": row.for_whom,
            "handed_on": row.handed_on,
            "file": row.file,
        }
        for row in rows.deliverables
    ]
