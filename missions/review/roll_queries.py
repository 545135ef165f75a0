"""The roll of conflicts of interest, member by member."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from explor.accounts.models import Role, User
from missions.dossier.models import ConflictOfInterest, Mission, ProgrammePartner
from missions.review.models import RollAnswer


@dataclass(frozen=True)
class RollLine:
    """One member of the committee; `nature` is filled when a tie is declared."""

    person: User
    answered_at: datetime | None
    noted_by: str
    nature: str

    @property
    def is_tied(self) -> bool:
        return bool(self.nature)

    @property
    def words(self) -> str:
        if self.is_tied:
            return "lien déclaré, ne siège pas"
        return "aucun lien" if self.answered_at else "n’a pas encore répondu"


def roll_of(mission: Mission) -> list[RollLine]:
    """Every member of the committee, those with a tie included, in one query."""
    partners = ProgrammePartner.objects.filter(programme=mission.programme_id)
    ties = ConflictOfInterest.objects.filter(mission=mission, user=OuterRef("pk"))
    told = RollAnswer.objects.filter(mission=mission, person=OuterRef("pk"))
    sits = {
        "memberships__role": Role.COMMITTEE,
        "memberships__organisation__in": partners.values("organisation"),
    }
    members = (
        User.objects.filter(pk__in=User.objects.filter(**sits).values("pk"), is_active=True)
        .annotate(
            nature=Coalesce(Subquery(ties.values("nature")[:1]), Value("")),
            tied_at=Subquery(ties.values("declared_at")[:1]),
            told_at=Subquery(told.values("answered_at")[:1]),
            noted_first=Subquery(told.values(first=F("noted_by__first_name"))[:1]),
            noted_last=Subquery(told.values(last=F("noted_by__last_name"))[:1]),
        )
        .order_by("last_name", "first_name", "pk")
    )
    return [
        RollLine(
            person,
            person.tied_at or person.told_at,
            f"{person.noted_first or ''} {person.noted_last or ''}".strip(),
            person.nature,
        )
        for person in members
    ]
