"""What an organisation and a volunteer say of themselves, corrected with a version."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from explor.accounts.actions import organisation_stream, person_stream
from explor.accounts.models import Organisation, OrganisationKind, User
from explor.accounts.permits import step
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_only, lock_row
from explor.ui.errors import Refusal, Stale
from missions.actors.models import OsimProfile, Skill, Volunteer, VolunteerSkill
from missions.actors.registration import SAME_NAME, TAKEN

EDIT_ORGANISATION = Verb("missions.edit_organisation", MANAGERS)
EDIT_VOLUNTEER = Verb("missions.edit_volunteer", MANAGERS)

ORGANISATION = (
    "name",
    "acronym",
    "city",
    "department",
    "rna",
    "siret",
    "website",
    "description",
)
PROFILE = (
    "address",
    "legal_representative",
    "contact_name",
    "contact_phone",
    "preferred_channel",
    "members_count",
    "fields_of_action",
    "past_projects",
)
PERSON = ("first_name", "last_name", "phone")
VOLUNTEER = (
    "job",
    "status",
    "frame",
    "languages",
    "intercultural_experience",
    "countries_accepted",
    "longest_stay_days",
    "available_from",
    "available_to",
)


def _write(row: Model, names: tuple[str, ...], data: Mapping[str, Any]) -> list[str]:
    changed = [name for name in names if name in data and getattr(row, name) != data[name]]
    for name in changed:
        setattr(row, name, data[name])
    if changed:
        row.save(update_fields=changed)
    return changed


@step
def bump_version(organisation: Organisation) -> None:
    """Whoever holds an older page of the organisation is told so when they save."""
    Organisation.objects.filter(pk=organisation.pk).update(version=F("version") + 1)


@step
def hold_profile(organisation: Organisation) -> OsimProfile:
    """What the association says of itself, held; the organisation is held already."""
    profile = lock_only(OsimProfile.objects.filter(organisation=organisation))
    profile = profile or OsimProfile.objects.create(organisation=organisation)
    profile.organisation = organisation
    return profile


def edit_organisation(
    organisation: Organisation, data: Mapping[str, Any], *, actor: User, version: int
) -> Organisation:
    """Raises `PermissionDenied`, `Stale`, or `Refusal` for a number or a name already taken."""
    try:
        return _edit_organisation(organisation, data, actor, version)
    except IntegrityError as error:
        named = "organisation_name_once" in str(error)
        raise Refusal(SAME_NAME if named else TAKEN) from error


@transaction.atomic
def _edit_organisation(
    organisation: Organisation, data: Mapping[str, Any], actor: User, version: int
) -> Organisation:
    found = lock_row(Organisation.objects.all(), organisation.pk)
    if not actor.has_perm("missions.manage_organisation", found):
        raise PermissionDenied
    if found.version != version:
        raise Stale(found.version)
    changed = _write(found, ORGANISATION, data)
    if found.kind == OrganisationKind.OSIM:
        profile = hold_profile(found)
        changed += _write(profile, PROFILE, data)
    if changed:
        bump_version(found)
        record(
            organisation_stream(found),
            EDIT_ORGANISATION,
            f"Fiche de « {found} » modifiée.",
            actor=actor,
            data={"fields": sorted(changed)},
        )
    return found


@transaction.atomic
def edit_volunteer(
    volunteer: Volunteer, data: Mapping[str, Any], *, actor: User, version: int
) -> Volunteer:
    """By the volunteer only. `skills` gives the skills; the years of those kept stay.

    Raises `PermissionDenied` or `Stale`."""
    found = lock_row(Volunteer.objects.all(), volunteer.pk)
    if found.user_id != actor.pk:
        raise PermissionDenied
    if found.version != version:
        raise Stale(found.version)
    person = lock_row(User.objects.all(), found.user_id)
    changed = _write(person, PERSON, data) + _write(found, VOLUNTEER, data)
    if "skills" in data and _set_skills(found, data["skills"]):
        changed.append("skills")
    if changed:
        Volunteer.objects.filter(pk=found.pk).update(version=F("version") + 1)
        text = f"Profil de volontaire de {person} modifié."
        fields = {"fields": sorted(changed)}
        record(person_stream(person), EDIT_VOLUNTEER, text, actor=actor, data=fields)
    return found


def _set_skills(volunteer: Volunteer, skills: Any) -> bool:
    wanted = {skill.pk for skill in skills}
    held = set(volunteer.skill_rows.values_list("skill_id", flat=True))
    volunteer.skill_rows.filter(skill_id__in=held - wanted).delete()
    VolunteerSkill.objects.bulk_create(
        VolunteerSkill(volunteer=volunteer, skill=skill)
        for skill in Skill.objects.filter(pk__in=wanted - held)
    )
    return wanted != held
