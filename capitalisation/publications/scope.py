"""What a booklet is about: a programme, maybe one territory and some years; how many."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from capitalisation.coding.models import Coding, CodingStatus
from capitalisation.committee.models import CommitteeMonth
from capitalisation.corpus.models import Audience, Moment
from capitalisation.interviews.models import Interview, InterviewState
from capitalisation.practices.models import Workshop
from capitalisation.publications.models import Booklet
from capitalisation.reports.models import ReportState, ReturnReport
from missions.dossier.models import Mission, Programme, Territory


@dataclass(frozen=True)
class Scope:
    """No territory, no year: everything."""

    programme: Programme
    territory: Territory | None = None
    years: tuple[int, ...] = ()

    @classmethod
    def of(cls, booklet: Booklet) -> "Scope":
        return cls(booklet.programme, booklet.territory, tuple(booklet.years))

    def missions(self) -> QuerySet[Mission]:
        """Missions that left in those years."""
        wanted = Q(programme=self.programme)
        if self.territory:
            wanted &= Q(territory=self.territory)
        if self.years:
            wanted &= Q(departs_on__year__in=self.years)
        return Mission.objects.filter(wanted)

    @property
    def told_years(self) -> tuple[int, ...]:
        """The years, and the one after them in which their missions are still talked over."""
        return (*self.years, max(self.years) + 1) if self.years else ()

    def words(self) -> str:
        """« Hauts-de-France, 2022 et 2023 »; empty for everything."""
        years = [str(year) for year in self.years]
        told = " et ".join(filter(None, [", ".join(years[:-1]), *years[-1:]]))
        return ", ".join(filter(None, [self.territory.name if self.territory else "", told]))


@dataclass(frozen=True)
class MethodRow:
    label: str
    volunteers: int
    associations: int

    @property
    def total(self) -> int:
        return self.volunteers + self.associations


@dataclass(frozen=True)
class Method:
    """What the capitalisation rests on, counted."""

    interviews: list[MethodRow]
    reports: int
    workshops: int
    participants: int
    months: int
    passages: int
    codes: int

    @property
    def interview_count(self) -> int:
        return sum(row.total for row in self.interviews)

    @property
    def tiles(self) -> list[tuple[int, str]]:
        """Each figure with its words; what there is none of is left out."""
        found = [
            _counted(self.interview_count, "entretien individuel", "entretiens individuels"),
            _counted(self.reports, "rapport de mission lu", "rapports de mission lus"),
            _counted(self.workshops, "atelier de capitalisation", "ateliers de capitalisation"),
            _counted(self.months, "mois de comité suivi", "mois de comité suivis"),
            _counted(self.passages, "passage codé", "passages codés"),
            _counted(self.codes, "thème de lecture", "thèmes de lecture"),
        ]
        return [(number, words) for number, words in found if number]


def _counted(number: int, one: str, many: str) -> tuple[int, str]:
    return number, one if number == 1 else many


def method_of(scope: Scope) -> Method:
    """Counted now: an interview whose consent is withdrawn counts no more."""
    missions = scope.missions().values("pk")
    workshops = Workshop.objects.filter(programme=scope.programme)
    months = CommitteeMonth.objects.filter(programme=scope.programme, frozen_at__isnull=False)
    if scope.years:
        workshops = workshops.filter(held_on__year__in=scope.told_years)
        months = months.filter(month__year__in=scope.told_years)
    codings = Coding.objects.filter(
        status=CodingStatus.KEPT, excerpt__version__text__withdrawn_at=None
    ).filter(
        Q(excerpt__version__text__mission__in=missions)
        | Q(
            excerpt__version__text__mission=None,
            excerpt__version__text__programme=scope.programme,
        )
    )
    counted = codings.order_by().aggregate(
        passages=Count("excerpt", distinct=True), codes=Count("code", distinct=True)
    )
    return Method(
        interviews=_interviews(missions),
        reports=ReturnReport.objects.filter(
            mission__in=missions, state=ReportState.ACCEPTED
        ).count(),
        workshops=len(workshops),
        participants=sum(workshop.participants for workshop in workshops),
        months=months.count(),
        passages=counted["passages"],
        codes=counted["codes"],
    )


def _interviews(missions: Any) -> list[MethodRow]:
    rows = (
        Interview.objects.filter(mission__in=missions, state=InterviewState.DONE)
        .exclude(consent__withdrawn_at__isnull=False)
        .order_by()
        .values_list("guide__moment", "guide__audience")
        .annotate(n=Count("pk"))
    )
    found = {(moment, audience): n for moment, audience, n in rows}
    words = {Moment.BEFORE: "En amont de la mission", Moment.AFTER: "Au retour de la mission"}
    return [
        MethodRow(
            words[moment],
            found.get((moment, Audience.VOLUNTEER), 0),
            found.get((moment, Audience.OSIM), 0),
        )
        for moment in Moment
    ]
