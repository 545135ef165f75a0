"""What a letter of decision says, by outcome, before anyone changes a word of it."""

from datetime import date, timedelta

from django.utils import timezone

from explor.accounts.models import Membership, Role, User
from explor.ui.html import day
from missions.dossier.models import Mission
from missions.review.decision_models import Decision, DecisionOutcome

#: How long an accepted mission may wait before it leaves, without a new decision.
VALID_FOR = timedelta(days=365)

_ASKED = "Votre association a demandé l’appui d’une mission courte d’expertise pour "
_ACCEPTED = (
    "Bonjour,",
    _ASKED + "« {title} » ({country}).",
    "Le comité de pilotage du programme {programme} a examiné votre demande le {day}. Nous avons "
    "le plaisir de vous annoncer qu’elle est retenue.",
    "La suite : la coordination cherche avec vous une personne volontaire dont le métier répond à "
    "votre besoin. Elle vous accompagnera plusieurs mois à distance, puis partira sur place. La "
    "coordination prendra contact avec vous dans les prochains jours pour en parler.",
    "Merci de la confiance que vous nous faites.",
)
_DECLINED = (
    "Bonjour,",
    _ASKED + "« {title} » ({country}).",
    "Le comité de pilotage du programme {programme} a examiné votre demande le {day}. Il n’a pas "
    "pu la retenir cette fois ; vous en lirez la raison plus bas.",
    "Cette décision porte sur cette demande, et non sur votre association ni sur votre projet. La "
    "coordination reste à votre disposition pour en parler, et pour préparer avec vous une "
    "nouvelle demande si vous le souhaitez.",
    "Merci du travail que vous avez fait pour cette demande.",
)
_TEXTS: dict[str, tuple[str, ...]] = {
    DecisionOutcome.ACCEPTED: _ACCEPTED,
    DecisionOutcome.DECLINED: _DECLINED,
}


def text_for(decision: Decision) -> str:
    mission = decision.mission
    return "\n\n".join(_TEXTS[decision.outcome]).format(
        title=mission.title,
        country=mission.country.name,
        programme=mission.programme.name,
        day=day(timezone.localdate(decision.decided_at)),
    )


def validity_of(decision: Decision) -> date | None:
    """A year for an accepted mission; a refusal has no end."""
    if decision.outcome != DecisionOutcome.ACCEPTED:
        return None
    return timezone.localdate(decision.decided_at) + VALID_FOR


def contact_of(mission: Mission) -> str:
    """Whom to write to: those who coordinate the territory, with their network and address."""
    rows = (
        Membership.objects.filter(
            role=Role.COORDINATOR,
            user__is_active=True,
            organisation__territories=mission.territory_id,
            organisation__programme_rows__programme=mission.programme_id,
        )
        .exclude(user__conflicts__mission=mission)
        .select_related("user", "organisation")
        .order_by("pk")
        .distinct()[:2]
    )
    lines = [_line(row.user, str(row.organisation)) for row in rows]
    return "\n".join(lines) or f"La coordination, {mission.territory}"


def _line(person: User, organisation: str) -> str:
    return f"{person}, {organisation}, {person.email}"
