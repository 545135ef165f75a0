"""Entering organisations, people and skills at the opening of a programme; each can run twice."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from explor.accounts.models import Membership, Organisation, User
from missions.actors.models import OsimProfile, Skill, Volunteer, VolunteerSkill


@transaction.atomic
def register_organisation(
    kind: str, name: str, *, osim_profile: Mapping[str, Any] | None = None, **fields: Any
) -> Organisation:
    """An organisation, known by its nature and name; an OSIM with what it says of itself."""
    organisation, _ = Organisation.objects.get_or_create(kind=kind, name=name, defaults=fields)
    if osim_profile is not None:
        OsimProfile.objects.get_or_create(organisation=organisation, defaults=dict(osim_profile))
    return organisation


@transaction.atomic
def register_person(
    email: str,
    *,
    first_name: str,
    last_name: str,
    memberships: Iterable[tuple[Organisation, str]] = (),
) -> User:
    """A person without a password: the e-mail code, or the demonstration, lets them in.

    Whoever enters them here answers for their address: it is held to be verified.
    """
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        person = User.objects.create_user(email, first_name=first_name, last_name=last_name)
    EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    for organisation, role in memberships:
        Membership.objects.get_or_create(user=person, organisation=organisation, role=role)
    return person


@transaction.atomic
def register_volunteer(
    person: User,
    *,
    home_structure: Organisation,
    skills: Mapping[Skill, int],
    **fields: Any,
) -> Volunteer:
    """`skills` gives the years of practice of each skill."""
    volunteer, _ = Volunteer.objects.get_or_create(
        user=person, defaults={"home_structure": home_structure, **fields}
    )
    for skill, years in skills.items():
        VolunteerSkill.objects.get_or_create(
            volunteer=volunteer, skill=skill, defaults={"years": years}
        )
    return volunteer


def register_skill(slug: str, label: str) -> Skill:
    skill, _ = Skill.objects.get_or_create(slug=slug, defaults={"label": label})
    return skill
