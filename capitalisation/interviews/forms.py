"""Planning, consent and answers. Consent: separate choices, none ticked beforehand."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from capitalisation.corpus.forms import DayInput, any_or
from capitalisation.corpus.models import Audience, Circle, Moment, QuoteLevel
from capitalisation.interviews.models import Interview, InterviewGuide, InterviewState
from capitalisation.interviews.queries import Asked, latest_guides
from explor import clock
from explor.accounts.models import User
from explor.documents.forms import SafeFileField
from missions.dossier.models import Mission, OwnerRole
from missions.dossier.queries import people_on


class PlanForm(forms.Form):
    """Who will be heard, with which guide. The person may have no account."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    guide = forms.ModelChoiceField(
        InterviewGuide.objects.none(), label="Guide", empty_label="Choisir…"
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="Compte de la personne",
        required=False,
        empty_label="Sans compte",
        help_text="Elle recevra une proposition et pourra relire ses réponses.",
    )
    person_label = forms.CharField(
        label="Personne entendue",
        max_length=120,
        help_text="Sans nom de famille si possible : « Volontaire, mission tomate ». La même "
        "avant et après, pour lire les deux côte à côte.",
    )
    person_function = forms.CharField(
        label="Fonction",
        max_length=120,
        required=False,
        help_text="Celle qui sera citée si la personne l’accepte.",
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guides = latest_guides(mission.programme)
        people = people_on(mission, OwnerRole.OSIM, OwnerRole.VOLUNTEER)
        _offer(self.fields["guide"], InterviewGuide.objects.all(), guides)
        _offer(self.fields["person"], User.objects.all(), people)


def _offer(field: Any, rows: QuerySet[Any], found: Sequence[Any]) -> None:
    """Offer rows already read: drawing the list asks the database for nothing more."""
    field.queryset = rows.filter(pk__in=[row.pk for row in found])
    field.choices = [("", field.empty_label), *((row.pk, str(row)) for row in found)]


class ConsentForm(forms.Form):
    """What the person accepts, said by them choice by choice."""

    notes = forms.BooleanField(label="La prise de notes", required=False)
    transcription = forms.BooleanField(label="La transcription", required=False)
    audio = forms.BooleanField(label="L’enregistrement audio", required=False)
    photo = forms.BooleanField(label="Une photo ou une vidéo", required=False)
    quote_level = forms.ChoiceField(
        label="Citer ses paroles", choices=QuoteLevel.choices, widget=forms.RadioSelect
    )
    circle = forms.ChoiceField(
        label="Auprès de qui", choices=Circle.choices, widget=forms.RadioSelect
    )
    collected_on = forms.DateField(label="Accord recueilli le", widget=DayInput())
    proof = forms.CharField(
        label="Preuve de l’accord",
        max_length=200,
        help_text="Accord oral enregistré, feuille signée, message reçu le… : ce qui permet de "
        "le retrouver.",
    )
    proof_file = SafeFileField(label="Pièce justificative", required=False)


class AnswersForm(forms.Form):
    """One field per question of the guide, and the day the interview was held."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = forms.DateField(label="Entretien tenu le", required=False, widget=DayInput())

    def __init__(self, *args: Any, interview: Interview, asked: list[Asked], **kwargs: Any) -> None:
        day = interview.held_on or clock.today()
        kwargs["initial"] = {"version": interview.version, "held_on": day}
        super().__init__(*args, **kwargs)
        self.asked = asked
        for number, row in enumerate(asked, start=1):
            self.fields[_name(row)] = forms.CharField(
                label=f"{number}. {row.question.text}",
                required=False,
                initial=row.text,
                help_text=row.question.prompt,
                widget=forms.Textarea(attrs={"rows": 7}),
            )

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        return [self[_name(row)] for row in self.asked]

    def answers(self) -> dict[int, str]:
        """Question id → what was typed."""
        return {row.question.pk: self.cleaned_data.get(_name(row), "") for row in self.asked}

    def typed(self) -> list[tuple[str, str, str]]:
        """`(question, saved text, typed text)` where the two differ: what a stale save shows."""
        rows = [(row.question.text, row.text, self.cleaned_data[_name(row)]) for row in self.asked]
        return [row for row in rows if row[1].strip() != row[2].strip()]


class InterviewFilter(forms.Form):
    etat = forms.ChoiceField(
        label="État", required=False, choices=any_or(InterviewState.choices, "Tous")
    )
    moment = forms.ChoiceField(
        label="Moment", required=False, choices=any_or(Moment.choices, "Tous")
    )
    parole = forms.ChoiceField(
        label="Parole de", required=False, choices=any_or(Audience.choices, "Tout le monde")
    )
    mission = forms.CharField(label="Mission", required=False, max_length=80)

    def apply(self, interviews: QuerySet[Interview]) -> QuerySet[Interview]:
        self.is_valid()
        columns = {
            "etat": "state",
            "moment": "guide__moment",
            "parole": "guide__audience",
            "mission": "mission__reference__icontains",
        }
        wanted = {columns[name]: value for name, value in self.cleaned_data.items() if value}
        return interviews.filter(**wanted)


def _name(row: Asked) -> str:
    return f"answer-{row.question.pk}"
