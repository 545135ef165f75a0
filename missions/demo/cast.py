"""Who plays: the programme, its organisations and its fictional people."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from explor import clock
from explor.accounts.demo import BY_ROLE
from explor.accounts.models import Organisation, User
from missions.actors.models import Volunteer
from missions.actors.setup import (
    register_organisation,
    register_person,
    register_skill,
    register_volunteer,
)
from missions.demo.data import read
from missions.dossier.models import Mission, Programme, Territory
from missions.dossier.setup import add_partner, open_programme, open_territory
from missions.funding.envelopes import open_envelope
from missions.funding.models import Envelope

FAMILY_NAME = "Exemple"


@dataclass
class Cast:
    """Everything the loaders name by its key in the data files."""

    programme: Programme
    territories: dict[str, Territory]
    organisations: dict[str, Organisation]
    people: dict[str, User]
    volunteers: dict[str, Volunteer]
    members: dict[str, User] = field(default_factory=dict)

    def osim(self, holder: str) -> User:
        return self.members[holder]

    def coordinator(self, mission: Mission) -> User:
        return self.coordinator_of(mission.territory.slug)

    def coordinator_of(self, territory: str) -> User:
        """Lianes Coopération in Hauts-de-France, the Grdr elsewhere."""
        return self.people["coordinator" if territory == "hauts-de-france" else "Noa"]


def gather(today: date) -> Cast:
    """Find or register everyone; dated at the opening of the programme."""
    data, people = read("programme"), read("organisations") | read("people")
    with clock.at(data["programme"]["starts_on"]):
        organisations = _organisations(data["partners"], people["organisations"])
        territories = {
            row["slug"]: open_territory(
                row["slug"],
                name=row["name"],
                networks=[organisations[name] for name in row["networks"]],
            )
            for row in data["territories"]
        }
        programme = _programme(data, organisations, territories)
        found = Cast(programme, territories, organisations, {}, {})
        _people(found, people)
        _volunteers(found, people)
    _envelopes(found, data["envelopes"], today)
    return found


def _organisations(
    partners: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> dict[str, Organisation]:
    found = {
        row["name"]: register_organisation(
            row["kind"],
            row["full_name"],
            acronym=row["acronym"] if row["acronym"] != row["full_name"] else "",
            description=row["presentation"].strip(),
        )
        for row in partners
    }
    for number, row in enumerate(rows, start=1):
        fields = {k: v for k, v in row.items() if k not in {"key", "kind", "name"}}
        profile = _osim_profile(row, number) if row["kind"] == "osim" else None
        if profile is not None:
            fields["rna"] = f"W{number:09d}"
        found[row["key"]] = register_organisation(
            row["kind"], row["name"], osim_profile=profile, **fields
        )
    return found


def _osim_profile(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Plainly made up: the leaflet says nothing of the associations' papers. The telephone
    numbers are of the range kept for fiction."""
    return {
        "declared_on": date(2010, 1, 4),
        "address": f"{number} rue de l’Exemple",
        "legal_representative": f"Présidence de {row.get('acronym') or row['name']}",
        "contact_name": f"Secrétariat de {row.get('acronym') or row['name']}",
        "contact_phone": f"01 99 00 00 {number:02d}",
        "members_count": 20 + number,
        "annual_budget": 6000 + 500 * number,
        "fields_of_action": "Développement local, jeunesse, environnement",
        "migrant_led_board": True,
    }


def _programme(
    data: dict[str, Any],
    organisations: dict[str, Organisation],
    territories: dict[str, Territory],
) -> Programme:
    texts = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in data["programme"].items()
    }
    programme = open_programme(texts.pop("slug"), territories=territories.values(), **texts)
    for position, row in enumerate(data["partners"], start=1):
        add_partner(
            programme,
            organisations[row["name"]],
            role=row["role"],
            presentation=row["presentation"].strip(),
            position=position,
        )
    return programme


def _people(cast: Cast, data: dict[str, Any]) -> None:
    for row in data["demo_people"]:
        person = BY_ROLE[row["role"]]
        _register(cast, row["role"], person.email, person.first_name, row["memberships"])
    for row in data["people"]:
        _register(cast, row["first_name"], _email(row), row["first_name"], row["memberships"])


def _register(
    cast: Cast, key: str, email: str, first_name: str, memberships: list[list[str]]
) -> User:
    cast.people[key] = register_person(
        email,
        first_name=first_name,
        last_name=FAMILY_NAME,
        memberships=[(cast.organisations[name], role) for name, role in memberships],
    )
    for name, role in memberships:
        if role == "member":
            cast.members.setdefault(name, cast.people[key])
    return cast.people[key]


def _volunteers(cast: Cast, data: dict[str, Any]) -> None:
    skills = {row["slug"]: register_skill(row["slug"], row["label"]) for row in data["skills"]}
    for row in data["volunteers"]:
        name = row["first_name"]
        person = cast.people.get(row.get("demo_role", ""))
        cast.volunteers[name] = register_volunteer(
            person or _register(cast, name, _email(row), name, []),
            home_structure=cast.organisations[row["home"]],
            skills={skills[slug]: years for slug, years in row["skills"].items()},
            job=row["job"],
            status=row.get("status", "employee"),
            languages=row["languages"],
            countries_accepted=row["countries_accepted"],
            longest_stay_days=row["longest_stay_days"],
            intercultural_experience=row["experience"],
        )


def _email(row: dict[str, Any]) -> str:
    return f"{slugify(row['first_name'])}@demo.explor.example"


def _envelopes(cast: Cast, rows: list[dict[str, Any]], today: date) -> None:
    """Opened in January of their year, once."""
    opened = set(
        Envelope.objects.filter(programme=cast.programme).values_list("territory__slug", "year")
    )
    for row in rows:
        year = row.get("year") or today.year + row["offset"]
        if (row["territory"], year) not in opened:
            with clock.at(date(year, 1, 5)):
                open_envelope(
                    cast.programme,
                    cast.territories[row["territory"]],
                    year=year,
                    amount=Decimal(row["amount"]),
                    actor=None,
                )
