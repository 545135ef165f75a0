"""Starting and writing a request. Submitting it is `dossier.actions.advance(…, "submit")`."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from explor import clock
from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.journal.actions import record
from explor.ui.errors import Refusal, Stale
from missions import lifecycle
from missions.actors.models import OsimProfile
from missions.dossier.actions import create_mission, locate, lock, set_components
from missions.dossier.milestones import tick, untick
from missions.dossier.models import Mission, Programme, Project, Territory
from missions.funding.actions import NewLine, write_budget
from missions.request.fields import KEYS, MISSION, ORGANISATION, PROFILE, PROJECT, REQUEST
from missions.request.models import Request
from missions.request.queries import Volet, missing, volets_of


def start_request(
    *,
    actor: User | None,
    holder: Organisation,
    programme: Programme,
    territory: Territory,
    title: str,
    country: str,
    token: UUID | None,
    on_behalf: bool = False,
    **mission_fields: Any,
) -> Mission:
    """A project, its first mission in draft and an empty request; same `token`, same mission.

    Raises `PermissionDenied` to who may not act for `holder`, `Refusal` when the programme does
    not work in the territory.
    """
    _check_start(actor, holder, territory, on_behalf)
    if not programme.territories.filter(pk=territory.pk).exists():
        raise Refusal(f"Le programme ne travaille pas sur le territoire « {territory} ».")
    if (existing := _started(token, actor)) is not None:
        return existing
    try:
        with transaction.atomic():
            project = Project.objects.create(holder=holder, title=title)
            mission = create_mission(
                project,
                programme=programme,
                territory=territory,
                title=title,
                country=country,
                actor=actor,
                token=token,
                on_behalf=on_behalf,
                **mission_fields,
            )
            Request.objects.create(mission=mission)
            refresh_missing(mission, actor=actor)
    except IntegrityError:
        # the same form, sent twice at the same moment: the other one wrote it
        if (existing := _started(token, actor)) is None:
            raise
        return existing
    return mission


def _started(token: UUID | None, actor: User | None) -> Mission | None:
    return Mission.objects.filter(token=token, created_by=actor).first() if token else None


def _check_start(
    actor: User | None, holder: Organisation, territory: Territory, on_behalf: bool
) -> None:
    if holder.kind != OrganisationKind.OSIM:
        raise Refusal("Une demande est portée par une OSIM.")
    if actor is None:
        return
    if on_behalf:
        networks = actor.standing.organisations(Role.COORDINATOR)
        allowed = territory.networks.filter(pk__in=networks).exists()
        permission = "missions.add_request_on_behalf"
    else:
        allowed = holder.pk in actor.standing.organisations(Role.MEMBER)
        permission = "missions.add_request"
    if not allowed or not actor.has_perm(permission):
        raise PermissionDenied


@transaction.atomic
def save_request(
    mission: Mission, data: Mapping[str, Any], *, actor: User | None, version: int | None
) -> Mission:
    """Write the answers of `data`, whichever they are; the keys are `fields.KEYS`.

    `local_partner` is a name or an `Organisation`; `components` a list of `Volet` or of
    `(title, type, objectives)`; `budget` a list of `NewLine` that replaces the lines.
    Raises `PermissionDenied` outside « brouillon » and « déposée », `Stale` when `version` is
    not the present one, `Refusal` when a request already submitted would become incomplete.
    """
    if unknown := set(data) - KEYS:
        raise ValueError(f"unknown answers: {', '.join(sorted(unknown))}")
    mission = lock(mission)
    if actor is not None and not actor.has_perm("missions.edit_request", mission):
        raise PermissionDenied
    request, _ = Request.objects.select_for_update().get_or_create(mission=mission)
    if version is not None and version != request.version:
        raise Stale(request.version)
    written = _write(mission, request, data)
    lacking = refresh_missing(mission, actor=actor)
    if mission.state == lifecycle.State.SUBMITTED and lacking and written:
        raise Refusal(
            "La demande est déposée, elle doit rester complète. "
            f"Il manquerait : {', '.join(lacking)}."
        )
    if written:
        request.version += 1
        request.saved_at, request.saved_by = clock.now(), actor
        request.save(update_fields=["version", "saved_at", "saved_by"])
        record(
            mission.stream,
            "missions.save_request",
            "Demande enregistrée.",
            actor=actor,
            data={"answers": sorted(written)},
        )
    return mission


def refresh_missing(mission: Mission, *, actor: User | None) -> list[str]:
    """Keep the milestone « demande » true to the answers; returns what lacks."""
    lacking = missing(mission)
    if lacking:
        untick(mission, lifecycle.Kind.REQUEST, missing=[words[:200] for words in lacking])
    else:
        tick(mission, lifecycle.Kind.REQUEST, actor=actor)
    return lacking


def _write(mission: Mission, request: Request, data: Mapping[str, Any]) -> set[str]:
    """Write what differs; returns the keys that changed."""
    project, holder = mission.project, mission.project.holder
    profile, _ = OsimProfile.objects.get_or_create(organisation=holder)
    written = _set(project, PROJECT, data)
    written |= _set(holder, ORGANISATION, data)
    written |= _set(profile, PROFILE, data)
    written |= _set(request, REQUEST, data)
    written |= _set(mission, MISSION, data, then=_locate)
    if "local_partner" in data and _set_partner(mission, data["local_partner"]):
        written.add("local_partner")
    if "components" in data and _set_volets(mission, data["components"]):
        written.add("components")
    if "budget" in data and write_budget(mission, _lines(data["budget"])):
        written.add("budget")
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


def _set_volets(mission: Mission, rows: Iterable[Any]) -> bool:
    wanted = [
        row if isinstance(row, Volet) else Volet(row[0], row[1], list(row[2])) for row in rows
    ]
    if wanted == volets_of(mission):
        return False
    set_components(mission, [(row.title, row.type, row.objectives) for row in wanted], actor=None)
    return True


def _lines(rows: Iterable[Any]) -> list[NewLine]:
    return [row if isinstance(row, NewLine) else NewLine(*row) for row in rows]
