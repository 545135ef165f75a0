"""Planning a sitting, counting votes, what was agreed, the remarks of the minutes."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from capitalisation.committee.session_models import CommitteeSession, QuorumKind
from capitalisation.committee.session_queries import committee_members, helpers_of
from capitalisation.corpus.forms import DayInput
from explor import clock
from explor.accounts.models import User
from explor.intake.fields import DateField
from missions.dossier.models import Programme


class SessionForm(forms.Form):
    day = DateField(
        label="Jour", widget=DayInput(), error_messages={"required": "Choisissez le jour."}
    )
    hour = forms.TimeField(
        label="Heure",
        initial=time(14),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choisissez l’heure."},
    )
    place = forms.CharField(label="Lieu", max_length=200, required=False)
    video_url = forms.URLField(
        label="Adresse de visioconférence", max_length=200, required=False, assume_scheme="https"
    )
    chair = forms.ModelChoiceField(
        User.objects.none(), label="Présidence", required=False, empty_label="Pas encore choisie"
    )
    secretary = forms.ModelChoiceField(
        User.objects.none(),
        label="Secrétariat",
        required=False,
        empty_label="Pas encore choisi",
        help_text="Tient la feuille de présence, les votes et le procès-verbal.",
    )
    quorum_kind = forms.ChoiceField(label="Quorum exprimé en", choices=QuorumKind.choices)
    quorum_value = forms.IntegerField(
        label="Quorum",
        min_value=1,
        max_value=100,
        help_text="Part des membres du comité (50 pour la moitié), ou nombre de personnes.",
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [person.pk for person in committee_members(programme)]
        self._choose("chair", User.objects.filter(pk__in=members))
        self._choose("secretary", helpers_of(programme))

    def _choose(self, name: str, people: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people.order_by("last_name", "first_name")

    @property
    def words(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        moment = datetime.combine(data.pop("day"), data.pop("hour"))
        return {"starts_at": timezone.make_aware(moment), **data}


def session_initial(session: CommitteeSession) -> dict[str, Any]:
    moment = timezone.localtime(session.starts_at)
    names = ("place", "video_url", "chair", "secretary", "quorum_kind", "quorum_value")
    kept = {name: getattr(session, name) for name in names}
    return {"day": clock.local_day(moment), "hour": moment.time(), **kept}


class CountForm(forms.Form):
    favourable = forms.IntegerField(label="Pour", min_value=0, max_value=200)
    against = forms.IntegerField(label="Contre", min_value=0, max_value=200)
    abstained = forms.IntegerField(label="Abstentions", min_value=0, max_value=200, initial=0)


class TaskForm(forms.Form):
    token = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="Ce qui est à faire",
        max_length=300,
        error_messages={"required": "Dites ce qui est à faire."},
    )
    who = forms.CharField(
        label="Par qui", max_length=120, error_messages={"required": "Dites par qui."}
    )
    due_on = DateField(label="Pour le", required=False, widget=DayInput())


class MinutesForm(forms.Form):
    remarks = forms.CharField(
        label="Observations",
        max_length=10000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 10000}),
        help_text="Ce qui s’est dit et qu’il faut garder. Présences, décisions, votes et actions "
        "s’ajoutent d’eux-mêmes.",
    )
