"""A small programme with one person per role: the ground of most tests."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import factory

from explor import clock
from explor.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from missions import lifecycle
from missions.actors.models import OsimProfile, Volunteer
from missions.dossier.milestones import create_milestones
from missions.dossier.models import (
    Achievement,
    Component,
    Engagement,
    EngagementState,
    Milestone,
    MilestoneTemplate,
    Mission,
    MissionType,
    Objective,
    OwnerRole,
    PartnerRole,
    Programme,
    ProgrammePartner,
    Project,
    StateChange,
    Territory,
)

Kind = lifecycle.Kind

#: What a small programme asks for at each step: (kind, label, owner, required for, offset).
TEMPLATES: tuple[tuple[str, str, str, str, int | None], ...] = (
    (Kind.REQUEST, "Demande complète", OwnerRole.OSIM, "submit", None),
    (Kind.GRID, "Grille remplie", OwnerRole.COORDINATOR, "send_to_committee", None),
    (Kind.RECOMMENDATION, "Recommandation", OwnerRole.COORDINATOR, "send_to_committee", None),
    (
        Kind.CONFLICT_ROLL,
        "Tour des conflits d’intérêts",
        OwnerRole.COORDINATOR,
        "send_to_committee",
        None,
    ),
    (Kind.DECISION, "Décision", OwnerRole.COMMITTEE, "", None),
    (Kind.LETTER, "Lettre de décision envoyée", OwnerRole.COORDINATOR, "", None),
    (Kind.VOLUNTEER, "Proposition acceptée", OwnerRole.COORDINATOR, "confirm_volunteer", None),
    (
        Kind.TOR_OSIM,
        "Termes de référence : l’association",
        OwnerRole.OSIM,
        "start_preparation",
        -60,
    ),
    (
        Kind.TOR_VOLUNTEER,
        "Termes de référence : volontaire",
        OwnerRole.VOLUNTEER,
        "start_preparation",
        -60,
    ),
    (
        Kind.TOR_COORDINATION,
        "Termes de référence : coordination",
        OwnerRole.COORDINATOR,
        "start_preparation",
        -60,
    ),
    (Kind.AGREEMENT, "Convention signée", OwnerRole.COORDINATOR, "depart", -30),
    (Kind.SECURITY_ZONE, "Zone de sécurité vérifiée", OwnerRole.COORDINATOR, "depart", -7),
    (
        Kind.INTERVIEW_BEFORE_VOLUNTEER,
        "Entretien amont, volontaire",
        OwnerRole.RESEARCHER,
        "depart",
        -20,
    ),
    (Kind.INTERVIEW_BEFORE_OSIM, "Entretien amont, OSIM", OwnerRole.RESEARCHER, "depart", -20),
    (Kind.FLASH_REPORT, "Rapport flash accepté", OwnerRole.VOLUNTEER, "approve_report", 20),
    (Kind.FULL_REPORT, "Rapport complet accepté", OwnerRole.VOLUNTEER, "approve_report", 40),
    (
        Kind.INTERVIEW_AFTER_VOLUNTEER,
        "Entretien retour, volontaire",
        OwnerRole.RESEARCHER,
        "start_follow_up",
        60,
    ),
    (
        Kind.INTERVIEW_AFTER_OSIM,
        "Entretien retour, OSIM",
        OwnerRole.RESEARCHER,
        "start_follow_up",
        60,
    ),
    (Kind.PUBLIC_SHEET, "Fiche publique approuvée", OwnerRole.RESEARCHER, "start_follow_up", 90),
    (Kind.FOLLOW_UP_6, "Point à 6 mois", OwnerRole.COORDINATOR, "close", 180),
    (Kind.FOLLOW_UP_12, "Point à 12 mois", OwnerRole.COORDINATOR, "close", 365),
)


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@essai.example")
    first_name = factory.Sequence(lambda n: f"Prénom{n}")
    last_name = "Exemple"
    password = "!"


class OrganisationFactory(factory.django.DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    kind = OrganisationKind.OSIM
    name = factory.Sequence(lambda n: f"Association Exemple {n}")
    country = "FR"


class ProgrammeFactory(factory.django.DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    name = factory.Sequence(lambda n: f"Programme {n}")
    reference_prefix = "EX"
    starts_on = date(2021, 1, 1)


class TerritoryFactory(factory.django.DjangoModelFactory[Territory]):
    class Meta:
        model = Territory

    slug = factory.Sequence(lambda n: f"territoire-{n}")
    name = factory.Sequence(lambda n: f"Territoire {n}")


class ProjectFactory(factory.django.DjangoModelFactory[Project]):
    class Meta:
        model = Project

    holder = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Projet d’essai {n}")


def make_person(organisation: Organisation, role: str, **extra: Any) -> User:
    """A person with one role in one organisation."""
    user = UserFactory.create(**extra)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@dataclass
class World:
    """One programme, two territories, one person per role and the strangers to refuse."""

    programme: Programme
    territory: Territory
    other_territory: Territory
    association: Organisation
    other_association: Organisation
    local_partner: Organisation
    structure: Organisation
    network: Organisation
    other_network: Organisation
    osim: User
    other_osim: User
    volunteer: User
    other_volunteer: User
    coordinator: User
    other_coordinator: User
    researcher: User
    committee: User
    administrator: User
    stranger: User

    def person(self, role: str) -> User:
        found = getattr(self, role)
        assert isinstance(found, User)
        return found

    def mission(self, state: str = lifecycle.State.DRAFT, **fields: Any) -> Mission:
        """A mission of the association in `state`, with milestones and one component.

        From `support` on, the volunteer is confirmed; it is set there without the actions, so
        that a test of one step does not run all the others.
        """
        number = Mission.objects.count() + 1
        project = fields.pop("project", None) or ProjectFactory.create(
            holder=fields.pop("holder", self.association), local_partner=self.local_partner
        )
        engaged = fields.pop("engaged", state in STATES_WITH_VOLUNTEER)
        mission = Mission.objects.create(
            reference=f"EX-{clock.today().year}-{number:03d}",
            programme=self.programme,
            territory=fields.pop("territory", self.territory),
            project=project,
            title=fields.pop("title", f"Mission d’essai {number}"),
            country=fields.pop("country", "BJ"),
            place=fields.pop("place", "Kpomassé"),
            state=state,
            created_by=self.osim,
            created_at=clock.now(),
            **fields,
        )
        create_milestones(mission)
        StateChange.objects.create(mission=mission, target=state, at=clock.now(), actor=self.osim)
        component = Component.objects.create(mission=mission, position=1, type=MissionType.TRAINING)
        objective = Objective.objects.create(
            component=component, position=1, text="Former l’équipe de l’atelier."
        )
        Achievement.objects.create(objective=objective, position=1, text="Douze personnes formées.")
        if engaged:
            engage(mission, self.volunteer)
        return mission


STATES_WITH_VOLUNTEER = frozenset(
    lifecycle.STAGES[lifecycle.STAGES.index(lifecycle.State.SUPPORT) :]
)


def engage(mission: Mission, user: User, state: str = EngagementState.CONFIRMED) -> Engagement:
    return Engagement.objects.create(
        mission=mission, volunteer=user.volunteer, state=state, proposed_at=clock.now()
    )


def settle(mission: Mission, *kinds: str) -> None:
    """Tick milestones straight in the table, for tests of what comes after."""
    Milestone.objects.filter(mission=mission, kind__in=kinds).update(
        done_on=clock.today(), missing=[]
    )


def make_world() -> World:
    programme = ProgrammeFactory.create(slug="explor", name="EXPLOR")
    territory = TerritoryFactory.create(slug="hauts-de-france", name="Hauts-de-France")
    other_territory = TerritoryFactory.create(slug="pays-de-la-loire", name="Pays de la Loire")
    programme.territories.set([territory, other_territory])
    make = OrganisationFactory.create
    network = make(kind=OrganisationKind.SUPPORT_NETWORK, name="Réseau Exemple Nord")
    other_network = make(kind=OrganisationKind.SUPPORT_NETWORK, name="Réseau Exemple Ouest")
    territory.networks.set([network])
    other_territory.networks.set([other_network])
    for place, organisation in enumerate((network, other_network), start=1):
        ProgrammePartner.objects.create(
            programme=programme,
            organisation=organisation,
            role=PartnerRole.COORDINATES,
            position=place,
        )
    MilestoneTemplate.objects.bulk_create(
        MilestoneTemplate(
            programme=programme,
            kind=kind,
            label=label,
            owner_role=owner,
            required_for=required,
            offset_from_departure=offset,
            position=place,
        )
        for place, (kind, label, owner, required, offset) in enumerate(TEMPLATES, start=1)
    )
    association, other_association = (
        make(name="Association Exemple Une"),
        make(name="Association Exemple Deux"),
    )
    for osim in (association, other_association):
        OsimProfile.objects.create(organisation=osim)
    structure = make(kind=OrganisationKind.ESS, name="Structure Exemple")
    volunteers = [UserFactory.create(first_name=name) for name in ("Camille", "Noa")]
    for user in volunteers:
        Volunteer.objects.create(user=user, home_structure=structure, languages=["fr"])
    stranger_network = make(kind=OrganisationKind.SUPPORT_NETWORK, name="Réseau Sans Programme")
    return World(
        programme=programme,
        territory=territory,
        other_territory=other_territory,
        association=association,
        other_association=other_association,
        local_partner=make(
            kind=OrganisationKind.LOCAL_PARTNER, name="Partenaire Exemple", country="BJ"
        ),
        structure=structure,
        network=network,
        other_network=other_network,
        osim=make_person(association, Role.MEMBER, first_name="Awa"),
        other_osim=make_person(other_association, Role.MEMBER, first_name="Bintou"),
        volunteer=volunteers[0],
        other_volunteer=volunteers[1],
        coordinator=make_person(network, Role.COORDINATOR, first_name="Dominique"),
        other_coordinator=make_person(other_network, Role.COORDINATOR, first_name="Lou"),
        researcher=make_person(network, Role.RESEARCHER, first_name="Sacha"),
        committee=make_person(network, Role.COMMITTEE, first_name="Maxime"),
        administrator=make_person(network, Role.ADMINISTRATOR, first_name="Claude"),
        stranger=make_person(stranger_network, Role.COORDINATOR, first_name="Alix"),
    )
