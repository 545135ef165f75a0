"""The eligibility, the grid, the recommendation; the declaration of a tie; a note."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from missions.review.models import Criterion, Point, Recommendation, Review, Verdict
from missions.review.queries import QUESTIONS, SCORES, check_key, checks_of, why_key

LONG = 5000
SHORT = 500


@dataclass(frozen=True)
class Line:
    """What is judged, the judgement and the words that go with it."""

    label: str
    question: str
    answer: forms.BoundField
    why: forms.BoundField


def long_text(label: str, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "maxlength": LONG})
    return forms.CharField(label=label, max_length=LONG, widget=area, **kwargs)


def _why(label: str) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2, "maxlength": SHORT, "class": "form-control"})
    return forms.CharField(label=label, max_length=SHORT, required=False, widget=area)


def _choice(label: str, choices: list[tuple[str, str]], **kwargs: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        **kwargs,
    )


class ReviewForm(forms.Form):
    """Everything may stay empty: milestones say what presenting to the committee needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdicts = [("", "Pas encore vérifié"), *Verdict.choices]
        for point in Point:
            key = check_key(point.value)
            self.fields[key] = _choice(str(point.label), verdicts)
            self.fields[why_key(key)] = _why(f"Précision : {point.label}")
        notes = [("", "Pas encore noté")]
        notes += [(str(value), f"{value} · {words}") for value, words in enumerate(SCORES)]
        for criterion in Criterion:
            key = criterion.value
            self.fields[key] = _choice(str(criterion.label), notes, coerce=int, empty_value=None)
            self.fields[why_key(key)] = _why(f"Commentaire : {criterion.label}")
        recommendations = [("", "Pas encore de recommandation"), *Recommendation.choices]
        self.fields["recommendation"] = _choice("Recommandation", recommendations)
        self.fields["recommendation_why"] = long_text(
            "Motif de la recommandation", required=False, help_text="Lu par le comité."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for point in Point:
            key = check_key(point.value)
            if cleaned.get(key) in (Verdict.NO, Verdict.WAIVED) and not cleaned.get(why_key(key)):
                self.add_error(why_key(key), "Dites pourquoi.")
        return cleaned

    @property
    def checks(self) -> Iterator[Line]:
        for point in Point:
            key = check_key(point.value)
            yield Line(str(point.label), "", self[key], self[why_key(key)])

    @property
    def grid(self) -> Iterator[Line]:
        for criterion in Criterion:
            key = criterion.value
            yield Line(str(criterion.label), QUESTIONS[key], self[key], self[why_key(key)])


def review_initial(review: Review) -> dict[str, Any]:
    names = ("recommendation", "recommendation_why", *Criterion.values)
    initial = {name: getattr(review, name) for name in names}
    initial |= {why_key(name): getattr(review, why_key(name)) for name in Criterion.values}
    for row in checks_of(review):
        key = check_key(row.point)
        initial |= {key: row.verdict, why_key(key): row.why}
    return initial


class NoteForm(forms.Form):
    text = long_text("Nouvelle note", error_messages={"required": "Écrivez la note."})
    token = forms.UUIDField(widget=forms.HiddenInput)


class ConflictForm(forms.Form):
    nature = forms.CharField(
        label="Quel est ce lien ?",
        max_length=300,
        error_messages={"required": "Dites en quelques mots quel est ce lien."},
    )
