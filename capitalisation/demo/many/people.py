"""The programme that will be filled, its organisations and its people, all plainly made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from zlib import crc32

from capitalisation.analysis.models import FocusKind
from capitalisation.analysis.setup import open_focus
from capitalisation.coding.models import Code
from capitalisation.coding.setup import open_codebook
from capitalisation.demo.many import words
from capitalisation.demo.many.rows import Rows
from capitalisation.interviews.models import GuideQuestion
from capitalisation.interviews.setup import open_guide
from explor.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from missions.actors.models import OsimProfile, Skill, Volunteer, VolunteerSkill
from missions.actors.setup import register_skill
from missions.demo.data import read
from missions.dossier.models import PartnerRole, Programme, ProgrammePartner, Territory
from missions.dossier.setup import open_programme, open_territory
from missions.funding.models import Envelope

HERE = Path(__file__).parent.parent
TERRITORIES = ("Rive haute", "Rive basse", "Les plaines", "Les collines", "Le littoral")
#: Missions for one association, and for one volunteer.
PER_OSIM, PER_VOLUNTEER = 5, 6
YEARS = 10


@dataclass
class People:
    """Who takes part. The first association, volunteer and network are those of the people that
    `address(role, …)` names: they hold one mission in every state."""

    programme: Programme
    territories: list[Territory] = field(default_factory=list)
    coordinators: list[int] = field(default_factory=list)
    researcher: int = 0
    osims: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)
    volunteers: list[int] = field(default_factory=list)
    travellers: list[int] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    guides: dict[tuple[str, str], list[GuideQuestion]] = field(default_factory=dict)


def address(role: str, programme: str) -> str:
    """The e-mail of the person who shows a role of a made-up programme."""
    return f"{role}@{programme}.explor.example"


def gather(slug: str, count: int, *, rows: Rows, draw: Random, today: date) -> People:
    programme = _programme(slug, today)
    people = People(programme)
    _networks(people, rows, today)
    _tools(people)
    _osims(people, max(3, count // PER_OSIM), rows, draw)
    _volunteers(people, max(3, count // PER_VOLUNTEER), rows, draw)
    rows.flush()
    return people


def _programme(slug: str, today: date) -> Programme:
    territories = [
        open_territory(f"{slug}-{number}", name=f"{name} ({slug})", networks=[])
        for number, name in enumerate(TERRITORIES, start=1)
    ]
    return open_programme(
        slug,
        territories=territories,
        name=f"Programme d’essai « {slug} »",
        tagline="Des missions inventées, pour éprouver la plateforme.",
        reference_prefix=f"E{crc32(slug.encode()) % 1000:03}",
        starts_on=date(today.year - YEARS, 1, 1),
        presentation="Rien de ce qui est écrit ici n’a eu lieu.",
    )


def _networks(people: People, rows: Rows, today: date) -> None:
    """A network coordinates each territory; one more holds the committee and the research."""
    programme = people.programme
    people.territories = list(programme.territories.order_by("slug"))
    for number, territory in enumerate(people.territories, start=1):
        network = _organisation(rows, OrganisationKind.SUPPORT_NETWORK, f"Réseau {territory.name}")
        _partner(rows, programme, network, PartnerRole.COORDINATES, number)
        territory.networks.add(network)
        name = "coordinator" if number == 1 else f"coordinator{number}"
        people.coordinators.append(_person(rows, name, programme, network, Role.COORDINATOR))
        for year in range(today.year - YEARS, today.year + 2):
            rows.add(
                Envelope,
                programme_id=programme.pk,
                territory_id=territory.pk,
                year=year,
                amount=400_000,
            )
    head = _organisation(rows, OrganisationKind.SUPPORT_NETWORK, f"Tête de réseau ({programme})")
    _partner(rows, programme, head, PartnerRole.LEADS, 10)
    for role in (Role.RESEARCHER, Role.COMMITTEE, Role.ADMINISTRATOR):
        person = _person(rows, role.value, programme, head, role)
        if role == Role.RESEARCHER:
            people.researcher = person


def _tools(people: People) -> None:
    programme = people.programme
    book = open_codebook(programme, read("codebook", HERE)["families"], actor=None)
    people.codes = list(book.codes.filter(codable=True))
    for row in read("guides", HERE)["guides"]:
        guide = open_guide(programme, **row)
        people.guides[guide.moment, guide.audience] = list(guide.questions.select_related("guide"))
    for number, kind in enumerate(FocusKind, start=1):
        open_focus(programme, number=number, kind=kind, slug=kind.value, title=kind.label)


def _osims(people: People, count: int, rows: Rows, draw: Random) -> None:
    slug = people.programme.slug
    for number in range(1, count + 1):
        osim = _organisation(rows, OrganisationKind.OSIM, f"Association {number} ({slug})")
        name = "osim" if number == 1 else f"osim{number}"
        people.osims.append(osim)
        people.members.append(_person(rows, name, people.programme, osim, Role.MEMBER))
        people.partners.append(
            _organisation(
                rows, OrganisationKind.LOCAL_PARTNER, f"Partenaire {number} ({slug})", country="SN"
            )
        )
        rows.add(
            OsimProfile,
            organisation_id=osim,
            declared_on=date(2005 + draw.randrange(15), 1, 4),
            address=f"{number} rue de l’Exemple",
            legal_representative="Présidence d’essai",
            contact_name="Secrétariat d’essai",
            contact_phone="01 99 00 00 00",
            members_count=draw.randrange(10, 200),
            annual_budget=draw.randrange(3, 80) * 1000,
            fields_of_action="Eau, agriculture, formation",
            migrant_led_board=True,
        )


def _volunteers(people: People, count: int, rows: Rows, draw: Random) -> None:
    skills: Sequence[Skill] = [
        register_skill(row["slug"], row["label"]) for row in read("people")["skills"]
    ]
    slug = people.programme.slug
    homes = [
        _organisation(rows, OrganisationKind.ESS, f"Coopérative {number} ({slug})")
        for number in range(1, max(3, count // 10) + 1)
    ]
    for number in range(1, count + 1):
        name = "volunteer" if number == 1 else f"volunteer{number}"
        user = _person(rows, name, people.programme)
        volunteer = rows.add(
            Volunteer,
            user_id=user,
            home_structure_id=draw.choice(homes),
            job=draw.choice(words.JOBS),
            languages=["fr"],
            countries_accepted=["SN", "BJ"],
        )
        for skill in draw.sample(skills, min(2, len(skills))):
            rows.add(
                VolunteerSkill,
                volunteer_id=volunteer,
                skill_id=skill.pk,
                years=draw.randrange(1, 30),
            )
        people.volunteers.append(volunteer)
        people.travellers.append(user)


def _organisation(rows: Rows, kind: OrganisationKind, name: str, country: str = "FR") -> int:
    return rows.add(Organisation, kind=kind, name=name, country=country, city="Exempleville")


def _partner(rows: Rows, programme: Programme, network: int, role: str, position: int) -> None:
    rows.add(
        ProgrammePartner,
        programme_id=programme.pk,
        organisation_id=network,
        role=role,
        position=position,
    )


def _person(
    rows: Rows,
    name: str,
    programme: Programme,
    organisation: int | None = None,
    role: Role = Role.MEMBER,
) -> int:
    """Without a usable password: only a session made by hand lets them in."""
    user = rows.add(
        User,
        email=address(name, programme.slug),
        first_name=words.FIRST_NAMES[len(name) % len(words.FIRST_NAMES)],
        last_name=f"Essai {name}",
        password="!",  # noqa: S106
        date_joined=rows.now,
    )
    if organisation is not None:
        rows.add(Membership, user_id=user, organisation_id=organisation, role=role)
    return user
