"""Opening and correcting programmes and territories, by the administration."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from explor.accounts.models import Organisation, User
from explor.accounts.permits import require
from explor.accounts.sending import sent_before
from explor.journal.actions import record
from explor.journal.verbs import MANAGERS, Verb
from explor.locking import lock_row
from explor.search.slugs import free_slug
from explor.ui.errors import Refusal, Stale
from missions.dossier.models import PartnerRole, Programme, ProgrammePartner, Territory
from missions.dossier.setup import give_standard_milestones

CREATE_PROGRAMME = Verb("missions.create_programme", MANAGERS)
SAVE_PROGRAMME = Verb("missions.save_programme", MANAGERS)
CREATE_TERRITORY = Verb("missions.create_territory", MANAGERS)
SAVE_TERRITORY = Verb("missions.save_territory", MANAGERS)

PROGRAMME = (
    "name",
    "tagline",
    "reference_prefix",
    "starts_on",
    "ends_on",
    "presentation",
    "is_open",
)
TAKEN = "Ce nom est déjà pris."


def create_programme(data: Mapping[str, Any], *, actor: User | None, token: UUID) -> Programme:
    """With the standard milestones; same `token`, same programme. See `save_programme`."""
    require(actor, "missions.set_up")
    if known := sent_before(Programme.objects.all(), token, actor=actor):
        return known
    try:
        with transaction.atomic():
            programme = Programme.objects.create(
                slug=_slug(Programme, data["name"], "programme"), token=token, **_columns(data)
            )
            _set_relations(programme, data)
            give_standard_milestones(programme)
            _tell(programme, CREATE_PROGRAMME, "Programme ouvert.", actor)
    except IntegrityError as error:
        if (known := Programme.objects.filter(token=token).first()) is not None:
            return known
        raise Refusal(TAKEN) from error
    return programme


def save_programme(
    programme: Programme, data: Mapping[str, Any], *, actor: User | None, version: int
) -> Programme:
    """`territories` are those it works on; `leads`, `coordinates`, `accompanies` and `funds` its
    partners. References already given keep their prefix.

    Raises `PermissionDenied`, `Stale`, or `Refusal` for a name that is taken or a territory that
    still has missions."""
    require(actor, "missions.set_up")
    try:
        with transaction.atomic():
            found = lock_row(Programme.objects.all(), programme.pk)
            if found.version != version:
                raise Stale(found.version)
            for name, value in _columns(data).items():
                setattr(found, name, value)
            found.version += 1
            found.save()
            _set_relations(found, data)
            _tell(found, SAVE_PROGRAMME, "Programme modifié.", actor)
    except IntegrityError as error:
        raise Refusal(TAKEN) from error
    return found


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in PROGRAMME}


def _slug(model: type[Model], name: str, otherwise: str) -> str:
    """Two names may read alike, or hold no Latin letter: nobody is refused for an address."""
    rows = model._default_manager.all()
    if rows.filter(name__iexact=name).exists():
        raise Refusal(TAKEN)
    return free_slug(rows, name, otherwise)


def _tell(programme: Programme, verb: Verb, text: str, actor: User | None) -> None:
    record(f"programme:{programme.slug}", verb, f"{programme} : {text}", actor=actor)


def _set_relations(programme: Programme, data: Mapping[str, Any]) -> None:
    wanted: Iterable[Territory] = data["territories"]
    gone = programme.territories.exclude(pk__in=[row.pk for row in wanted])
    if (held := gone.filter(missions__programme=programme).distinct().first()) is not None:
        raise Refusal(f"« {held} » a des missions de ce programme : il y reste.")
    programme.territories.set(wanted)
    _set_partners(programme, data)


def _set_partners(programme: Programme, data: Mapping[str, Any]) -> None:
    """One role each: the first named, in the order of `PartnerRole`; texts written are kept."""
    roles: dict[int, str] = {}
    for role in PartnerRole:
        for organisation in data[role.value]:
            roles.setdefault(organisation.pk, role.value)
    rows = {row.organisation_id: row for row in programme.partner_rows.all()}
    programme.partner_rows.exclude(organisation_id__in=roles).delete()
    for place, (pk, name) in enumerate(roles.items(), start=1):
        row = rows.get(pk)
        if row is None:
            ProgrammePartner.objects.create(
                programme=programme, organisation_id=pk, role=name, position=place
            )
        elif row.role != name:
            row.role = name
            row.save(update_fields=["role"])


def create_territory(
    *, name: str, networks: Iterable[Organisation], actor: User | None, token: UUID
) -> Territory:
    """Same `token`, same territory. Raises `PermissionDenied`, or `Refusal` for a name taken."""
    require(actor, "missions.set_up")
    if known := sent_before(Territory.objects.all(), token, actor=actor):
        return known
    try:
        with transaction.atomic():
            territory = Territory.objects.create(
                name=name, slug=_slug(Territory, name, "territoire"), token=token
            )
            territory.networks.set(networks)
            _tell_territory(territory, CREATE_TERRITORY, "Territoire ouvert.", actor)
    except IntegrityError as error:
        raise Refusal(TAKEN) from error
    return territory


def save_territory(
    territory: Territory,
    *,
    name: str,
    networks: Iterable[Organisation],
    actor: User | None,
    version: int,
) -> Territory:
    """Raises `PermissionDenied`, `Stale`, or `Refusal` for a name taken."""
    require(actor, "missions.set_up")
    try:
        with transaction.atomic():
            found = lock_row(Territory.objects.all(), territory.pk)
            if found.version != version:
                raise Stale(found.version)
            found.name, found.version = name, found.version + 1
            found.save(update_fields=["name", "version"])
            found.networks.set(networks)
            _tell_territory(found, SAVE_TERRITORY, "Territoire modifié.", actor)
    except IntegrityError as error:
        raise Refusal(TAKEN) from error
    return found


def _tell_territory(territory: Territory, verb: Verb, text: str, actor: User | None) -> None:
    record(f"territory:{territory.slug}", verb, f"{territory} : {text}", actor=actor)
