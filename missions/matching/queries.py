"""Who could go, who was asked, and what a volunteer is asked."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from explor.accounts.models import User
from missions.actors.models import Volunteer, VolunteerSkill
from missions.dossier.models import ConflictOfInterest, Engagement, EngagementState, Mission
from missions.matching.scoring import Fit, Offered, Wanted, fit
from missions.request.models import Request

SHOWN = 30
TONES: dict[EngagementState, str] = {
    EngagementState.PROPOSED: "waiting",
    EngagementState.ACCEPTED: "active",
    EngagementState.DECLINED: "final",
    EngagementState.CONFIRMED: "done",
    EngagementState.WITHDRAWN: "final",
}


@dataclass(frozen=True)
class Candidate:
    volunteer: Volunteer
    fit: Fit

    @property
    def id(self) -> str:
        """As the form of a proposal names the person."""
        return str(self.volunteer.uuid)


@dataclass(frozen=True)
class Sent:
    """A proposal as the coordination sees it."""

    engagement: Engagement

    @property
    def tone(self) -> str:
        return TONES[EngagementState(self.engagement.state)]


def wanted_by(mission: Mission, asked: Request) -> Wanted:
    return Wanted(
        skills=asked.skills,
        languages=tuple(asked.languages),
        country=(str(mission.country), str(mission.country.name)),
        window=(asked.window_from, asked.window_to),
        days=asked.days_on_spot,
    )


def offered_by(volunteer: Volunteer) -> Offered:
    return Offered(
        skills=tuple((str(row.skill), row.years) for row in volunteer.skill_rows.all()),
        languages=tuple(volunteer.languages),
        countries=tuple(volunteer.countries_accepted),
        available=(volunteer.available_from, volunteer.available_to),
        longest_stay=volunteer.longest_stay_days,
    )


def candidates(mission: Mission, asked: Request) -> list[Candidate]:
    """The volunteers not asked yet, best fit first, then by name."""
    known = Engagement.objects.filter(mission=mission).values("volunteer")
    aside = ConflictOfInterest.objects.filter(mission=mission).values("user")
    rows = (
        Volunteer.objects.filter(user__is_active=True)
        .exclude(pk__in=known)
        .exclude(user__in=aside)
        .select_related("user", "home_structure")
        .prefetch_related(Prefetch("skill_rows", VolunteerSkill.objects.select_related("skill")))
    )
    wanted = wanted_by(mission, asked)
    found = [Candidate(row, fit(wanted, offered_by(row))) for row in rows]
    return sorted(found, key=lambda one: (-one.fit.score, str(one.volunteer)))[:SHOWN]


def engagements_of(mission: Mission) -> list[Sent]:
    rows = mission.engagements.select_related("volunteer__user", "volunteer__home_structure")
    return [Sent(row) for row in rows]


def proposals_of(user: User) -> QuerySet[Engagement]:
    """What this volunteer was asked, what waits for an answer first."""
    rows = Engagement.objects.filter(volunteer__user=user)
    return rows.select_related("mission__project__holder", "volunteer").defer("mission__search")


def waiting_for(user: User) -> QuerySet[Engagement]:
    return proposals_of(user).filter(state=EngagementState.PROPOSED)
