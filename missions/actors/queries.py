"""The directory of actors. Missions are reached through the app registry: this folder comes
before the dossier and knows none of its models."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from explor.accounts.models import Organisation, OrganisationKind, Role, User
from explor.search.fields import in_order
from explor.search.queries import named_like
from explor.search.words import words_of
from missions.actors.models import Volunteer, VolunteerSkill

VOLUNTEERS = "volunteer"
READERS = (Role.COORDINATOR, Role.RESEARCHER, Role.ADMINISTRATOR)

_OF_PEOPLE = ("user__first_name", "user__last_name", "job", "home_structure__name")

#: kind of organisation → how a mission leads to it
_PATHS: dict[str, str] = {
    OrganisationKind.OSIM: "project__holder",
    OrganisationKind.LOCAL_PARTNER: "project__local_partner",
    OrganisationKind.ESS: "engagements__volunteer__home_structure",
    OrganisationKind.SUPPORT_NETWORK: "territory__networks",
}


@dataclass(frozen=True)
class Tally:
    """How many actors of one kind the person may read."""

    kind: str
    label: str
    count: int


def _reads(user: User) -> Exists:
    """Only the teams of a programme read the directory, not those of a network outside any."""
    held = {o for role in READERS for o in user.standing.organisations(role)}
    return Exists(Organisation.objects.filter(pk__in=held, programme_rows__isnull=False))


def organisations_for(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(_reads(user))


def volunteers_for(user: User) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(_reads(user)).select_related("user", "home_structure")


def missions_for(user: User) -> QuerySet[Any]:
    """Missions whose dossier the person may open, in no order."""
    mission: Any = apps.get_model("missions", "Mission")
    rows: QuerySet[Any] = mission.objects.visible_to(user).order_by()
    return rows


def kinds() -> dict[str, str]:
    """Kinds of actors with their label, volunteers last."""
    found = {kind.value: str(kind.label) for kind in OrganisationKind}
    return {**found, VOLUNTEERS: "Volontaires"}


def tallies(user: User) -> list[Tally]:
    """Every kind with its count, volunteers last; two queries."""
    counts = dict(organisations_for(user).order_by().values_list("kind").annotate(n=Count("pk")))
    counts[VOLUNTEERS] = volunteers_for(user).count()
    return [Tally(kind, label, counts.get(kind, 0)) for kind, label in kinds().items()]


def named(rows: QuerySet[Organisation], words: str) -> QuerySet[Organisation]:
    """By name, acronym, town or department, whatever accents, capitals, order and plural."""
    return rows.filter(named_like(words, "name", "acronym", "city", "department"))


def volunteers_named(rows: QuerySet[Volunteer], words: str) -> QuerySet[Volunteer]:
    """By name, trade, structure or skill; each word may be in another place."""
    found = Q()
    for word in words_of(words):
        skilled = VolunteerSkill.objects.filter(named_like(word, "skill__label"))
        found &= named_like(word, *_OF_PEOPLE) | Q(pk__in=skilled.values("volunteer"))
    return rows.filter(found)


def with_missions(rows: QuerySet[Organisation], kind: str, user: User) -> QuerySet[Organisation]:
    """`missions`: how many of those the person may open."""
    if kind not in _PATHS:
        return rows.annotate(missions=Value(0))
    about = missions_for(user).filter(**{_PATHS[kind]: OuterRef("pk")}, **_confirmed(kind))
    return rows.annotate(missions=_count(about, _PATHS[kind]))


def volunteers_with_missions(rows: QuerySet[Volunteer], user: User) -> QuerySet[Volunteer]:
    path = "engagements__volunteer"
    about = missions_for(user).filter(**{path: OuterRef("pk")}, engagements__state="confirmed")
    return rows.annotate(missions=_count(about, path))


def missions_of(actor: Organisation | Volunteer, user: User) -> QuerySet[Any]:
    """The missions of one actor that the person may open, the last ones first."""
    rows = missions_for(user)
    if isinstance(actor, Volunteer):
        rows = rows.filter(engagements__volunteer=actor, engagements__state="confirmed")
    elif actor.kind in _PATHS:
        rows = rows.filter(**{_PATHS[actor.kind]: actor}, **_confirmed(actor.kind))
    else:
        rows = rows.none()
    return (
        rows.select_related("project__holder")
        .defer("search")
        .distinct()
        .order_by(in_order().desc())
    )


def _confirmed(kind: str) -> dict[str, str]:
    return {"engagements__state": "confirmed"} if kind == OrganisationKind.ESS else {}


def _count(rows: QuerySet[Any], path: str) -> Coalesce:
    counted = rows.values(path).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted[:1]), 0)


def near_networks(organisation: Organisation) -> QuerySet[Organisation]:
    """The networks of the territories where the organisation has a mission."""
    path = _PATHS.get(organisation.kind)
    mission: Any = apps.get_model("missions", "Mission")
    if path is None:
        return Organisation.objects.none()
    rows = mission.objects.filter(**{path: organisation}, **_confirmed(organisation.kind))
    # what a coordination types in a name that has not agreed yet is no tie
    unasked = Q(typed_on_behalf=True, submitted_at=None, state__in=("draft", "withdrawn"))
    rows = rows.exclude(unasked).order_by()
    return Organisation.objects.filter(territories__in=rows.values("territory")).distinct()


def looking_after(organisation: Organisation) -> QuerySet[User]:
    """Who answers for an organisation: its members; without any, the coordination near it."""
    people = User.objects.filter(is_active=True)
    members = people.filter(memberships__organisation=organisation, memberships__role=Role.MEMBER)
    if members.exists():
        return members.distinct()
    networks = near_networks(organisation)
    if not networks.exists():
        networks = Organisation.objects.filter(territories__isnull=False)
    return people.filter(
        memberships__organisation__in=networks, memberships__role=Role.COORDINATOR
    ).distinct()


def coordinates(user: User, organisation: Organisation) -> bool:
    """A coordinator of a territory where it has a mission; of any while it has none."""
    held = user.standing.organisations(Role.COORDINATOR)
    if not held or organisation.kind not in _PATHS:
        return False
    working = Organisation.objects.filter(territories__programmes__isnull=False, pk__in=held)
    networks = near_networks(organisation)
    near = networks.filter(pk__in=held).exists()
    if near or organisation.kind == OrganisationKind.SUPPORT_NETWORK:
        return near
    return not networks.exists() and working.exists()
