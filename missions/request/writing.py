"""Putting answers where they are kept. Rights and locks are those of `actions.save_request`."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from explor import clock
from explor.accounts.models import Organisation, OrganisationKind, User
from explor.accounts.permits import step
from missions.actors.editing import bump_version, hold_profile
from missions.dossier.actions import locate, set_components
from missions.dossier.models import Mission
from missions.funding.actions import NewLine, write_budget
from missions.request.fields import MISSION, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.models import Annex, AnnexKind, Deliverable, Request
from missions.request.queries import Promise, Volet, promises_of, volets_of


@step
def write_answers(
    mission: Mission, request: Request, data: Mapping[str, Any], *, actor: User | None
) -> set[str]:
    """Write what differs; returns the keys that changed."""
    project, holder = mission.project, mission.project.holder
    profile = hold_profile(holder)
    written = _set(project, PROJECT, data)
    sheet = _set(holder, ORGANISATION, data) | _set(profile, PROFILE, data)
    if sheet:
        bump_version(holder)
    written |= sheet
    written |= _set(request, REQUEST, data)
    written |= _set(mission, MISSION, data, then=_locate)
    if "local_partner" in data and _set_partner(mission, data["local_partner"]):
        written.add("local_partner")
    if "components" in data and _set_volets(mission, data["components"], actor):
        written.add("components")
    if "deliverables" in data and _set_promises(request, data["deliverables"]):
        written.add("deliverables")
    if "budget" in data and write_budget(mission, _lines(data["budget"]), actor=actor):
        written.add("budget")
    if data.get("profile_confirmed") and profile.confirmed_on != clock.today():
        profile.confirmed_on = clock.today()
        profile.save(update_fields=["confirmed_on"])
        written.add("profile_confirmed")
    return written


def _set(
    row: models.Model, names: Mapping[str, str], data: Mapping[str, Any], then: Any = None
) -> set[str]:
    changed = {
        key: name for key, name in names.items() if key in data and getattr(row, name) != data[key]
    }
    for key, name in changed.items():
        setattr(row, name, data[key])
    if changed:
        also = then(row, changed) if then else []
        row.save(update_fields=[*changed.values(), *also])
    return set(changed)


def _locate(mission: Mission, changed: Iterable[str]) -> list[str]:
    """Move the point on the map with the place, when the list of places knows it."""
    if not {"place", "country"} & set(changed):
        return []
    known = locate(str(mission.country), {"place": mission.place})
    mission.latitude, mission.longitude = known.get("latitude"), known.get("longitude")
    return ["latitude", "longitude"]


def _set_partner(mission: Mission, partner: Organisation | str) -> bool:
    project = mission.project
    if isinstance(partner, str):
        partner = partner.strip()
        if partner == (project.local_partner.name if project.local_partner else ""):
            return False
    found = _partner(partner, str(mission.country)) if partner else None
    if project.local_partner == found:
        return False
    project.local_partner = found
    project.save(update_fields=["local_partner"])
    return True


def _partner(partner: Organisation | str, country: str) -> Organisation:
    if isinstance(partner, Organisation):
        return partner
    known = Organisation.objects.filter(
        kind=OrganisationKind.LOCAL_PARTNER, name__iexact=partner, country=country
    ).first()
    return known or Organisation.objects.create(
        kind=OrganisationKind.LOCAL_PARTNER, name=partner, country=country
    )


def _set_volets(mission: Mission, rows: Iterable[Any], actor: User | None) -> bool:
    wanted = [
        row if isinstance(row, Volet) else Volet(row[0], row[1], list(row[2])) for row in rows
    ]
    if wanted == volets_of(mission):
        return False
    set_components(mission, [(row.title, row.type, row.objectives) for row in wanted], actor=actor)
    return True


def _set_promises(request: Request, rows: Iterable[Promise]) -> bool:
    wanted = list(rows)
    if wanted == promises_of(request.mission):
        return False
    request.deliverables.all().delete()
    Deliverable.objects.bulk_create(
        Deliverable(
            request=request,
            position=place,
            title=row.title,
            format=row.format,
            audience=row.audience,
            due_on=row.due_on,
        )
        for place, row in enumerate(wanted, start=1)
    )
    return True


def _lines(rows: Iterable[Any]) -> list[NewLine]:
    return [row if isinstance(row, NewLine) else NewLine(*row) for row in rows]


@step
def reuse_annexes(mission: Mission) -> list[Annex]:
    """Give a new request the papers its association joined last, whatever the request.

    The caller knows that who starts it acts for the association, and may read them.
    """
    given = (
        Annex.objects.filter(
            mission__project__holder=mission.project.holder_id,
            kind__in=AnnexKind.of_the_association(),
            removed_at__isnull=True,
        )
        .exclude(mission=mission)
        .order_by("kind", "-added_at", "-pk")
        .distinct("kind")
    )
    return Annex.objects.bulk_create(
        Annex(
            mission=mission,
            kind=row.kind,
            file_id=row.file_id,
            added_at=row.added_at,
            added_by_id=row.added_by_id,
        )
        for row in given
    )
