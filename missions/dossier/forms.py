"""Filters of the lists; plain fields, kept in the address."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from explor.accounts.models import User
from explor.search.queries import matching, named_like
from missions import lifecycle
from missions.dossier.models import Component, Mission, MissionType, Project
from missions.dossier.querysets import untold_to

Choices = Sequence[tuple[Any, str]]


def search_missions(rows: QuerySet[Mission], words: str) -> QuerySet[Mission]:
    """French full text over the mission, plus its reference, project, association and partner."""
    near = named_like(
        words,
        "title",
        "holder__name",
        "holder__acronym",
        "local_partner__name",
    )
    projects = Project.objects.filter(near).values("pk") if near else Project.objects.none()
    also = Q(reference__icontains=words.strip()) | Q(project__in=projects)
    return matching(rows, words, also=also)


def of_type(rows: QuerySet[Mission], kind: str) -> QuerySet[Mission]:
    """Missions with at least one component of that type, each once."""
    return rows.filter(pk__in=Component.objects.filter(type=kind).values("mission"))


def told_in(state: str, user: User) -> Q:
    """Missions in `state` as this person may know it (see `Mission.state_told`)."""
    untold = untold_to(user)
    if state == lifecycle.State.COMMITTEE:
        return Q(state=state) | untold
    return Q(state=state) & ~untold


class MissionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Only countries, territories and years that the person's missions have are offered."""

    q = django_filters.CharFilter(label="Mots", method="search")
    etat = django_filters.ChoiceFilter(
        label="État",
        method="in_state",
        empty_label="Tous",
        choices=[(state.value, lifecycle.label(state)) for state in lifecycle.State],
    )
    pays = django_filters.ChoiceFilter(label="Pays", field_name="country", empty_label="Tous")
    territoire = django_filters.ChoiceFilter(
        label="Territoire", field_name="territory_id", empty_label="Tous"
    )
    type = django_filters.ChoiceFilter(
        label="Typologie",
        method="of_type",
        choices=MissionType.choices,
        empty_label="Toutes",
    )
    annee = django_filters.ChoiceFilter(
        label="Année", field_name="departs_on__year", empty_label="Toutes"
    )

    class Meta:
        model = Mission
        fields: list[str] = []

    def __init__(
        self,
        *args: Any,
        countries: Choices,
        territories: Choices,
        years: Choices,
        reader: User,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.filters["pays"].extra["choices"] = countries
        self.filters["territoire"].extra["choices"] = territories
        self.filters["annee"].extra["choices"] = years

    def in_state(self, rows: QuerySet[Mission], name: str, state: str) -> QuerySet[Mission]:
        return rows.filter(told_in(state, self.reader))

    def of_type(self, rows: QuerySet[Mission], name: str, kind: str) -> QuerySet[Mission]:
        return of_type(rows, kind)

    def search(self, rows: QuerySet[Mission], name: str, words: str) -> QuerySet[Mission]:
        return search_missions(rows, words)


class SheetForm(forms.Form):
    """The summary that everybody will read."""

    summary = forms.CharField(
        label="Résumé public",
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 7, "data-count": ""}),
        help_text="Quelques phrases simples : le besoin, ce qui a été fait, ce que cela change.",
    )


class SuspensionForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(
        label="Reprise le",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Jusqu’à ce jour, rien n’est attendu de personne et aucune étape ne se franchit.",
    )
    because = forms.CharField(
        label="Raison",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’association et la personne volontaire la lisent.",
    )
