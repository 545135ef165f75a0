"""The review grid, the declaration of a tie."""

from typing import Any

from django import forms

from explor.accounts.models import User
from missions import lifecycle
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on
from missions.review.actions import JUDGEMENT
from missions.review.models import Criterion, Recommendation
from missions.review.queries import QUESTIONS, SCORES

LONG = 5000


def _text(label: str, **kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "maxlength": LONG})
    return forms.CharField(label=label, max_length=LONG, required=False, widget=area, **kwargs)


def _score(value: str) -> int | None:
    return int(value) if value != "" else None


class ReviewForm(forms.Form):
    """Everything may stay empty: milestones say what presenting to the committee needs.

    Outside the review, only the notes and the person who follows are asked.
    """

    lead = forms.ModelChoiceField(
        User.objects.none(), label="Suivi par", required=False, empty_label="Personne"
    )
    eligible = forms.TypedChoiceField(
        label="La demande est-elle éligible ?",
        required=False,
        choices=[("", "Pas encore vérifié"), ("yes", "Oui"), ("no", "Non")],
        coerce=lambda value: value == "yes",
        empty_value=None,
    )
    internal_notes = _text(
        "Notes internes", help_text="Lues par la coordination et l’administration seulement."
    )
    recommendation = forms.ChoiceField(
        label="Recommandation",
        required=False,
        choices=[("", "Pas encore de recommandation"), *Recommendation.choices],
    )
    recommendation_why = _text("Motif de la recommandation", help_text="Lu par le comité.")
    conflicts_asked = forms.BooleanField(
        label="Chaque membre du comité a dit s’il a un lien avec ce dossier", required=False
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        assert isinstance(lead, forms.ModelChoiceField)
        team = people_on(mission, OwnerRole.COORDINATOR)
        lead.queryset = User.objects.filter(pk__in=[person.pk for person in team])
        choices = [("", "Pas encore noté")]
        choices += [(str(value), f"{value} · {words}") for value, words in enumerate(SCORES)]
        for criterion in Criterion:
            self.fields[criterion.value] = forms.TypedChoiceField(
                label=str(criterion.label),
                help_text=QUESTIONS[criterion],
                required=False,
                choices=choices,
                coerce=_score,
                empty_value=None,
            )
        if mission.state != lifecycle.State.REVIEW:
            for name in JUDGEMENT:
                del self.fields[name]

    @property
    def grid(self) -> list[forms.BoundField]:
        return [self[name] for name in Criterion.values if name in self.fields]


def review_initial(review: Any) -> dict[str, Any]:
    names = ("internal_notes", "recommendation", "recommendation_why", "conflicts_asked")
    initial = {name: getattr(review, name) for name in (*names, *Criterion.values)}
    eligible = {True: "yes", False: "no", None: ""}[review.eligible]
    return {**initial, "lead": review.lead_id, "eligible": eligible}


class ConflictForm(forms.Form):
    nature = forms.CharField(
        label="Quel est ce lien ?",
        max_length=300,
        error_messages={"required": "Dites en quelques mots quel est ce lien."},
    )
