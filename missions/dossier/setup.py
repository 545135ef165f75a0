"""Opening a programme: territories, partners, and the milestones every mission will receive.

Every function can run twice: what exists already is left as people have made it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from explor.accounts.models import Organisation
from missions.dossier.models import (
    MilestoneTemplate,
    Mission,
    OwnerRole,
    Programme,
    ProgrammePartner,
    Territory,
)
from missions.lifecycle import Kind

_O = OwnerRole


@dataclass(frozen=True)
class StandardMilestone:
    """`offset` counts days from the departure; `required_for` names the transition it holds."""

    kind: Kind
    label: str
    owner: OwnerRole
    required_for: str = ""
    offset: int | None = None


_M = StandardMilestone

STANDARD_MILESTONES: tuple[StandardMilestone, ...] = (
    _M(Kind.REQUEST, "Demande complète", _O.OSIM, "submit"),
    _M(Kind.GRID, "Grille d’instruction remplie", _O.COORDINATOR, "send_to_committee"),
    _M(Kind.RECOMMENDATION, "Recommandation au comité", _O.COORDINATOR, "send_to_committee"),
    _M(
        Kind.CONFLICT_ROLL,
        "Tour des conflits d’intérêts fait",
        _O.COORDINATOR,
        "send_to_committee",
    ),
    _M(Kind.DECISION, "Décision du comité", _O.COMMITTEE),
    _M(Kind.LETTER, "Lettre de décision envoyée", _O.COORDINATOR),
    _M(Kind.VOLUNTEER, "Volontaire confirmé·e", _O.COORDINATOR, "confirm_volunteer"),
    _M(
        Kind.TOR_OSIM, "Termes de référence validés par l’association", _O.OSIM, "start_preparation"
    ),
    _M(
        Kind.TOR_VOLUNTEER,
        "Termes de référence validés par la ou le volontaire",
        _O.VOLUNTEER,
        "start_preparation",
    ),
    _M(
        Kind.TOR_COORDINATION,
        "Termes de référence validés par la coordination",
        _O.COORDINATOR,
        "start_preparation",
    ),
    _M(Kind.REMOTE_SUPPORT, "Mois d’accompagnement à distance notés", _O.VOLUNTEER, "", -30),
    _M(
        Kind.INSTITUTIONAL_CONTACTS,
        "Institutions contactées avant le départ",
        _O.OSIM,
        "",
        -30,
    ),
    _M(Kind.LOCAL_SKILLS, "Compétences présentes sur place repérées", _O.VOLUNTEER, "", -30),
    _M(Kind.LOCAL_TOOLS, "Outils locaux envisagés", _O.VOLUNTEER, "", -21),
    _M(Kind.AGREEMENT, "Convention tripartite signée", _O.COORDINATOR, "depart", -30),
    _M(Kind.PARTNER_AGREEMENT, "Accord écrit du partenaire sur place", _O.OSIM, "depart", -30),
    _M(Kind.INSURANCE, "Assurance rapatriement", _O.COORDINATOR, "depart", -21),
    _M(Kind.EMERGENCY_CONTACT, "Personne à prévenir en cas d’urgence", _O.VOLUNTEER, "depart", -21),
    _M(Kind.ARIANE, "Inscription sur Ariane", _O.VOLUNTEER, "depart", -14),
    _M(
        Kind.INTERVIEW_BEFORE_VOLUNTEER,
        "Entretien amont avec la ou le volontaire",
        _O.RESEARCHER,
        "depart",
        -15,
    ),
    _M(
        Kind.INTERVIEW_BEFORE_OSIM,
        "Entretien amont avec l’association",
        _O.RESEARCHER,
        "depart",
        -15,
    ),
    _M(Kind.SECURITY_ZONE, "Zone de sécurité vérifiée", _O.COORDINATOR, "depart", -3),
    _M(Kind.FLASH_REPORT, "Rapport flash", _O.VOLUNTEER, "approve_report", 15),
    _M(Kind.ADAPTED_DELIVERABLES, "Livrables adaptés à qui va les lire", _O.VOLUNTEER, "", 40),
    _M(Kind.FULL_REPORT, "Rapport complet", _O.VOLUNTEER, "approve_report", 40),
    _M(
        Kind.INTERVIEW_AFTER_VOLUNTEER,
        "Entretien de retour avec la ou le volontaire",
        _O.RESEARCHER,
        "start_follow_up",
        60,
    ),
    _M(
        Kind.INTERVIEW_AFTER_OSIM,
        "Entretien de retour avec l’association",
        _O.RESEARCHER,
        "start_follow_up",
        60,
    ),
    _M(Kind.PUBLIC_SHEET, "Fiche publique validée", _O.RESEARCHER, "start_follow_up", 90),
    _M(Kind.FOLLOW_UP_6, "Suivi à 6 mois", _O.COORDINATOR, "close", 190),
    _M(Kind.FOLLOW_UP_12, "Suivi à 12 mois", _O.COORDINATOR, "close", 375),
)


@transaction.atomic
def open_territory(slug: str, *, name: str, networks: Iterable[Organisation]) -> Territory:
    """A territory and the networks that coordinate its missions."""
    territory, made = Territory.objects.get_or_create(slug=slug, defaults={"name": name})
    if made:
        territory.networks.set(networks)
    return territory


@transaction.atomic
def open_programme(slug: str, *, territories: Iterable[Territory], **texts: Any) -> Programme:
    """A programme ready to receive requests, with the standard milestones."""
    programme, made = Programme.objects.get_or_create(slug=slug, defaults=texts)
    if made:
        programme.territories.set(territories)
    give_standard_milestones(programme)
    return programme


@transaction.atomic
def give_standard_milestones(programme: Programme) -> None:
    """Only to a programme that has no milestone of its own."""
    if programme.milestone_templates.exists():
        return
    MilestoneTemplate.objects.bulk_create(
        MilestoneTemplate(
            programme=programme,
            kind=row.kind,
            label=row.label,
            owner_role=row.owner,
            required_for=row.required_for,
            offset_from_departure=row.offset,
            position=position,
        )
        for position, row in enumerate(STANDARD_MILESTONES, start=1)
    )


def add_partner(
    programme: Programme,
    organisation: Organisation,
    *,
    role: str,
    presentation: str = "",
    position: int = 1,
) -> ProgrammePartner:
    partner, _ = ProgrammePartner.objects.get_or_create(
        programme=programme,
        organisation=organisation,
        defaults={"role": role, "presentation": presentation, "position": position},
    )
    return partner


def lead_together(mission: Mission, main: Mission) -> Mission:
    """Two missions of the same journey: the first stands on the sheet of `main`."""
    mission.joint_with = main
    mission.save(update_fields=["joint_with"])
    return mission
